import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import { Interactions, largestDifference } from "cosine-lab";
import {
  type Architecture,
  evaluateNetwork,
  hiddenActivations,
  hiddenNorms,
  type Network,
  networkItemEmbeddings,
  networkLoss,
  networkScores,
  networkUserEmbeddings,
  rescaleHidden,
} from "cosine-lab/networks";
import { ndcgAtK } from "cosine-lab/evaluation";
import { assertClose } from "../assert_close.ts";
import { randomInteractions, randomNetwork } from "./networks.ts";

const x = randomInteractions(11, 7, { values: true });

/** The scores by the definition, on dense matrices. */
function denseScores(network: Network): Matrix {
  const { architecture: { activation, normalizeInput }, hidden, items, itemBias } = network;
  let h = x.toDense();
  if (normalizeInput) h = new Matrix(h.to2DArray().map((row) => scaled(row, Math.hypot(...row))));
  for (const { weights, bias } of hidden) {
    h = h.mmul(weights);
    if (bias !== null) h.addRowVector(bias as never);
    if (activation === "tanh") h = Matrix.tanh(h);
    if (activation === "relu") h = new Matrix(h.to2DArray().map((row) => row.map(relu)));
  }
  const scores = h.mmul(items.transpose());
  return itemBias === null ? scores : scores.addRowVector(itemBias as never);
}

const relu = (value: number) => Math.max(value, 0);
const scaled = (row: number[], by: number) => row.map((value) => by > 0 ? value / by : value);

for (const activation of ["relu", "tanh", "linear"] as const) {
  for (const hidden of [[3], [4, 6], [5, 1]]) {
    Deno.test(`network, ${activation}, hidden ${hidden}: scores and loss by their definition`, () => {
      for (const normalizeInput of [true, false]) {
        for (const biases of [true, false]) {
          const architecture = { activation, normalizeInput };
          const network = randomNetwork(7, { hidden, architecture, biases });
          const scores = denseScores(network);
          assertClose(networkScores(network, x), scores, 1e-13);
          const loss = x.toDense().to2DArray().reduce((sum, row, u) => {
            const z = scores.getRow(u);
            const log = Math.log(z.reduce((total, value) => total + Math.exp(value), 0));
            return sum - row.reduce((inner, value, i) => inner + value * (z[i] - log), 0);
          }, 0) / x.users;
          assertClose(networkLoss(network, x) / loss, 1, 1e-13);
        }
      }
    });
  }
}

Deno.test("network: the loss with single and double precision agrees to single precision", () => {
  const network = randomNetwork(7, { hidden: [4, 3], architecture: { activation: "tanh" } });
  const [a, b] = (["float32", "float64"] as const).map((precision) =>
    networkLoss(network, x, { precision })
  );
  assert(a !== b);
  assertClose(a / b, 1, 1e-6);
});

Deno.test("network: the loss adds weight decay of both sides", () => {
  const network = randomNetwork(7, { hidden: [4, 3] });
  const squares = (m: Matrix) => m.norm("frobenius") ** 2;
  const expected = networkLoss(network, x) +
    2 * (squares(network.hidden[0].weights) + squares(network.hidden[1].weights)) +
    3 * squares(network.items);
  const weightDecay = { encoder: 2, decoder: 3 };
  assertClose(networkLoss(network, x, { weightDecay }), expected, 1e-11);
});

Deno.test("network: scores far from each other neither overflow nor lose the loss", () => {
  const network = randomNetwork(7);
  const far = { ...network, itemBias: Float64Array.of(-3000, 0, 700, 1, 2, 3, 4) };
  const one = Interactions.fromDense([[1, 0, 0, 0, 0, 0, 0]]);
  assert(Math.abs(networkLoss(far, one) - 3700) < 10);
  assert(Math.abs(networkLoss(far, one, { precision: "float32" }) - 3700) < 10);
});

Deno.test("network: cosine output is e^s times the cosine of what it embeds", () => {
  const network = randomNetwork(7, {
    hidden: [4],
    architecture: { output: "cosine", activation: "tanh" },
    biases: false,
  });
  const u = networkUserEmbeddings(network, x), b = networkItemEmbeddings(network);
  const h = hiddenActivations(network, x);
  for (const [raw, unit] of [[h, u], [network.items, b]]) {
    const rows = raw.to2DArray().map((row) => scaled(row, Math.hypot(...row)));
    assertClose(unit, new Matrix(rows), 1e-14);
  }
  const expected = u.mmul(b.transpose()).mul(Math.exp(network.logScale!));
  assertClose(networkScores(network, x), expected, 1e-13);
});

Deno.test("network: layer normalization makes mean 0 and variance 1, then gain and offset", () => {
  for (const gain of [false, true]) {
    const layerNormalization = { users: true, items: true, gain };
    const network = randomNetwork(7, { hidden: [5], architecture: { layerNormalization } });
    const embedded = [networkUserEmbeddings(network, x), networkItemEmbeddings(network)];
    const raw = [hiddenActivations(network, x), network.items];
    embedded.forEach((embeddings, side) => {
      const affine = side === 0 ? network.affine.users : network.affine.items;
      const rows = raw[side].to2DArray().map((row) => {
        const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
        const off = row.map((value) => value - mean);
        const deviation = Math.sqrt(off.reduce((sum, v) => sum + v * v, 0) / row.length + 1e-5);
        return off.map((v, i) => v / deviation * (affine?.gain[i] ?? 1) + (affine?.offset[i] ?? 0));
      });
      assertClose(embeddings, new Matrix(rows), 1e-13);
    });
  }
});

const positive = (units: number) =>
  fc.array(fc.double({ min: -4, max: 4, noNaN: true }).map((e) => 2 ** e), {
    minLength: units,
    maxLength: units,
  });

for (const activation of ["relu", "linear"] as const) {
  for (const [hidden, layer] of [[[4], 0], [[4, 3], 0], [[4, 3], 1]] as const) {
    Deno.test(`homogeneity: ${activation}, hidden ${hidden}: no D in layer ${layer} moves a score`, () => {
      fc.assert(
        fc.property(positive(hidden[layer]!), fc.string(), (d, seed) => {
          const network = randomNetwork(7, {
            hidden: [...hidden],
            architecture: { activation },
            seed,
          });
          const rescaled = rescaleHidden(network, d, { layer });
          assertClose(networkScores(rescaled, x), networkScores(network, x), 1e-12);
          assertClose(networkLoss(rescaled, x) / networkLoss(network, x), 1, 1e-12);
          const times = hiddenActivations(network, x, { layer }).mulRowVector(d);
          assertClose(hiddenActivations(rescaled, x, { layer }), times, 1e-10);
        }),
        { numRuns: 25 },
      );
    });
  }
}

const closed: [string, Partial<Architecture>][] = [
  ["tanh", { activation: "tanh" }],
  ["cosine output", { output: "cosine" }],
  ["layer normalization", { layerNormalization: { users: true, items: false, gain: false } }],
  [
    "layer normalization of items",
    { layerNormalization: { users: false, items: true, gain: true } },
  ],
];

for (const [name, architecture] of closed) {
  Deno.test(`homogeneity: with ${name}, D changes scores and loss`, () => {
    const network = randomNetwork(7, { hidden: [4], architecture });
    const rescaled = rescaleHidden(network, [4, 1, 1, 0.25]);
    assert(largestDifference(networkScores(rescaled, x), networkScores(network, x)) > 0.01);
    assert(Math.abs(networkLoss(rescaled, x) - networkLoss(network, x)) > 0.001);
  });
}

Deno.test("homogeneity: a learned gain after layer normalization takes any D", () => {
  const layerNormalization = { users: true, items: false, gain: true };
  fc.assert(
    fc.property(positive(4), (d) => {
      const network = randomNetwork(7, { hidden: [4], architecture: { layerNormalization } });
      const rescaled = rescaleHidden(network, d, { through: "gain" });
      assertClose(networkScores(rescaled, x), networkScores(network, x), 1e-12);
      const times = networkUserEmbeddings(network, x).mulRowVector(d);
      assertClose(networkUserEmbeddings(rescaled, x), times, 1e-12);
    }),
    { numRuns: 25 },
  );
});

Deno.test("rescaleHidden() multiplies norms of weights in, divides norms of weights out", () => {
  const network = randomNetwork(7, { hidden: [2, 3] });
  const before = hiddenNorms(network)[0];
  const after = hiddenNorms(rescaleHidden(network, [2, 8], { layer: 0 }))[0];
  assertClose(after.incoming, [2 * before.incoming[0], 8 * before.incoming[1]], 1e-14);
  assertClose(after.outgoing, [before.outgoing[0] / 2, before.outgoing[1] / 8], 1e-14);
});

Deno.test("evaluateNetwork() ranks by the scores", () => {
  const flat = { ...randomNetwork(4), itemBias: Float64Array.of(4, 3, 2, 1) };
  const network = { ...flat, items: Matrix.zeros(4, 3) };
  const given = Interactions.fromDense([[1, 0, 0, 0], [0, 0, 0, 1]]);
  const heldOut = Interactions.fromDense([[0, 0, 1, 0], [1, 0, 0, 0]]);
  assertClose(
    evaluateNetwork(network, given, heldOut).ndcgAt100.values,
    [ndcgAtK([1, 2, 3], new Set([2]), 100), ndcgAtK([0, 1, 2], new Set([0]), 100)],
    1e-15,
  );
});

Deno.test("networks of one unit, one item or users without interactions are computed", () => {
  const nobody = new Interactions({
    rows: 2,
    columns: 3,
    rowStarts: new Uint32Array(3),
    columnIndices: new Uint32Array(0),
    values: null,
  });
  const network = randomNetwork(3, { hidden: [1] });
  assert.equal(networkLoss(network, nobody), 0);
  assert.equal(networkScores(network, nobody).rows, 2);
  const one = randomNetwork(1, { hidden: [1], architecture: { output: "cosine" } });
  assert.equal(networkLoss(one, Interactions.fromDense([[1], [3]])), 0);
});

Deno.test("functions of networks reject what does not fit", () => {
  const network = randomNetwork(7, { hidden: [4, 3] });
  const other = randomInteractions(3, 5);
  const bad: [() => unknown, RegExp][] = [
    [
      () => networkLoss(network, other),
      /RangeError.*x must have the 7 items of the network, it has 5/,
    ],
    [() => networkLoss(network, x.toDense() as never), /TypeError.*x must be an Interactions/],
    [() => networkLoss(null as never, x), /TypeError.*network must be an object/],
    [
      () => networkLoss(network, x, { weightDecay: { encoder: -1 } }),
      /RangeError.*weightDecay.encoder must be a finite number of at least 0, current value is -1/,
    ],
    [
      () => networkScores({ ...network, items: Matrix.ones(7, 2) }, x),
      /RangeError.*as many units as items has columns: 2, current value is 3/,
    ],
    [
      () => networkScores({ ...network, itemBias: new Float64Array(3) }, x),
      /RangeError.*itemBias must have 7 entries, it has 3/,
    ],
    [
      () => networkScores(network, x, { precision: "half" as never }),
      /RangeError.*precision must be "float32" or "float64", current value is "half"/,
    ],
    [() => hiddenActivations(network, x, { layer: 2 }), /RangeError.*layer must be .* 0 and 1/],
    [() => networkLoss(network, Interactions.fromDense([[-1, 0, 0, 0, 0, 0, 0]])), /no negative/],
    [() => rescaleHidden(network, [1, 2]), /RangeError.*each of the 3 units, it has 2/],
    [() => rescaleHidden(network, [1, 2, -1]), /RangeError.*entry 2 is -1/],
    [() => rescaleHidden(network, 3 as never), /TypeError.*d must be an array/],
    [() => rescaleHidden(network, [1, 1, 1], { through: "gain" }), /RangeError.*has no gain/],
    [() => rescaleHidden(network, [1, 1, 1], { layer: 5 }), /RangeError.*layer must be/],
  ];
  for (const [call, message] of bad) assert.throws(call, message);
});
