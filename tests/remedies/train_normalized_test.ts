import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { holdOutItems, splitUsers } from "cosine-lab/evaluation";
import { Interactions, largestDifference, simulateInteractions } from "cosine-lab";
import {
  networkItemEmbeddings,
  networkScores,
  networkUserEmbeddings,
  trainAutoencoder,
} from "cosine-lab/networks";
import { equivalentNetworks, trainNormalized, translateItems } from "cosine-lab/remedies";

const data = simulateInteractions({ users: 600, items: 60, seed: "trained" });
const { train, validation } = splitUsers(data.interactions, {
  validation: 60,
  test: 1,
  seed: "trained",
});
const options = {
  rank: 8,
  batchSize: 50,
  epochs: 6,
  validation: holdOutItems(validation, { share: 0.2, seed: "trained" }),
};
const kinds = ["none", "cosine", "layer", "userLayer"] as const;
const trainings = new Map(
  kinds.map((kind) => [kind, trainNormalized(train, kind, options)]),
);
const few = simulateInteractions({ users: 40, items: 60, seed: "few" }).interactions;

Deno.test("trainNormalized(): each of the models learns, and is of its architecture", () => {
  for (const [kind, { network, history, bestEpoch }] of trainings) {
    assert(history[bestEpoch].ndcg! > 1.1 * history[0].ndcg!, kind);
    const { activation, output, layerNormalization } = network.architecture;
    assert.equal(activation, "linear");
    const scaled = kind === "cosine" || kind === "layer";
    assert.equal(output, scaled ? "cosine" : "dot");
    assert.equal(layerNormalization.items, kind === "layer");
    assert.equal(network.hidden[0].bias, null);
    assert.equal(network.itemBias?.length, 60, "models must not differ in their biases");
    assert.equal(history.at(-1)!.logScale === null, !scaled);
    const scales = new Set(history.map(({ logScale }) => logScale));
    assert(scales.size > (scaled ? 3 : 0), "the scale is not learned");
  }
});

Deno.test("trainNormalized(): a seed gives the same digits, another one others", () => {
  const [a, b, c] = ["1", "1", "2"].map((seed) =>
    trainNormalized(train, "cosine", { ...options, seed }).network.items
  );
  assert.equal(largestDifference(a, b), 0);
  assert(largestDifference(a, c) > 0.01);
});

Deno.test("trainNormalized(): layer-normalized embeddings have mean 0 and, in a cosine, length 1", () => {
  const items = networkItemEmbeddings(trainings.get("layer")!.network, { precision: "float64" });
  for (const row of items.to2DArray()) {
    assert(Math.abs(row.reduce((sum, entry) => sum + entry, 0)) < 1e-9);
    assert(Math.abs(Math.hypot(...row) - 1) < 1e-9);
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
  const [less, other] = equivalentNetworks(network, few, { scalings: 0, rotations: 0 })
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

Deno.test("trainNormalized() and equivalentNetworks() reject bad input", () => {
  const trained = (kind: unknown, options?: unknown, x: unknown = data.interactions) =>
    trainNormalized(x as never, kind as never, options as never);
  assert.throws(() => trained("batch"), /normalization must be one of|must be/);
  assert.throws(() => trained("none", 3), TypeError);
  assert.throws(() => trained("none", { patience: 1 }), /RangeError.*patience needs validation/);
  assert.throws(() => trained("none", { hidden: [3] }), /TypeError.*no option "hidden"/);
  assert.throws(() => trained("none", { rank: 0 }), /RangeError/);
  assert.throws(() => trained("none", {}, 1), TypeError);
  const two = Interactions.fromDense([[1, 1], [1, 0]]);
  const { network } = trainAutoencoder(two, { hidden: [2], epochs: 1 });
  assert.throws(() => equivalentNetworks(network, two), /RangeError.*one linear hidden layer/);
});
