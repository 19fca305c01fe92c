import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { denoisingEmbeddings, rescale } from "cosine-lab";
import { invariantProduct } from "cosine-lab/arbitrariness";
import { assertClose } from "../assert_close.ts";
import { reference, referenceSVD } from "../reference/small.ts";

Deno.test("invariantProduct() is ABᵀ, and no D changes it", () => {
  const e = denoisingEmbeddings(referenceSVD, { lambda: reference.lambda1, rank: 4 });
  assert.deepEqual(invariantProduct(e).to2DArray(), e.A.mmul(e.B.transpose()).to2DArray());
  assertClose(invariantProduct(rescale(e, [3, -0.1, 7, 1])), invariantProduct(e), 1e-12);
});

Deno.test("invariantProduct() rejects what is no pair of matrices of one shape", () => {
  const A = Matrix.ones(3, 2);
  assert.throws(() => invariantProduct({ A, B: Matrix.ones(3, 1) }), /RangeError.*same shape/);
  assert.throws(() => invariantProduct({ A } as never), TypeError);
});
