import assert from "node:assert/strict";
import { bootstrapMean } from "cosine-lab/evaluation";

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
