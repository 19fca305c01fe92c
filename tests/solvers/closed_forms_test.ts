import {
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingLoss,
  denoisingSpectrum,
  type Embeddings,
  gram,
  Interactions,
  modelingChoices,
  rescale,
  type SVD,
  truncatedSVD,
  userEmbeddings,
  weightDecayEmbeddings,
  weightDecayLoss,
} from "cosine-lab";
import { Matrix, solve } from "ml-matrix";
import assert from "node:assert/strict";
import { assertClose } from "../assert_close.ts";
import { matrix, reference, referenceSVD, referenceX } from "../reference/small.ts";

const { lambda1, lambda2 } = reference;

for (
  const [ranks, models] of [["full rank", reference.fullRank], [
    "low rank",
    reference.lowRank,
  ]] as const
) {
  const rank = models.identity.D.length;
  const denoising = denoisingEmbeddings(referenceSVD, { lambda: lambda1, rank });
  const decay = weightDecayEmbeddings(referenceSVD, { lambda: lambda2, rank });
  const cases: [string, Embeddings, Omit<typeof models.weightDecay, "D">][] = [
    ["Eq. 1, D = I", denoising, models.identity],
    ["Eq. 1, D = dMat^(1/2)", rescale(denoising, models.sqrt.D), models.sqrt],
    ["Eq. 1, D = dMat^(-1/2)", rescale(denoising, models.inverseSqrt.D), models.inverseSqrt],
    ["Eq. 1, D = dMat(sqrt(1/sigma))", rescale(denoising, models.sigma.D), models.sigma],
    ["Eq. 2", decay, models.weightDecay],
  ];
  for (const [name, e, expected] of cases) {
    Deno.test(`${ranks}, ${name}: product, cosines and losses are NumPy's and scikit-learn's`, () => {
      const users = userEmbeddings(referenceX, e);
      assertClose(e.A.mmul(e.B.transpose()), matrix(expected.product));
      assertClose(cosineSimilarity(e.B), matrix(expected.itemItem));
      assertClose(cosineSimilarity(users), matrix(expected.userUser));
      assertClose(cosineSimilarity(users, e.B), matrix(expected.userItem));
      assertClose(denoisingLoss(referenceX, e, lambda1), expected.loss1);
      assertClose(weightDecayLoss(referenceX, e, lambda2), expected.loss2);
    });
  }
  Deno.test(`${ranks}: the D of the reference are powers of our spectrum`, () => {
    const spectrum = denoisingSpectrum(referenceSVD, lambda1).subarray(0, rank);
    assertClose(spectrum.map(Math.sqrt), models.sqrt.D);
    assertClose(spectrum.map((entry) => 1 / Math.sqrt(entry)), models.inverseSqrt.D);
  });
}

Deno.test("Eq. 1 at full rank is the ridge solution (G + λI)⁻¹G", () => {
  const { A, B } = denoisingEmbeddings(referenceSVD, { lambda: lambda1 });
  const g = gram(referenceX);
  const ridge = solve(Matrix.add(g, Matrix.eye(12).mul(lambda1)), g);
  assertClose(A.mmul(B.transpose()), ridge);
  assertClose(ridge, matrix(reference.ridge));
});

Deno.test("denoisingEmbeddings() without regularization projects on the row space", () => {
  const x = Interactions.fromDense([[1, 1, 0], [0, 0, 1]]);
  const { A, B } = denoisingEmbeddings(truncatedSVD(x), { lambda: 0 });
  assertClose(A.mmul(B.transpose()), matrix([[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]), 1e-14);
});

Deno.test("a direction that the data does not have stays out of the model, for λ = 0 too", () => {
  const x = Interactions.fromDense([[1, 1], [1, 1]]);
  for (const lambda of [0, 1]) {
    for (
      const e of [
        denoisingEmbeddings(truncatedSVD(x), { lambda }),
        weightDecayEmbeddings(truncatedSVD(x), { lambda }),
      ]
    ) {
      assert.deepEqual(e.A.getColumn(1).map(Math.abs), [0, 0]);
      assert.deepEqual(e.B.getColumn(1).map(Math.abs), [0, 0]);
    }
  }
});

Deno.test("weightDecayEmbeddings() keeps dimensions that are shrunk to nothing, as zeros", () => {
  const { A, B } = weightDecayEmbeddings(referenceSVD, { lambda: 4 });
  assert.deepEqual([A.columns, B.columns], [12, 12]);
  reference.sigma.forEach((sigma, i) => {
    assert.equal(B.getColumn(i).some((b) => b !== 0), sigma > 4);
    assert.equal(A.getColumn(i).some((a) => a !== 0), sigma > 4);
  });
});

Deno.test("denoisingSpectrum() on a diagonal matrix, by hand", () => {
  const svd = truncatedSVD(Interactions.fromDense([[2, 0], [0, 1]]));
  assertClose(denoisingSpectrum(svd, 4), [0.5, 0.2], 1e-15);
  assertClose(denoisingSpectrum(svd, 0), [1, 1], 0);
});

Deno.test("the losses of the zero model are ‖X‖²", () => {
  const zero = { A: Matrix.zeros(12, 2), B: Matrix.zeros(12, 2) };
  assert.equal(denoisingLoss(referenceX, zero, 1), referenceX.nonzeros);
  assert.equal(weightDecayLoss(referenceX, zero, 1), referenceX.nonzeros);
});

Deno.test("the losses agree with their definitions, of weighted data too", () => {
  const x = Interactions.fromDense([[1, 2, 0], [0, -1, 3]]);
  const e = { A: matrix([[1, 0], [2, -1], [0, 1]]), B: matrix([[0.5, 1], [1, 0], [2, 2]]) };
  const square = (m: Matrix) => m.norm("frobenius") ** 2;
  const users = x.toDense().mmul(e.A);
  const error = square(Matrix.sub(x.toDense(), users.mmul(e.B.transpose())));
  assertClose(denoisingLoss(x, e, 0.7), error + 0.7 * square(e.A.mmul(e.B.transpose())), 1e-11);
  assertClose(weightDecayLoss(x, e, 0.7), error + 0.7 * (square(users) + square(e.B)), 1e-11);
});

Deno.test("the solvers and losses reject bad input", () => {
  for (const solver of [denoisingEmbeddings, weightDecayEmbeddings]) {
    assert.throws(() => solver(referenceSVD, { lambda: -1 }), /RangeError.*lambda.*at least 0.*-1/);
    assert.throws(() => solver(referenceSVD, { lambda: NaN }), RangeError);
    assert.throws(() => solver(referenceSVD, { lambda: "1" as never }), TypeError);
    assert.throws(() => solver(referenceSVD, {} as never), TypeError);
    assert.throws(() => solver(referenceSVD, { lambda: 1, rank: 13 }), /between 1 and 12/);
    assert.throws(() => solver(referenceSVD, { lambda: 1, rank: 0 }), RangeError);
  }
  assert.throws(() => denoisingSpectrum(referenceSVD, -1), RangeError);
  const factors = [denoisingEmbeddings, weightDecayEmbeddings]
    .map((solver) => (svd: SVD) => solver(svd, { lambda: 1 }));
  for (const solve of [...factors, (svd: SVD) => denoisingSpectrum(svd, 1)]) {
    assert.throws(() => solve(null as never), /TypeError.*svd must be an object, .* null/);
    assert.throws(() => solve({} as never), /TypeError.*singular values sigma/);
    const { sigma, V } = referenceSVD;
    assert.throws(() => solve({ sigma: sigma.subarray(1), V }), /RangeError.*there are 12 and 11/);
  }
  const e = denoisingEmbeddings(referenceSVD, { lambda: 1 });
  for (const loss of [denoisingLoss, weightDecayLoss]) {
    assert.throws(() => loss(referenceX, e, -1), RangeError);
    assert.throws(
      () => loss(Interactions.fromDense([[1]]), e, 1),
      /RangeError.*each of the 1 items/,
    );
    assert.throws(() => loss(referenceX, { A: e.A, B: Matrix.zeros(12, 3) }, 1), RangeError);
  }
  for (const x of [referenceX.toDense(), null, [[1]]] as never[]) {
    const message = /TypeError.*x must be an Interactions/;
    assert.throws(() => denoisingLoss(x, e, 1), message);
    assert.throws(() => weightDecayLoss(x, e, 1), message);
    assert.throws(() => userEmbeddings(x, e), message);
  }
  assert.throws(() => denoisingLoss(referenceX, e, "1" as never), /TypeError.*value is "1"$/m);
  assert.throws(() => userEmbeddings(Interactions.fromDense([[1]]), e), RangeError);
  assert.throws(() => userEmbeddings(referenceX, {} as never), TypeError);
});

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
