import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { cosineSimilarity, rescale, simulateInteractions, truncatedSVD } from "cosine-lab";
import { standardizeItems, whitenItems } from "cosine-lab/remedies";
import { diagonals, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";

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
