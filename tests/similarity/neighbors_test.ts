import { popularityBias } from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { assertClose } from "../assert_close.ts";

/** Items 0 and 1 are near each other, and so are 2 and 3. */
const s = new Matrix([
  [1, 0.9, 0, 0.1],
  [0.9, 1, 0.1, 0],
  [0, 0.1, 1, 0.9],
  [0.1, 0, 0.9, 1],
]);

Deno.test("popularityBias() by hand", () => {
  // The nearest have 3, 4, 1, 2 where the items have 4, 3, 2, 1: Σd² = 4, 1 − 6·4/(4·15) = 0.6.
  assertClose(popularityBias(s, [4, 3, 2, 1], 1), 0.6, 1e-15);
  // The nearest have 1, 4, 2, 3 where the items have 4, 1, 3, 2: Σd² = 9 + 9 + 1 + 1.
  assertClose(popularityBias(s, [4, 1, 3, 2], 1), -1, 1e-15);
  // With all others as neighbors, the popular have the less popular around.
  assertClose(popularityBias(s, [4, 3, 2, 1], 3), -1, 1e-15);
});

Deno.test("popularityBias() rejects bad input", () => {
  const measure = (popularity: unknown, k: unknown = 1) =>
    popularityBias(s, popularity as never, k as never);
  assert.throws(() => measure([1, 2, 3]), /RangeError.*each of the 4 items/);
  assert.throws(() => measure([1, 2, 3, NaN]), RangeError);
  assert.throws(() => measure([1, 1, 1, 1]), /RangeError.*the same for all/);
  assert.throws(() => measure([1, 2, 3, 4], 4), /RangeError.*between 1 and 3/);
  for (const popularity of [null, undefined]) {
    assert.throws(() => measure(popularity), /TypeError.*popularity must be an array/);
  }
});
