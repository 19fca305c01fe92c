import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { Interactions, largestDifference, simulateInteractions } from "cosine-lab";
import {
  networkItemEmbeddings,
  networkScores,
  networkUserEmbeddings,
  trainAutoencoder,
} from "cosine-lab/networks";
import {
  compareRemedies,
  equivalentNetworks,
  trainedRemedies,
  trainNormalized,
  translateItems,
} from "cosine-lab/remedies";

const data = simulateInteractions({ users: 600, items: 60, seed: "trained" });
const options = { rank: 8, batchSize: 50, epochs: 6 };
const kinds = ["none", "cosine", "layer", "userLayer"] as const;
const trainings = new Map(
  kinds.map((kind) => [kind, trainNormalized(data.interactions, kind, options)]),
);
const few = simulateInteractions({ users: 40, items: 60, seed: "few" }).interactions;

Deno.test("trainNormalized(): each of the models learns, and is of its architecture", () => {
  for (const [kind, { network, history, bestEpoch }] of trainings) {
    assert(history[bestEpoch].ndcg! > 1.1 * history[0].ndcg!, kind);
    const { activation, output, layerNormalization } = network.architecture;
    assert.equal(activation, "linear");
    assert.equal(output, kind === "cosine" ? "cosine" : "dot");
    assert.equal(layerNormalization.items, kind === "layer");
    assert.equal(network.hidden[0].bias, null);
    assert.deepEqual(history.at(-1)!.logScale === null, kind !== "cosine");
  }
  const scales = trainings.get("cosine")!.history.map(({ logScale }) => logScale);
  assert(new Set(scales).size > 3, "the scale is not learned");
});

Deno.test("trainNormalized(): a seed gives the same digits, another one others", () => {
  const train = (seed: string) =>
    trainNormalized(data.interactions, "cosine", { ...options, seed });
  const [a, b, c] = ["1", "1", "2"].map((seed) => train(seed).network.items);
  assert.equal(largestDifference(a, b), 0);
  assert(largestDifference(a, c) > 0.01);
});

Deno.test("trainNormalized(): layer-normalized embeddings have mean 0 and length √k", () => {
  const items = networkItemEmbeddings(trainings.get("layer")!.network, { precision: "float64" });
  for (const row of items.to2DArray()) {
    assert(Math.abs(row.reduce((sum, entry) => sum + entry, 0)) < 1e-9);
    assert(Math.abs(Math.hypot(...row) - Math.sqrt(8)) < 1e-3);
  }
});

Deno.test("equivalentNetworks(): dot products leave all free, cosines R, layers nothing, those of users c", () => {
  const rises = (kind: typeof kinds[number], change: string) => {
    const [given, ...others] = equivalentNetworks(trainings.get(kind)!.network, few);
    assert.equal(given.change, "nothing");
    return others.filter((other) => other.change === change)
      .map(({ loss }) => Math.abs(loss / given.loss - 1));
  };
  const free = {
    none: ["scaling", "rotation", "translation"],
    cosine: ["rotation"],
    layer: [] as string[],
    userLayer: ["translation"],
  };
  for (const kind of kinds) {
    for (const change of ["scaling", "rotation", "translation"]) {
      const all = rises(kind, change);
      assert.equal(all.length, change === "scaling" ? 5 : 2);
      for (const rise of all) {
        if (free[kind].includes(change)) assert(rise < 1e-12, `${kind}, ${change}: ${rise}`);
        else assert(rise > 1e-5, `${kind}, ${change}: ${rise}`);
      }
    }
  }
});

Deno.test("equivalentNetworks(): where scores are dot products, they are the same", () => {
  const [given, ...others] = equivalentNetworks(trainings.get("none")!.network, few);
  const scores = (network: typeof given.network) => networkScores(network, few);
  for (const { network } of others.filter(({ change }) => change !== "translation")) {
    assert(largestDifference(scores(network), scores(given.network)) < 1e-8);
  }
});

Deno.test("equivalentNetworks(): the first translation takes the mean away, another is as long as an item", () => {
  const { network } = trainings.get("none")!;
  const [less, other] = equivalentNetworks(network, few, { random: 0, rotations: 0 })
    .filter(({ change }) => change === "translation").map(({ network }) => network.items);
  assert(Math.max(...less.mean("column").map(Math.abs)) < 1e-12);
  const [c, ...same] = Matrix.sub(other, network.items).to2DArray();
  const length = network.items.norm() / Math.sqrt(network.items.rows);
  assert(Math.abs(Math.hypot(...c) - length) < 1e-12);
  for (const row of same) row.forEach((entry, i) => assert(Math.abs(entry - c[i]) < 1e-12));
});

Deno.test("translateItems(): all scores of a user rise by one number, ⟨p, c⟩", () => {
  const { network } = trainings.get("none")!;
  const c = Array.from({ length: 8 }, (_, i) => i - 3);
  const rise = Matrix.sub(
    networkScores(translateItems(network, c), few),
    networkScores(network, few),
  );
  const expected = networkUserEmbeddings(network, few).mmul(Matrix.columnVector(c));
  rise.to2DArray().forEach((row, u) =>
    row.forEach((entry) => assert(Math.abs(entry - expected.get(u, 0)) < 1e-10))
  );
  assert.throws(() => translateItems(network, [1]), /RangeError.*c must have 8 finite entries/);
  assert.throws(() => translateItems(network, Array(8).fill(NaN)), RangeError);
  assert.throws(() => translateItems(network, null as never), TypeError);
  assert.throws(() => translateItems(null as never, c), TypeError);
});

Deno.test("trainedRemedies(): the dot product is arbitrary, layers of users up to c, the others are not", () => {
  const seen: string[] = [];
  const remedies = trainedRemedies({ ...options, onTraining: (of) => void seen.push(of) });
  const [dot, cosine, layer, userLayer] = compareRemedies(remedies, [data]);
  assert.deepEqual(seen, kinds);
  assert(dot.mean.largestChange > 0.1 && dot.mean.auc.min < dot.mean.auc.max);
  assert(userLayer.mean.largestChange > 0.1);
  for (const { name, mean } of [cosine, layer]) {
    assert(mean.largestChange < 1e-12, name);
    assert.equal(mean.auc.min, mean.auc.max);
  }
});

Deno.test("trainNormalized(), equivalentNetworks() and trainedRemedies() reject bad input", () => {
  const train = (kind: unknown, options?: unknown, x: unknown = data.interactions) =>
    trainNormalized(x as never, kind as never, options as never);
  assert.throws(() => train("batch"), /normalization must be one of|must be/);
  assert.throws(() => train("none", 3), TypeError);
  assert.throws(() => train("none", { validation: 0 }), /RangeError.*validation/);
  assert.throws(() => train("none", { rank: 0 }), /RangeError/);
  assert.throws(() => train("none", {}, 1), TypeError);
  const two = Interactions.fromDense([[1, 1], [1, 0]]);
  assert.throws(() => train("none", {}, two), RangeError);
  const { network } = trainAutoencoder(two, { hidden: [2], epochs: 1 });
  assert.throws(() => equivalentNetworks(network, two), /RangeError.*one linear hidden layer/);
  assert.throws(() => trainedRemedies(1 as never), TypeError);
});
