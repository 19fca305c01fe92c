import { cosineSimilarity, rescale, simulateInteractions, truncatedSVD } from "cosine-lab";
import { removeTopDirections, standardizeItems, whitenItems } from "cosine-lab/remedies";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import assert from "node:assert/strict";
import { diagonals, matrices, rotations } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";

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

const { interactions } = simulateInteractions({ users: 200, items: 30, seed: "white" });
const { V } = truncatedSVD(interactions, { rank: 4 });
const B = V.clone().mulRowVector([9, 4, 2, 1]);
const weights = Array.from({ length: 30 }, (_, i) => 1 + i % 5);
const invertible = matrices(4, 4).filter((m) => {
  const { diagonal } = new SingularValueDecomposition(m);
  return diagonal[0] < 500 * diagonal[3];
});

Deno.test("whitenItems: weighted second moments become 1 and 0", () => {
  const plain = whitenItems(B);
  assertClose(plain.transpose().mmul(plain), Matrix.eye(4), 1e-12);
  const white = whitenItems(B, weights);
  const weighted = white.clone().mulColumnVector(weights);
  assertClose(white.transpose().mmul(weighted), Matrix.eye(4), 1e-12);
});

Deno.test("whitenItems: no invertible M moves a cosine; without weights they are those of V", () => {
  const cosines = (items: Matrix, w?: number[]) => cosineSimilarity(whitenItems(items, w));
  assertClose(cosines(B), cosineSimilarity(V), 1e-12);
  fc.assert(
    fc.property(invertible, (m) => {
      assertClose(cosines(B.mmul(m)), cosines(B), 1e-9);
      assertClose(cosines(B.mmul(m), weights), cosines(B, weights), 1e-9);
    }),
    { numRuns: 20 },
  );
});

Deno.test("whitenItems: directions that are not there are 0", () => {
  const flat = whitenItems(new Matrix([[1, 2, 0], [2, 4, 0], [3, 6, 0]]));
  assertClose(flat.mmul(flat.transpose()).trace(), 1, 1e-12);
  assert.equal(whitenItems(new Matrix([[0], [0]])).norm(), 0);
});

Deno.test("standardizeItems: mean 0 and variance 1, and no D moves a cosine, but a mixture does", () => {
  const z = standardizeItems(B);
  assertClose(z.mean("column"), [0, 0, 0, 0], 1e-12);
  assertClose(z.variance("column", { unbiased: false }), [1, 1, 1, 1], 1e-12);
  fc.assert(
    fc.property(diagonals(4), (d) => {
      const scaled = rescale({ A: B, B }, d).B;
      assertClose(cosineSimilarity(standardizeItems(scaled)), cosineSimilarity(z), 1e-9);
    }),
    { numRuns: 20 },
  );
  const mixed = B.mmul(new Matrix([[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]));
  const moved = Matrix.sub(cosineSimilarity(standardizeItems(mixed)), cosineSimilarity(z));
  assert(moved.abs().max() > 0.01);
  assert.deepEqual(standardizeItems(new Matrix([[0.1], [0.1], [0.1]])).to1DArray(), [0, 0, 0]);
});

Deno.test("whitenItems and standardizeItems reject bad input", () => {
  assert.throws(() => whitenItems(null as never), TypeError);
  assert.throws(() => whitenItems(B, 3 as never), TypeError);
  assert.throws(() => whitenItems(B, [1, 2]), /each of the 30 items/);
  assert.throws(() => whitenItems(B, weights.map((w) => -w)), RangeError);
  assert.throws(() => standardizeItems(new Matrix([[NaN]])), RangeError);
});
