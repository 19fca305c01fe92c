import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import { cosineSimilarity, truncatedSVD } from "cosine-lab";
import { removeTopDirections } from "cosine-lab/remedies";
import { matrices, rotations } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";

/** Embeddings whose principal directions are clearly apart. */
const embeddings = matrices(8, 3).map((m) => m.mulRowVector([1, 5, 30]))
  .filter((m) => {
    const { sigma } = truncatedSVD(m.clone().subRowVector(m.mean("column")));
    return sigma[1] < 0.9 * sigma[0] && sigma[2] < 0.9 * sigma[1];
  });

Deno.test("removeTopDirections(): the spectrum of what is left is the rest of the spectrum", () => {
  fc.assert(fc.property(embeddings, fc.integer({ min: 0, max: 3 }), (e, directions) => {
    const before = truncatedSVD(e.clone().subRowVector(e.mean("column"))).sigma;
    const left = removeTopDirections(e, { directions });
    const after = new Array(3).fill(0).map((_, i) => before[i + directions] ?? 0);
    const cross = left.transpose().mmul(left);
    assertClose(cross.trace(), after.reduce((sum, value) => sum + value ** 2, 0), 1e-8);
    assertClose(left.mean("column"), [0, 0, 0], 1e-10);
  }));
});

Deno.test("removeTopDirections(): rotations change no cosine of what is left", () => {
  const e = new Matrix([[3, 1, 0], [2, -1, 1], [4, 0.5, -1], [3, 0, 2], [5, 2, 1]]);
  const expected = cosineSimilarity(removeTopDirections(e));
  fc.assert(fc.property(rotations(3), (r) => {
    assertClose(cosineSimilarity(removeTopDirections(e.mmul(r))), expected, 1e-9);
  }));
});

Deno.test("removeTopDirections() without centering takes the common direction", () => {
  const e = new Matrix([[10, 1], [10, -1]]);
  assertClose(removeTopDirections(e, { center: false }), [0, 1, 0, -1], 1e-12);
  // Centered, the first dimension is gone anyway, and the second is the top.
  assertClose(removeTopDirections(e), Matrix.zeros(2, 2), 1e-12);
  assertClose(removeTopDirections(e, { directions: 0 }), [0, 1, 0, -1], 1e-12);
});

Deno.test("removeTopDirections(): its input stays, equal rows become zeros", () => {
  const e = new Matrix([[1, 2], [1, 2]]);
  assertClose(removeTopDirections(e, { directions: 2 }), Matrix.zeros(2, 2), 0);
  assert.deepEqual(e.to2DArray(), [[1, 2], [1, 2]]);
  assertClose(removeTopDirections(new Matrix([[3]])), [0], 0);
});

Deno.test("removeTopDirections() rejects bad input", () => {
  const e = new Matrix([[1, 2]]);
  assert.throws(() => removeTopDirections([[1]] as never), TypeError);
  assert.throws(() => removeTopDirections(e, { directions: 3 }), /RangeError.*between 0 and 2/);
  assert.throws(() => removeTopDirections(e, { center: 1 as never }), TypeError);
  assert.throws(() => removeTopDirections(new Matrix([[NaN]])), RangeError);
});

Deno.test("removeTopDirections(): a direction that is tied with one that stays is none", () => {
  // Centered, and varying as much along the first two directions.
  const e = new Matrix([[2, 0, 1], [-2, 0, 1], [0, 2, -1], [0, -2, -1]]);
  fc.assert(fc.property(rotations(3), (r) => {
    assertClose(removeTopDirections(e.mmul(r)), e.mmul(r), 1e-12);
    const [, , third] = e.transpose().to2DArray();
    const left = removeTopDirections(e.mmul(r), { directions: 2 });
    assertClose(left, new Matrix(third.map((entry) => [0, 0, entry])).mmul(r), 1e-12);
  }));
});
