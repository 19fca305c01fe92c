import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { inverse, Matrix } from "ml-matrix";
import { denoisingEmbeddings, Interactions, rescale, truncatedSVD } from "cosine-lab";
import { mixingMatrix } from "cosine-lab/arbitrariness";
import { diagonals, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import { referenceSVD } from "../reference/small.ts";

const model = denoisingEmbeddings(referenceSVD, { lambda: 2, rank: 3 });

Deno.test("mixingMatrix() of rescaled embeddings is D, and I of the solution itself", () => {
  assertClose(mixingMatrix(referenceSVD, model, 2), Matrix.eye(3), 1e-12);
  fc.assert(fc.property(diagonals(3), (d) => {
    assertClose(mixingMatrix(referenceSVD, rescale(model, d), 2), Matrix.diag(d), 1e-10);
  }));
});

Deno.test("mixingMatrix() recovers any invertible M", () => {
  // Dominant in its diagonal, so that it is invertible.
  fc.assert(fc.property(matrices(3, 3), (random) => {
    const M = Matrix.add(random, Matrix.eye(3).mul(31));
    const e = { A: model.A.mmul(M), B: model.B.mmul(inverse(M).transpose()) };
    assertClose(mixingMatrix(referenceSVD, e, 2), M, 1e-9);
  }));
});

Deno.test("mixingMatrix() rejects what has no M", () => {
  const compare = (svd: unknown, e: unknown, lambda: unknown) =>
    mixingMatrix(svd as never, e as never, lambda as never);
  assert.throws(() => compare(null, model, 2), /TypeError.*svd must be an object/);
  assert.throws(() => compare(referenceSVD, null, 2), /TypeError.*A must be/);
  assert.throws(() => compare(referenceSVD, model, "2"), /TypeError.*current value is "2"/);
  assert.throws(() => compare(referenceSVD, model, -2), RangeError);
  const svd = truncatedSVD(Interactions.fromDense([[1, 1], [1, 1]]));
  const e = denoisingEmbeddings(svd, { lambda: 1 });
  assert.throws(() => mixingMatrix(svd, e, 1), /RangeError.*must not be 0, entry 1 is/);
  const one = truncatedSVD(Interactions.fromDense([[1, 1], [1, 0]]), { rank: 1 });
  assert.throws(() => mixingMatrix(one, e, 1), /RangeError.*at least the 2 dimensions.*it has 1/);
});
