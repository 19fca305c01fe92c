import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { centeredGram, gram, svdOfGram } from "cosine-lab";
import { assertClose } from "../assert_close.ts";
import { referenceSVD, referenceX } from "../reference/small.ts";

Deno.test("svdOfGram() of XᵀX is the decomposition of X", () => {
  const { sigma, V } = svdOfGram(gram(referenceX));
  assert.deepEqual([sigma, V.to2DArray()], [referenceSVD.sigma, referenceSVD.V.to2DArray()]);
  const few = svdOfGram(gram(referenceX), 3);
  assertClose(few.sigma, referenceSVD.sigma.subarray(0, 3), 1e-10);
  assert.deepEqual([few.V.rows, few.V.columns], [12, 3]);
});

Deno.test("svdOfGram() puts a centered Gram matrix together again", () => {
  const g = centeredGram(referenceX, "both");
  const { sigma, V } = svdOfGram(g);
  assertClose(V.mmul(Matrix.diag([...sigma].map((s) => s * s))).mmul(V.transpose()), g, 1e-10);
  // The rows of Y sum to 0, so that one direction is not there.
  assert.equal(sigma[11], 0);
});

Deno.test("svdOfGram() rejects what is no Gram matrix", () => {
  const factorize = (...input: unknown[]) => svdOfGram(...input as Parameters<typeof svdOfGram>);
  assert.throws(() => factorize(new Matrix([[1, 2, 3]])), /RangeError.*g must be square/);
  assert.throws(() => factorize(new Matrix([[1, 2], [3, 4]])), /RangeError.*symmetric/);
  assert.throws(() => factorize(new Matrix([[NaN]])), /RangeError.*entry \(0, 0\) is NaN/);
  assert.throws(() => factorize(Matrix.eye(2), 3), /RangeError.*between 1 and 2/);
  assert.throws(() => factorize(Matrix.eye(2), "1"), TypeError);
  for (const g of [null, undefined, [[1]]]) {
    assert.throws(() => factorize(g), /TypeError.*g must be/);
  }
});
