import { bootstrapMean, pairedDifference } from "cosine-lab/evaluation";
import assert from "node:assert/strict";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";

Deno.test("bootstrapMean() gives the interval of the normal distribution for many values", () => {
  const values = Array.from({ length: 400 }, (_, i) => Math.sin(i * i));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares) / values.length;
  const interval = bootstrapMean(values, { seed: "s", samples: 4000 });
  assert.equal(interval.mean, mean);
  assert(Math.abs(interval.low - (mean - 1.96 * standardError)) < 0.1 * standardError);
  assert(Math.abs(interval.high - (mean + 1.96 * standardError)) < 0.1 * standardError);
  const narrow = bootstrapMean(values, { seed: "s", samples: 4000, level: 0.5 });
  assert(narrow.low > interval.low && narrow.high < interval.high);
});

Deno.test("bootstrapMean() is the same for the same seed, and leaves out what is missing", () => {
  const options = { seed: "s" };
  assert.deepEqual(bootstrapMean([1, NaN, 5], options), bootstrapMean([1, 5], options));
  assert.deepEqual(bootstrapMean([2], options), { mean: 2, low: 2, high: 2 });
});

Deno.test("bootstrapMean() rejects bad input", () => {
  assert.throws(() => bootstrapMean([NaN], { seed: "s" }), /there must be at least one value/);
  assert.throws(() => bootstrapMean([1], null as never), TypeError);
  assert.throws(() => bootstrapMean([1], {} as never), /seed must be a string/);
  assert.throws(() => bootstrapMean([1], { seed: "s", samples: 1 }), RangeError);
  assert.throws(() => bootstrapMean([1], { seed: "s", level: 1.5 }), RangeError);
});

Deno.test("pairedDifference() by hand", () => {
  const { mean, standardError } = pairedDifference({ values: [3, 5, 7] }, { values: [1, 4, 4] });
  assertClose(mean, 2, 1e-15);
  // The differences are 2, 1 and 3: variance 1.
  assertClose(standardError, Math.sqrt(1 / 3), 1e-15);
});

Deno.test("pairedDifference(): what all users have in common cancels, and the sign is that of the order", () => {
  const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(fc.property(values, values, values, (a, b, common) => {
    const add = (m: number[]) => ({ values: m.map((value, u) => value + 1000 * common[u]) });
    const plain = pairedDifference({ values: a }, { values: b });
    const shifted = pairedDifference(add(a), add(b));
    assertClose(shifted.mean, plain.mean, 1e-10);
    assertClose(shifted.standardError, plain.standardError, 1e-10);
    assertClose(pairedDifference({ values: b }, { values: a }).mean, -plain.mean, 1e-14);
  }));
});

Deno.test("pairedDifference() rejects what are not values of the same users", () => {
  assert.throws(() => pairedDifference({} as never, { values: [1, 2] }), TypeError);
  assert.throws(() => pairedDifference({ values: [1] }, { values: [1] }), /RangeError.*at least 2/);
  assert.throws(() => pairedDifference({ values: [1, 2] }, { values: [1, 2, 3] }), /2 and 3/);
});
