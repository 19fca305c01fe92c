import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { Interactions, modelingChoices, truncatedSVD } from "cosine-lab";
import { assertClose } from "../assert_close.ts";
import { matrix, reference, referenceSVD } from "../reference/small.ts";

const choices = modelingChoices(referenceSVD, {
  denoising: reference.lambda1,
  weightDecay: reference.lambda2,
  rank: reference.rank,
});

Deno.test("modelingChoices(): the first four are one model, NumPy's; the last is Eq. 2", () => {
  const { identity, weightDecay } = reference.lowRank;
  assert.equal(Object.keys(choices).at(-1), "weightDecay");
  Object.values(choices).forEach(({ embeddings: { A, B } }, i) => {
    assertClose(A.mmul(B.transpose()), matrix(i < 4 ? identity.product : weightDecay.product));
  });
});

Deno.test("modelingChoices(): B is V_k, V_k dMat^½ and V_k dMat", () => {
  const V = referenceSVD.V.subMatrix(0, 11, 0, reference.rank - 1);
  const { D } = reference.lowRank.sqrt;
  assertClose(choices.root.embeddings.B, V);
  assertClose(choices.identity.embeddings.B, V.mmul(Matrix.diag(D)));
  assertClose(choices.inverse.embeddings.B, V.mmul(Matrix.diag(D.map((d) => d * d))));
});

Deno.test("modelingChoices() rejects bad options, and a D that is not invertible", () => {
  assert.throws(() => modelingChoices(referenceSVD, { rank: 13 }), RangeError);
  assert.throws(
    () => modelingChoices(referenceSVD, { denoising: -1 }),
    /RangeError.*denoising.* -1/,
  );
  assert.throws(
    () => modelingChoices(referenceSVD, { weightDecay: NaN }),
    /RangeError.*weightDecay.* NaN/,
  );
  const deficient = truncatedSVD(Interactions.fromDense([[1, 1], [1, 1]]));
  assert.throws(
    () => modelingChoices(deficient),
    /RangeError.*rank must be at most the number of singular values that are not 0, which is 1, .* 2/,
  );
  assert.equal(Object.keys(modelingChoices(deficient, { rank: 1 })).length, 5);
  assert.throws(() => modelingChoices(null as never), /TypeError.*svd must be an object/);
});
