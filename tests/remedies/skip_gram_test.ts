import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import {
  cosineSimilarity,
  Interactions,
  largestDifference,
  rescale,
  simulateInteractions,
} from "cosine-lab";
import { cooccurrenceCounts, pmiMatrix, skipGramLoss, trainSkipGram } from "cosine-lab/remedies";
import { aliasTable, SkipGramMemory } from "../../lib/remedies/skip_gram.ts";
import { noiseDistribution } from "../../lib/remedies/pmi.ts";
import { interactions, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";

const { interactions: x } = simulateInteractions({ users: 400, items: 20, seed: "skip-gram" });

/** −log σ(⟨w, c⟩) − Σ log σ(−⟨w, c′⟩). */
function pairLoss(w: Matrix, c: Matrix, item: number, targets: readonly number[]): number {
  return targets.reduce((sum, target, m) => {
    const score = w.getRow(item).reduce((dot, entry, j) => dot + entry * c.get(target, j), 0);
    return sum + Math.log1p(Math.exp(m === 0 ? -score : score));
  }, 0);
}

/** The derivatives of a function by every entry of a matrix, by central differences. */
function differences(m: Matrix, f: (m: Matrix) => number, step: number): Matrix {
  const d = new Matrix(m.rows, m.columns);
  return d.apply((i, j) => {
    const [up, down] = [m.clone(), m.clone()];
    up.set(i, j, m.get(i, j) + step);
    down.set(i, j, m.get(i, j) - step);
    d.set(i, j, (f(up) - f(down)) / (2 * step));
  });
}

/** Takes one step of stochastic gradient descent; gives the loss of the pair before it. */
function step(memory: SkipGramMemory, item: number, targets: number[], rate: number): number {
  const { pool, scratch, bytes, input, output } = memory;
  pool.uint32(scratch, targets.length).set(targets);
  const coefficients = scratch + 16 * Math.ceil(targets.length / 4);
  return pool.call(
    "trainPair",
    ...[item, scratch, targets.length, bytes, input, output, coefficients, rate] as const,
  );
}

for (const rank of [1, 3, 8, 50]) {
  Deno.test(`a step of the kernel is the gradient of the loss of a pair: rank ${rank}`, () => {
    const single = matrices(5, rank).map((m) =>
      new Matrix(m.to2DArray().map((row) => row.map((v) => Math.fround(v / 10 / Math.sqrt(rank)))))
    );
    const target = fc.nat({ max: 4 });
    fc.assert(
      // Targets may be drawn twice, and may be the item itself.
      fc.property(
        single,
        single,
        target,
        fc.array(target, { minLength: 1, maxLength: 9 }),
        (w, c, item, targets) => {
          const memory = new SkipGramMemory(5, rank, targets.length - 1);
          memory.write(memory.input, w);
          memory.write(memory.output, c);
          assertClose(step(memory, item, targets, 1), pairLoss(w, c, item, targets), 1e-5);
          const byW = differences(w, (v) => pairLoss(v, c, item, targets), 1e-5);
          const byC = differences(c, (v) => pairLoss(w, v, item, targets), 1e-5);
          assertClose(Matrix.sub(w, memory.read(memory.input)), byW, 2e-6);
          assertClose(Matrix.sub(c, memory.read(memory.output)), byC, 2e-6);
        },
      ),
      { numRuns: 25 },
    );
  });
}

Deno.test("a step at scores where e^s overflows single precision stays finite, and has the right sign", () => {
  const memory = new SkipGramMemory(2, 1, 1);
  memory.write(memory.input, new Matrix([[20], [0]]));
  memory.write(memory.output, new Matrix([[-20], [20]]));
  assertClose(step(memory, 0, [0, 1], 0.1), 160, 1e-3);
  assertClose(memory.read(memory.output), [-18, 18], 1e-5);
  assertClose(memory.read(memory.input).getRow(0), [16], 1e-5);
});

Deno.test("aliasTable() gives every item its probability", () => {
  const weights = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 30 })
    .filter((list) => list.some((weight) => weight > 0));
  fc.assert(fc.property(weights, (list) => {
    const q = noiseDistribution(list, 1);
    const { thresholds, aliases } = aliasTable(q);
    const found = new Float64Array(q.length);
    thresholds.forEach((threshold, column) => {
      found[column] += threshold / 2 ** 32 / q.length;
      found[aliases[column]] += (1 - threshold / 2 ** 32) / q.length;
    });
    assertClose(found, q, 1e-8);
    // What never occurs is never drawn.
    q.forEach((share, i) => assert(share > 0 || thresholds[i] === 0 && aliases[i] !== i));
  }));
});

Deno.test("skipGramLoss() by its definition, one user after the other", () => {
  fc.assert(
    fc.property(
      interactions.filter((data) => data.toDense().sum("row").some((count) => count > 1))
        .chain((data) =>
          fc.tuple(fc.constant(data), matrices(data.items, 2), matrices(data.items, 2))
        ),
      ([data, W, C]) => {
        const [inputs, outputs] = [W.div(5), C.div(5)];
        const sets = data.toDense().to2DArray().map((row) => row.flatMap((v, i) => v ? [i] : []))
          .filter((set) => set.length > 1);
        const q = noiseDistribution(
          Array.from(
            { length: data.items },
            (_, i) => sets.filter((set) => set.includes(i)).length,
          ),
          0.5,
        );
        let sum = 0, count = 0;
        for (const set of sets) {
          for (const item of set) {
            count++;
            for (const context of set) {
              if (context === item) continue;
              sum += pairLoss(inputs, outputs, item, [context]) / (set.length - 1);
            }
            // Less what the context alone contributes.
            q.forEach((share, m) => {
              const both = pairLoss(inputs, outputs, item, [0, m]);
              sum += 3 * share * (both - pairLoss(inputs, outputs, item, [0]));
            });
          }
        }
        const loss = skipGramLoss(data, { inputs, outputs }, { negatives: 3, noiseExponent: 0.5 });
        assertClose(loss, sum / count, 1e-10);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("skipGramLoss() is stationary at the shifted mutual information (Levy and Goldberg)", () => {
  for (const noiseExponent of [0, 0.75, 1]) {
    const options = { negatives: 4, noiseExponent };
    const best = pmiMatrix(cooccurrenceCounts(x), {
      smoothing: noiseExponent,
      shift: 4,
      positive: false,
    });
    const identity = Matrix.eye(20);
    const slope = differences(
      best,
      (inputs) => skipGramLoss(x, { inputs, outputs: identity }, options),
      1e-3,
    );
    const diagonal = slope.diag();
    slope.apply((i, j) => i === j && slope.set(i, j, 0));
    assertClose(slope, Matrix.zeros(20, 20), 1e-8);
    // An item is no context of itself, so its own score only ever costs.
    assert(diagonal.every((value) => value > 1e-4));
  }
});

for (const noiseExponent of [0, 0.5, 0.75, 1]) {
  Deno.test(`trainSkipGram() finds the shifted mutual information: exponent ${noiseExponent}`, () => {
    const options = { negatives: 3, noiseExponent };
    const { inputs, outputs } = trainSkipGram(x, {
      ...options,
      rank: 20,
      epochs: 400,
      learningRate: 0.1,
    });
    const best = pmiMatrix(cooccurrenceCounts(x), {
      smoothing: noiseExponent,
      shift: 3,
      positive: false,
    });
    const scores = inputs.mmul(outputs.transpose());
    let squares = 0;
    best.apply((i, j) => squares += i === j ? 0 : (scores.get(i, j) - best.get(i, j)) ** 2);
    const spread = Math.sqrt(
      best.to1DArray().reduce((sum, value) => sum + value ** 2, 0) / (20 * 19),
    );
    const error = Math.sqrt(squares / (20 * 19));
    assert(error < 0.1 * spread, `off by ${error}, where scores are about ${spread}`);
  });
}

Deno.test("trainSkipGram() gives the same bits for the same seed, on every machine", () => {
  const train = (seed = "skip-gram") =>
    trainSkipGram(x, { rank: 5, epochs: 2, learningRate: 0.05, seed });
  const first = train();
  assert.deepEqual(train(), first);
  assert(largestDifference(train("another").inputs, first.inputs) > 0.01);
  assert.equal(first.inputs.sum() + first.outputs.sum(), 1.9012666933704168);
});

Deno.test("trainSkipGram() reports its progress, and a loss that falls", () => {
  const calls: [number, number][] = [];
  const { pairs, losses, inputs } = trainSkipGram(x, {
    rank: 4,
    epochs: 3,
    contexts: 2,
    onProgress: (done, total) => void calls.push([done, total]),
  });
  const paired = x.toDense().sum("row").reduce((sum, k) => sum + (k > 1 ? k : 0), 0);
  assert.equal(pairs, 3 * 2 * paired);
  assert.deepEqual(calls[0], [0, pairs]);
  assert.deepEqual(calls.at(-1), [pairs, pairs]);
  assert(calls.every(([done], i) => i === 0 || done > calls[i - 1][0]));
  assert.equal(losses.at(-1)!.pairs, pairs);
  assert(losses.at(-1)!.loss < losses[0].loss - 0.5);
  assert.deepEqual([inputs.rows, inputs.columns], [20, 4]);
});

Deno.test("trainSkipGram(): what training sees at its end is the loss that is evaluated", () => {
  // Items that are always together or never, so that it matters which ones are drawn.
  const apart = Interactions.fromDense(
    Array.from({ length: 300 }, (_, u) => u % 10 ? [1, 1, 0, 0, 0] : [0, 0, 1, 1, 1]),
  );
  for (const noiseExponent of [0, 1]) {
    const options = { negatives: 3, noiseExponent };
    const trained = trainSkipGram(apart, { ...options, rank: 5, epochs: 200, contexts: 20 });
    const last = trained.losses.slice(-200);
    const mean = last.reduce((sum, { loss }) => sum + loss, 0) / 200;
    const exact = skipGramLoss(apart, trained, options);
    const other = skipGramLoss(apart, trained, { ...options, noiseExponent: 1 - noiseExponent });
    assert(Math.abs(exact - other) > 0.1, `${exact} and ${other} are near`);
    assert(Math.abs(mean - exact) < 0.01, `${mean}, not ${exact}`);
  }
});

Deno.test("the loss of skip-gram does not know D, the cosines do", () => {
  const { inputs, outputs } = trainSkipGram(x, { rank: 4, epochs: 5 });
  const loss = skipGramLoss(x, { inputs, outputs });
  const rescaled = rescale({ A: outputs, B: inputs }, [0.1, 1, 3, 10]);
  assertClose(skipGramLoss(x, { inputs: rescaled.B, outputs: rescaled.A }), loss, 1e-12);
  assert(largestDifference(cosineSimilarity(rescaled.B), cosineSimilarity(inputs)) > 0.1);
});

Deno.test("trainSkipGram(): users with one item, or none, and items that nobody has", () => {
  const dense = Interactions.fromDense([[1, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0]]);
  const { pairs, outputs } = trainSkipGram(dense, { rank: 1, epochs: 50 });
  assert.equal(pairs, 100);
  // Item 2 is no context, and no noise.
  assert.equal(outputs.get(2, 0), 0);
  assert.notEqual(outputs.get(0, 0), 0);
});

Deno.test("skip-gram rejects bad input", () => {
  const train = (options: unknown) => trainSkipGram(x, options as never);
  assert.throws(() => trainSkipGram(x.toDense() as never), /TypeError.*x must be an Interactions/);
  assert.throws(() => train({ rank: 0 }), /RangeError.*rank must be an integer of at least 1/);
  assert.throws(() => train({ negatives: 0 }), /RangeError.*negatives.*between 1 and 100/);
  assert.throws(() => train({ epochs: 1.5 }), RangeError);
  assert.throws(() => train({ contexts: 0 }), RangeError);
  assert.throws(() => train({ learningRate: 0 }), RangeError);
  assert.throws(() => train({ noiseExponent: NaN }), RangeError);
  assert.throws(() => train({ seed: 1 }), /TypeError.*seed must be a string/);
  assert.throws(() => train({ onProgress: 1 }), TypeError);
  assert.throws(() => train(null), TypeError);
  assert.throws(
    () => train({ learningRate: 1e30 }),
    /RangeError.*diverges.*must be smaller than 1e\+30/,
  );
  const single = Interactions.fromDense([[1, 0], [0, 1]]);
  assert.throws(() => trainSkipGram(single), /RangeError.*a user with at least two items/);
  const vectors = { inputs: Matrix.zeros(2, 1), outputs: Matrix.zeros(2, 1) };
  assert.throws(() => skipGramLoss(x, vectors), /RangeError.*each of the 20 items/);
  assert.throws(() => skipGramLoss(single, vectors), /RangeError.*at least two items/);
  assert.throws(() => skipGramLoss(x, null as never), TypeError);
});
