import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { largestDifference } from "cosine-lab";

Deno.test("largestDifference() is the largest in magnitude, whatever its sign", () => {
  const a = new Matrix([[1, 2], [3, 4]]);
  assert.equal(largestDifference(a, a), 0);
  assert.equal(largestDifference(a, new Matrix([[1.5, 2], [3, 1]])), 3);
  assert.equal(largestDifference(a, new Matrix([[1.5, 2], [9, 1]])), 6);
});

Deno.test("largestDifference() rejects matrices that cannot be compared", () => {
  const a = new Matrix([[1, 2]]);
  assert.throws(() => largestDifference(a, a.transpose()), /RangeError.*they are 1 x 2 and 2 x 1/);
  assert.throws(() => largestDifference(a, new Matrix([[1, NaN]])), RangeError);
  assert.throws(() => largestDifference(a, [[1, 2]] as never), TypeError);
});
