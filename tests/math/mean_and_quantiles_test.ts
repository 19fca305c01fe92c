import assert from "node:assert/strict";
import { meanWithError, quantiles } from "../../lib/math/mean_and_quantiles.ts";

Deno.test("quantiles() are NumPy's: np.quantile([7, 1, 4, 9, 3], [0, 0.1, 0.25, 0.5, 0.9, 1])", () => {
  const expected = [1, 1.8, 3, 4, 8.2, 9];
  quantiles([7, 1, 4, 9, 3], [0, 0.1, 0.25, 0.5, 0.9, 1]).forEach((value, i) =>
    assert(Math.abs(value - expected[i]) < 1e-12, `${value} is not ${expected[i]}`)
  );
  assert.deepEqual(quantiles([5], [0, 0.3, 1]), [5, 5, 5]);
});

Deno.test("quantiles() leave their sample in its order", () => {
  const sample = Float64Array.of(3, 1, 2);
  quantiles(sample, [0.5]);
  assert.deepEqual([...sample], [3, 1, 2]);
});

Deno.test("meanWithError() has n - 1 in the standard deviation, and no error of one value", () => {
  const { mean, standardError } = meanWithError([2, 4, 9]);
  assert.equal(mean, 5);
  assert(Math.abs(standardError - Math.sqrt(13 / 3)) < 1e-12);
  assert(Number.isNaN(meanWithError([1]).standardError));
});
