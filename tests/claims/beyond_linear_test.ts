import assert from "node:assert/strict";
import {
  cosineSimilarity,
  largestDifference,
  neighborOverlap,
  simulateInteractions,
} from "cosine-lab";
import { attainableIntervals } from "cosine-lab/arbitrariness";
import { bootstrapMean, holdOutItems, splitUsers } from "cosine-lab/evaluation";
import {
  type AutoencoderOptions,
  evaluateNetwork,
  hiddenActivations,
  hiddenNorms,
  type Network,
  networkItemEmbeddings,
  networkLoss,
  networkScores,
  rescaleHidden,
  startAutoencoder,
  trainAutoencoder,
} from "cosine-lab/networks";

const { interactions } = simulateInteractions({
  users: 2000,
  items: 120,
  seed: "deep",
});
const parts = splitUsers(interactions, { validation: 200, test: 300, seed: "deep" });
const validation = holdOutItems(parts.validation, { share: 0.2, seed: "validation" });
const test = holdOutItems(parts.test, { share: 0.2, seed: "test" });
const users = test.given;
const d = [8, 1, 0.125, 3, 1, 0.3, 2, 1, 1, 5];
const common = { hidden: [10], learningRate: 0.02, batchSize: 100, validation };

const train = (options: Partial<AutoencoderOptions>) =>
  trainAutoencoder(parts.train, { ...common, epochs: 8, ...options });

function moves(network: Network, rescaled: Network) {
  const before = networkLoss(network, users);
  const scores = networkScores(network, users);
  return {
    loss: Math.abs(networkLoss(rescaled, users) / before - 1),
    scores: largestDifference(networkScores(rescaled, users), scores) / scores.clone().abs().max(),
  };
}

Deno.test("5: D is alive in every ReLU layer: the same scores and loss, other cosines", () => {
  for (const hidden of [[10], [10, 10]]) {
    const { network } = train({ hidden });
    for (let layer = 0; layer < hidden.length; layer++) {
      const rescaled = rescaleHidden(network, d, { layer });
      const { loss, scores } = moves(network, rescaled);
      assert(loss < 1e-12 && scores < 1e-12, `${loss}, ${scores}`);
      const activations = [network, rescaled].map((n) => hiddenActivations(n, users, { layer }));
      const [a, b] = activations.map((h) => cosineSimilarity(h));
      assert(largestDifference(a, b) > 0.1);
      // What ReLU returns is not negative, and neither is any cosine of it.
      assert(b.min() >= 0);
    }
    const before = cosineSimilarity(network.items);
    const after = cosineSimilarity(rescaleHidden(network, d).items);
    assert(largestDifference(before, after) > 0.3);
    assert(neighborOverlap(before, after, 10) < 0.8);
    const { min, max } = attainableIntervals(network.items, { condition: 64 });
    let inside = 0;
    for (let i = 0; i < 120; i++) {
      for (let j = 0; j < i; j++) {
        const cosine = after.get(i, j);
        if (cosine >= min.get(i, j) - 1e-9 && cosine <= max.get(i, j) + 1e-9) inside++;
      }
    }
    assert.equal(inside, 120 * 119 / 2);
  }
});

Deno.test("5: layer normalization and cosine output end the freedom, a learned gain restores it", () => {
  for (const closed of [{ layerNormalization: { users: true } }, { output: "cosine" as const }]) {
    const { network } = train(closed);
    assert(moves(network, rescaleHidden(network, d)).loss > 1e-3, JSON.stringify(closed));
  }
  const { network } = train({ layerNormalization: { users: true, gain: true } });
  assert(moves(network, rescaleHidden(network, d)).loss > 1e-3);
  const { loss, scores } = moves(network, rescaleHidden(network, d, { through: "gain" }));
  assert(loss < 1e-12 && scores < 1e-12, `${loss}, ${scores}`);
});

Deno.test("5: a softmax does not see one vector added to all items, unless they are normalized", () => {
  const translate = (network: Network, c: number[]): Network => ({
    ...network,
    items: network.items.clone().addRowVector(c),
  });
  const c = d.map((value, j) => (j % 2 === 0 ? value : -value) / 4);
  const cosines = (network: Network) => cosineSimilarity(networkItemEmbeddings(network));
  for (const open of [{}, { layerNormalization: { users: true } }]) {
    const { network } = train(open);
    const moved = translate(network, c);
    const { loss } = moves(network, moved);
    assert(loss < 1e-12, `${JSON.stringify(open)}: ${loss}`);
    assert(largestDifference(cosines(network), cosines(moved)) > 0.3);
    const mean = network.items.mean("column").map((value) => -value);
    assert(moves(network, translate(network, mean)).loss < 1e-12);
  }
  for (
    const closed of [{ layerNormalization: { users: true, items: true } }, {
      output: "cosine" as const,
    }]
  ) {
    const { network } = train(closed);
    assert(moves(network, translate(network, c)).loss > 1e-3, JSON.stringify(closed));
  }
});

Deno.test("5: layer-normalized users do not see one number added to an item's entries", () => {
  const raise = (network: Network): Network => ({
    ...network,
    items: network.items.clone().addColumnVector(
      Array.from({ length: network.items.rows }, (_, i) => (i % 7) - 3),
    ),
  });
  const { network } = train({ layerNormalization: { users: true } });
  const raised = raise(network);
  assert(moves(network, raised).loss < 1e-12);
  assert(largestDifference(cosineSimilarity(network.items), cosineSimilarity(raised.items)) > 0.3);
  const plain = train({}).network;
  assert(moves(plain, raise(plain)).loss > 1e-3);
});

Deno.test("5: a softmax lets any two items be moved to a cosine of -1 or 1", () => {
  const { network } = train({});
  const [a, b] = [3, 80].map((item) => network.items.getRow(item));
  for (
    const { c, cosine } of [
      { c: a.map((entry, j) => -(entry + b[j]) / 2), cosine: -1 },
      { c: a.map(() => 1e6), cosine: 1 },
    ]
  ) {
    const moved = { ...network, items: network.items.clone().addRowVector(c) };
    assert(moves(network, moved).loss < 1e-9);
    assert(Math.abs(cosineSimilarity(moved.items).get(3, 80) - cosine) < 1e-9);
  }
});

/** The NDCG@100 of each test user, averaged over three seeds. */
function accuracyOf(options: Partial<AutoencoderOptions>): number[] {
  const seeds = ["1", "2", "3"].map((seed) => {
    const { network } = train({ ...options, epochs: 12, seed });
    return evaluateNetwork(network, test.given, test.heldOut).ndcgAt100.values;
  });
  return Array.from(seeds[0], (_, u) => seeds.reduce((sum, values) => sum + values[u] / 3, 0));
}

const bothSides = { weightDecay: { encoder: 0.01, decoder: 0.01 } };

Deno.test("2.1: dropout is not ahead of weight decay in networks, and decay is ahead of none", () => {
  const decay = accuracyOf(bothSides);
  const behind = (options: Partial<AutoencoderOptions>) => {
    const other = accuracyOf(options);
    return bootstrapMean(decay.map((value, u) => value - other[u]), { seed: "paired" });
  };
  assert(behind({ dropout: 0.5 }).mean > -0.002);
  assert(behind({}).low > 0);
});

Deno.test("5: without a penalty the seed moves more neighbors than with decay of both sides", () => {
  const shared = [{}, bothSides].map((options) => {
    const [a, b] = ["1", "2"].map((seed) =>
      cosineSimilarity(train({ ...options, epochs: 20, seed }).network.items)
    );
    return neighborOverlap(a, b, 10);
  });
  assert(shared[0] < shared[1] - 0.1, `${shared}`);
});

/** The ratios of out- to incoming norm after training from a start that D rescaled, of live units. */
function ratiosAfter(weightDecay: { encoder?: number; decoder?: number }, epochs: number) {
  const options = { ...common, weightDecay, epochs, validation: undefined };
  const start = rescaleHidden(startAutoencoder(parts.train, options), d);
  const [{ incoming, outgoing }] = hiddenNorms(
    trainAutoencoder(parts.train, { ...options, start }).network,
  );
  return Array.from(outgoing, (norm, j) => ({ d: d[j], in: incoming[j], out: norm }))
    .filter((unit) => Math.min(unit.in, unit.out) > 0.05)
    .map((unit) => ({ d: unit.d, ratio: unit.out / unit.in }));
}

Deno.test("5: decay of both sides pins D wherever training starts, decay of one side lets it drift", () => {
  const pinned = ratiosAfter({ encoder: 0.05, decoder: 0.05 }, 30);
  assert(pinned.length >= 4);
  for (const { ratio } of pinned) assert(Math.abs(Math.log(ratio)) < 0.3, `${ratio}`);
  const median = (units: { ratio: number }[]) =>
    units.map(({ ratio }) => ratio).sort((a, b) => a - b)[units.length >> 1];
  const [early, late] = [10, 40].map((epochs) => median(ratiosAfter({ encoder: 0.1 }, epochs)));
  assert(early > 2 && late > 1.3 * early, `${early}, ${late}`);
  const [few, many] = [10, 40].map((epochs) => median(ratiosAfter({ decoder: 0.1 }, epochs)));
  assert(few < 0.5 && many < few / 1.3, `${few}, ${many}`);
});

Deno.test("5: without decay the D of the start is still there after training", () => {
  const units = ratiosAfter({}, 30);
  const of = (d: number) => units.find((unit) => unit.d === d)!.ratio;
  assert(of(0.125) > 2 * of(8), JSON.stringify(units));
});

/** How much of a rescaled start's D is left in each of two hidden layers: the slope of log ratios. */
function slopesOfTwoLayers(weightDecay: { encoder?: number; decoder?: number }): number[] {
  const options = { ...common, hidden: [10, 10], weightDecay, epochs: 20, validation: undefined };
  const start = [0, 1].reduce(
    (network, layer) => rescaleHidden(network, d, { layer }),
    startAutoencoder(parts.train, options),
  );
  const before = hiddenNorms(start);
  return hiddenNorms(trainAutoencoder(parts.train, { ...options, start }).network)
    .map(({ incoming, outgoing }, layer) => {
      const pairs = Array.from(incoming, (norm, j) => ({
        alive: Math.min(norm, outgoing[j]) > 0.05,
        x: Math.log(before[layer].outgoing[j] / before[layer].incoming[j]),
        y: Math.log(outgoing[j] / norm),
      })).filter(({ alive }) => alive);
      const mean = (of: "x" | "y") => pairs.reduce((sum, pair) => sum + pair[of], 0) / pairs.length;
      const [mx, my] = [mean("x"), mean("y")];
      return pairs.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0) /
        pairs.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
    });
}

Deno.test("5: each of two layers has a D of its own, settled by the penalties on its own two sides", () => {
  const none = slopesOfTwoLayers({});
  const encoder = slopesOfTwoLayers({ encoder: 0.03 });
  const decoder = slopesOfTwoLayers({ decoder: 0.03 });
  const shown = JSON.stringify({ none, encoder, decoder });
  assert(none[0] > 0.4 && none[1] > 0.4, shown);
  // Decay of the encoder is on both sides of the first layer, and on one of the second.
  assert(encoder[0] < 0.35 && encoder[1] > 0.5, shown);
  // That of the decoder is on neither side of the first, and on one of the second.
  assert(decoder[0] > 0.4 && decoder[1] < 0.4, shown);
});
