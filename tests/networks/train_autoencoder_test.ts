import assert from "node:assert/strict";
import { Interactions } from "cosine-lab";
import {
  type AutoencoderOptions,
  evaluateNetwork,
  hiddenNorms,
  networkLoss,
  rescaleHidden,
  startAutoencoder,
  trainAutoencoder,
} from "cosine-lab/networks";
import { assertClose } from "../assert_close.ts";
import { parts, randomInteractions, small, validation } from "./networks.ts";

for (const precision of ["float32", "float64"] as const) {
  Deno.test(`trainAutoencoder(), ${precision}: one batch is learned by heart`, () => {
    // Eight users with three items each: their entropy, 3 ln 3, is the least that a loss can be.
    const x = Interactions.fromDense(
      Array.from(
        { length: 8 },
        (_, u) => Array.from({ length: 10 }, (_, i) => [u, u + 1, u + 2].includes(i) ? 1 : 0),
      ),
    );
    for (const activation of ["relu", "tanh"] as const) {
      const options = { hidden: [24, 24], activation, precision, epochs: 600, learningRate: 0.01 };
      const { network, history } = trainAutoencoder(x, options);
      const least = 3 * Math.log(3);
      const loss = networkLoss(network, x);
      assert(loss >= least && loss < least + 0.01, `${activation}: ${loss}, least is ${least}`);
      assert(history[0].loss > 2 * least);
    }
  });
}

Deno.test("trainAutoencoder(): the first loss of float64 is the loss of the start", () => {
  const x = randomInteractions(9, 6);
  const { history } = trainAutoencoder(x, { hidden: [4], epochs: 1, precision: "float64" });
  const { network } = trainAutoencoder(x, {
    hidden: [4],
    epochs: 1,
    precision: "float64",
    learningRate: 1e-300,
  });
  assertClose(history[0].loss, networkLoss(network, x), 1e-12);
});

Deno.test("trainAutoencoder(): a step of Adam has the size of the learning rate", () => {
  const x = randomInteractions(9, 6);
  const options = { hidden: [4], epochs: 1, precision: "float64" as const };
  const [start, next] = [1e-300, 0.01].map((learningRate) =>
    trainAutoencoder(x, { ...options, learningRate }).network
  );
  for (let i = 0; i < 6; i++) {
    for (let j = 0; j < 4; j++) {
      const change = Math.abs(next.items.get(i, j) - start.items.get(i, j));
      assert(change === 0 || Math.abs(change - 0.01) < 1e-5, `${change}`);
    }
  }
});

Deno.test("trainAutoencoder(): the same seed gives the same digits, for 1, 2 and 3 threads", () => {
  for (const architecture of [{}, { output: "cosine" as const }, { layerNormalization: true }]) {
    const train = (threads: number, seed = "a") =>
      trainAutoencoder(parts.train, { ...small, hidden: [9, 8], ...architecture, threads, seed });
    const one = train(1);
    assert.deepEqual(train(2), one);
    assert.deepEqual(train(3), one);
    assert.notDeepEqual(train(1, "b").network.items.to2DArray(), one.network.items.to2DArray());
  }
});

Deno.test("trainAutoencoder() learns: held-out accuracy and loss of every kind of network", () => {
  const kinds: Partial<AutoencoderOptions>[] = [
    {},
    { hidden: [12, 8], activation: "tanh" },
    { output: "cosine" },
    { layerNormalization: true },
    { layerNormalization: { users: true, gain: true }, activation: "linear" },
  ];
  for (const kind of kinds) {
    const { network, history, bestEpoch } = trainAutoencoder(parts.train, {
      ...small,
      epochs: 40,
      weightDecay: {},
      ...kind,
    });
    const name = JSON.stringify(kind);
    assert(history[bestEpoch].ndcg! > 1.3 * history[0].ndcg!, name);
    assert(history.at(-1)!.loss < history[0].loss - 2, name);
    // What is returned is the best epoch's network.
    const { given, heldOut } = validation;
    const { mean, standardError } = evaluateNetwork(network, given, heldOut).ndcgAt100;
    assert.equal(mean, history[bestEpoch].ndcg);
    assert.equal(standardError, history[bestEpoch].ndcgError);
    assert.deepEqual(hiddenNorms(network), history[bestEpoch].norms);
    assert(history.every(({ ndcg }) => ndcg! <= mean));
  }
});

Deno.test("trainAutoencoder() starts from the network that it is given", () => {
  for (const layerNormalization of [false, true]) {
    const options = { ...small, layerNormalization, epochs: 2 };
    const start = startAutoencoder(parts.train, options);
    const plain = trainAutoencoder(parts.train, options);
    assert.deepEqual(trainAutoencoder(parts.train, { ...options, start }), plain);
    const rescaled = rescaleHidden(start, [4, 2, 1, 1, 1, 1, 0.5, 0.25]);
    const other = trainAutoencoder(parts.train, { ...options, start: rescaled, weightDecay: {} });
    const { incoming } = plain.history[0].norms[0];
    assert.equal(other.history[0].norms[0].incoming[1], 2 * incoming[1]);
    // Powers of 2 leave all digits as they are.
    const same = other.history[0].ndcg === plain.history[0].ndcg;
    assert.equal(same, !layerNormalization);
  }
});

Deno.test("trainAutoencoder() stops when held-out accuracy has not risen for `patience` epochs", () => {
  const { history, bestEpoch } = trainAutoencoder(parts.train, {
    ...small,
    learningRate: 0.1,
    epochs: 200,
    patience: 4,
  });
  assert.equal(history.length - 1, bestEpoch + 4);
  assert(history.length < 100);
});

Deno.test("trainAutoencoder() without validation runs to the end, and returns the last network", () => {
  const done: number[] = [];
  const { network, history, bestEpoch } = trainAutoencoder(parts.train, {
    ...small,
    validation: undefined,
    onProgress: (step, total) => done.push(step) && assert.equal(total, 3 * 8),
  });
  assert.equal(bestEpoch, 3);
  assert.deepEqual(
    history.map(({ epoch, ndcg }) => [epoch, ndcg]),
    [0, 1, 2, 3].map((e) => [e, null]),
  );
  assert.deepEqual(hiddenNorms(network), history[3].norms);
  assert.deepEqual(done, Array.from({ length: 24 }, (_, i) => i + 1));
});

Deno.test("trainAutoencoder(): weight decay of both sides balances the weights of each unit", () => {
  // At a minimum the penalties of a unit are stationary under D: λ‖in‖² = μ‖out‖².
  const { history } = trainAutoencoder(parts.train, {
    hidden: [4],
    epochs: 250,
    learningRate: 0.01,
    batchSize: 500,
    weightDecay: { encoder: 0.4, decoder: 0.1 },
  });
  const { incoming, outgoing } = history.at(-1)!.norms[0];
  incoming.forEach((norm, j) => {
    if (norm + outgoing[j] < 0.1) return;
    assert(Math.abs(outgoing[j] / norm - 2) < 0.1, `${norm} in, ${outgoing[j]} out`);
  });
});

Deno.test("trainAutoencoder() says at which step the loss diverges", () => {
  for (const precision of ["float32", "float64"] as const) {
    assert.throws(
      () => trainAutoencoder(parts.train, { ...small, precision, learningRate: 1e200 }),
      /RangeError.*the loss diverges at step [1-9]\d*, learningRate must be smaller than 1e\+200/,
    );
  }
});

Deno.test("trainAutoencoder() rejects bad input", () => {
  const bad: [Record<string, unknown>, RegExp][] = [
    [{ hidden: [] }, /RangeError.*hidden must have at least one layer/],
    [{ hidden: [8, 0] }, /RangeError.*hidden\[1\] must be an integer of at least 1, .* 0/],
    [{ hidden: 8 }, /TypeError.*hidden must be an array/],
    [{ activation: "gelu" }, /RangeError.*activation must be "relu" or "tanh" or "linear".*"gelu"/],
    [{ output: "euclid" }, /RangeError.*output must be "dot" or "cosine"/],
    [{ precision: "float16" }, /RangeError.*precision must be/],
    [{ dropout: 1 }, /RangeError.*dropout must be a finite number between 0 and 0.99/],
    [{ learningRate: 0 }, /RangeError.*learningRate must be a finite number above 0/],
    [{ batchSize: 0.5 }, /RangeError.*batchSize must be an integer of at least 1/],
    [{ threads: 0 }, /RangeError.*threads must be an integer between 1 and 256/],
    [{ epochs: 0 }, /RangeError.*epochs must be an integer of at least 1/],
    [{ weightDecay: { decoder: NaN } }, /RangeError.*weightDecay.decoder must be a finite/],
    [{ weightDecay: 3 }, /TypeError.*weightDecay must be an object/],
    [{ layerNormalization: 3 }, /TypeError.*layerNormalization must be an object/],
    [{ patience: 0 }, /RangeError.*patience must be an integer of at least 1/],
    [{ validation: undefined, patience: 3 }, /RangeError.*patience needs validation/],
    [{ validation: { given: parts.test } }, /TypeError.*heldOut must be an Interactions/],
    [
      { start: startAutoencoder(parts.train, { hidden: [4] }) },
      /RangeError.*start must be .* 8, it/,
    ],
    [
      { start: startAutoencoder(parts.train, { hidden: [8], output: "cosine" }) },
      /RangeError.*output of start must be "dot", it is "cosine"/,
    ],
    [{ start: 3 }, /TypeError.*network must be an object/],
    [{ seed: 7 }, /TypeError.*seed must be a string, current value is 7/],
  ];
  for (const [change, message] of bad) {
    assert.throws(() => trainAutoencoder(parts.train, { ...small, ...change } as never), message);
  }
  const other = randomInteractions(30, 12);
  assert.throws(() => trainAutoencoder(other, small), /RangeError.*must have the 12 items/);
  assert.throws(() => trainAutoencoder(other.toDense() as never, small), /TypeError.*Interactions/);
  assert.throws(() => trainAutoencoder(other, undefined as never), /TypeError.*options must be/);
  const negative = Interactions.fromDense([[1, -1]]);
  assert.throws(
    () => trainAutoencoder(negative, small),
    /RangeError.*no negative values, one is -1/,
  );
});
