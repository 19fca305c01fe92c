import assert from "node:assert/strict";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import {
  centeredGram,
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingLoss,
  denoisingSpectrum,
  type Embeddings,
  gram,
  Interactions,
  largestDifference,
  modelingChoices,
  neighborOverlap,
  rescale,
  simulateInteractions,
  type SVD,
  svdOfGram,
  truncatedSVD,
  userEmbeddings,
  weightDecayEmbeddings,
  weightDecayLoss,
} from "cosine-lab";
import { evaluateRanking, holdOutItems, splitUsers } from "cosine-lab/evaluation";
import {
  alternatingLeastSquares,
  dropoutEmbeddings,
  dropoutLoss,
  lossGradient,
  lossHessian,
  sampledDropoutLoss,
  trainEmbeddings,
  trainWithDropout,
} from "cosine-lab/training";
import { assertClose } from "../assert_close.ts";

const rank = 4;
const simulation = simulateInteractions({ users: 200, items: 24, seed: "claims" });
// A power of two near the largest singular value, so that training has steps of a natural size.
const x = Interactions.fromDense(simulation.interactions.toDense().div(32));
const svd = truncatedSVD(x);
const lambda = { denoising: 0.05, weightDecay: 0.1 };
const closed = {
  denoising: denoisingEmbeddings(svd, { lambda: lambda.denoising, rank }),
  weightDecay: weightDecayEmbeddings(svd, { lambda: lambda.weightDecay, rank }),
};
const loss = {
  denoising: (e: Embeddings) => denoisingLoss(x, e, lambda.denoising),
  weightDecay: (e: Embeddings) => weightDecayLoss(x, e, lambda.weightDecay),
};
const solvers = { denoising: denoisingEmbeddings, weightDecay: weightDecayEmbeddings };

/** The SVD with two of its directions exchanged. */
function swapped(i: number, j: number) {
  const order = [...svd.sigma.keys()];
  [order[i], order[j]] = [order[j], order[i]];
  return { sigma: svd.sigma.map((_, at) => svd.sigma[order[at]]), V: svd.V.subMatrixColumn(order) };
}

/** The norm of the gradient relative to that of G, and the eigenvalues of the Hessian, ascending. */
function stationary(objective: "denoising" | "weightDecay", e: Embeddings) {
  const options = { objective, lambda: lambda[objective] };
  const { A, B } = lossGradient(x, e, options);
  const hessian = lossHessian(x, e, options);
  const values = new EigenvalueDecomposition(hessian, { assumeSymmetric: true }).realEigenvalues;
  return {
    gradient: Math.hypot(A.norm(), B.norm()) / gram(x).norm(),
    values: values.sort((a, b) => a - b),
  };
}

const product = ({ A, B }: Embeddings) => A.mmul(B.transpose());

for (const [equation, objective] of [["Eq. 5", "denoising"], ["Eq. 6", "weightDecay"]] as const) {
  Deno.test(`2.1 low rank: ${equation} is a minimum, flat in as many directions as its freedom has`, () => {
    const { gradient, values } = stationary(objective, closed[objective]);
    assert(gradient < 1e-12);
    assert(values[0] > -1e-12, `${values[0]}`);
    const flat = values.filter((value) => Math.abs(value) < 1e-12).length;
    assert.equal(flat, objective === "denoising" ? rank * rank : rank * (rank - 1) / 2);
  });

  Deno.test(`2.1 low rank: the same, with a kept direction swapped for a lost one, is a saddle of ${equation}`, () => {
    const saddle = solvers[objective](swapped(rank - 1, rank), { lambda: lambda[objective], rank });
    const { gradient, values } = stationary(objective, saddle);
    assert(gradient < 1e-12);
    assert(values[0] < -1e-4, `${values[0]}`);
    // Towards the direction that was lost the loss falls, though hardly any other way it does.
    const { A, B } = closed[objective];
    const turned = (m: Matrix, towards: Matrix) => {
      const column = m.getColumn(rank - 1).map((entry, i) =>
        Math.cos(0.01) * entry + Math.sin(0.01) * towards.get(i, rank - 1)
      );
      return m.clone().setColumn(rank - 1, column);
    };
    const down = { A: turned(saddle.A, A), B: turned(saddle.B, B) };
    assert(loss[objective](down) < loss[objective](saddle));
  });
}

function trained(objective: "denoising" | "weightDecay"): Embeddings[] {
  return ["1", "2", "3"].map((seed) => {
    const options = { optimizer: "adam" as const, startScale: 0.3, maxSteps: 10_000, seed };
    const run = trainEmbeddings(x, { objective, lambda: lambda[objective], rank, ...options });
    assert(run.converged);
    return run.embeddings;
  });
}

Deno.test("2.1 Eq. 1 trained from several starts: one loss and one ABᵀ, several cosines", () => {
  const runs = trained("denoising");
  for (const e of runs) {
    assertClose(loss.denoising(e) / loss.denoising(closed.denoising), 1, 1e-10);
    assert(largestDifference(product(e), product(closed.denoising)) < 1e-6);
  }
  const [a, b, c] = runs.map(({ B }) => cosineSimilarity(B));
  assert(largestDifference(a, b) > 0.3 && largestDifference(b, c) > 0.3);
});

Deno.test("2.3 Eq. 2 trained from several starts: one loss, one ABᵀ and the same cosines", () => {
  for (const e of trained("weightDecay")) {
    assertClose(loss.weightDecay(e) / loss.weightDecay(closed.weightDecay), 1, 1e-10);
    assert(largestDifference(product(e), product(closed.weightDecay)) < 1e-6);
    const s = cosineSimilarity(e.B);
    assert(largestDifference(s, cosineSimilarity(closed.weightDecay.B)) < 1e-5);
  }
});

Deno.test("2.1 Eq. 2 is matrix factorization with P = XA and Q = B, as least squares solve it", () => {
  const { embeddings } = alternatingLeastSquares(x, {
    lambda: lambda.weightDecay,
    rank,
    maxRounds: 5000,
    tolerance: 0,
  });
  assertClose(loss.weightDecay(embeddings) / loss.weightDecay(closed.weightDecay), 1, 1e-10);
  assert(largestDifference(product(embeddings), product(closed.weightDecay)) < 1e-6);
});

Deno.test("2.3 Eq. 2: P̂ has the same diagonal matrix as B̂, √(σ(1 − λ/σ)₊)", () => {
  const P = userEmbeddings(x, closed.weightDecay);
  const { B } = closed.weightDecay;
  const diagonal = Matrix.diag(
    [...svd.sigma.subarray(0, rank)].map((sigma) => Math.max(sigma - lambda.weightDecay, 0)),
  );
  assertClose(P.transpose().mmul(P), diagonal, 1e-12);
  assertClose(B.transpose().mmul(B), diagonal, 1e-12);
});

Deno.test("2.3 Eq. 2 is unique: every D but ±1 raises its loss", () => {
  const minimum = loss.weightDecay(closed.weightDecay);
  for (const d of [[2, 1, 1, 1], [1, 0.9, 1, 1], [3, 3, 3, 3], [1, 1.1, 0.8, 1]]) {
    assert(loss.weightDecay(rescale(closed.weightDecay, d)) > minimum * (1 + 1e-4), `${d}`);
  }
  assertClose(loss.weightDecay(rescale(closed.weightDecay, [1, -1, -1, 1])), minimum, 1e-12);
});

Deno.test("2.3 D = dMat(√(1/σ)) in Eq. 1 makes B = V_k dMat(√(σ/(1 + λ/σ²))), the analogue of Eq. 2", () => {
  const { analogue } = modelingChoices(svd, { denoising: lambda.denoising, rank });
  const spectrum = denoisingSpectrum(svd, lambda.denoising);
  const B = svd.V.subMatrix(0, 23, 0, rank - 1);
  for (let i = 0; i < rank; i++) B.mulColumn(i, Math.sqrt(svd.sigma[i] * spectrum[i]));
  assertClose(analogue.embeddings.B, B, 1e-12);
});

Deno.test("2.1 denoising: dropout weighs each row of ABᵀ by the item's second moment", () => {
  const { mean, standardError } = sampledDropoutLoss(x, closed.denoising, {
    rate: 0.4,
    samples: 300,
    seed: "dropout",
  });
  const formula = dropoutLoss(x, closed.denoising, { rate: 0.4 });
  assert(Math.abs(mean - formula) < 4 * standardError, `${mean} ± ${standardError}, ${formula}`);
});

Deno.test("2.1 denoising: with equal second moments the dropout loss is Eq. 1's", () => {
  const norms = gram(x).diag().map(Math.sqrt);
  const rows = x.toDense().to2DArray().map((row) => row.map((value, i) => value / norms[i]));
  const equalized = Interactions.fromDense(rows);
  for (const rate of [0.1, 0.5, 0.9]) {
    const dropout = dropoutLoss(equalized, closed.denoising, { rate });
    assertClose(dropout / denoisingLoss(equalized, closed.denoising, rate / (1 - rate)), 1, 1e-10);
  }
});

Deno.test("2.1 denoising: trained with dropout, items of equal second moments, the model is Eq. 1's, its cosines are not", () => {
  const norms = gram(x).diag().map(Math.sqrt);
  const equalized = Interactions.fromDense(x.toDense().divRowVector(norms));
  const runs = ["1", "2"].map((seed) => trainWithDropout(equalized, { rate: 0.4, rank, seed }));
  const e = denoisingEmbeddings(truncatedSVD(equalized), { lambda: 0.4 / 0.6, rank });
  for (const run of runs) {
    assert(Matrix.sub(product(run), product(e)).norm() < 0.1 * product(e).norm());
    assert(
      dropoutLoss(equalized, run, { rate: 0.4 }) < 1.001 * denoisingLoss(equalized, e, 0.4 / 0.6),
    );
  }
  const [a, b] = runs.map(({ B }) => cosineSimilarity(B));
  assert(largestDifference(a, b) > 0.1);
});

Deno.test("2.1 denoising: of raw data no λ of Eq. 1 makes it the model that dropout finds", () => {
  const dropout = product(dropoutEmbeddings(x, { rate: 0.4, rank }));
  for (let lambda = 1e-3; lambda < 10; lambda *= 1.2) {
    const e = denoisingEmbeddings(svd, { lambda, rank });
    assert(Matrix.sub(product(e), dropout).norm() > 0.05 * dropout.norm(), `${lambda}`);
  }
});

Deno.test("2.1 denoising: at full rank dropout is Eq. 1 of the columns divided by √G_ii, brought back", () => {
  const lengths = gram(x).diag().map(Math.sqrt);
  const scaled = truncatedSVD(Interactions.fromDense(x.toDense().divRowVector(lengths)));
  for (const rate of [0.2, 0.7]) {
    const dropout = product(dropoutEmbeddings(x, { rate, rank: 24 }));
    const back = product(denoisingEmbeddings(scaled, { lambda: rate / (1 - rate) }))
      .divColumnVector(lengths).mulRowVector(lengths);
    assertClose(Matrix.sub(dropout, back).norm() / dropout.norm(), 0, 1e-10);
  }
});

Deno.test("2.1 held-out accuracy: neither objective is ahead by 2 % of NDCG@100 on the simulation", () => {
  const { interactions } = simulateInteractions({ users: 3000, items: 200, seed: "held out" });
  const { train, validation, test } = splitUsers(interactions, {
    validation: 300,
    test: 500,
    seed: "split",
  });
  const choose = holdOutItems(validation, { share: 0.2, seed: "validation" });
  const report = holdOutItems(test, { share: 0.2, seed: "test" });
  const svd = truncatedSVD(train, { rank: 10 });
  const best = (solve: typeof denoisingEmbeddings, lambdas: number[]) => {
    const [model] = lambdas.map((lambda) => solve(svd, { lambda }))
      .map((e) => ({ e, ndcg: evaluateRanking(e, choose.given, choose.heldOut).ndcgAt100.mean }))
      .sort((a, b) => b.ndcg - a.ndcg);
    return evaluateRanking(model.e, report.given, report.heldOut).ndcgAt100.mean;
  };
  const first = best(denoisingEmbeddings, [0, 100, 1000, 3000]);
  const second = best(weightDecayEmbeddings, [0, 10, 20, 40]);
  assert(first > 0.5 && second > 0.5, `${first}, ${second}`);
  assert(Math.abs(first / second - 1) < 0.02, `${first}, ${second}`);
});

Deno.test("2 footnote 1: subtracting means changes the cosines, most of all those of Eq. 2", () => {
  const { interactions } = simulation;
  const choices = (svd: SVD) => Object.values(modelingChoices(svd, { weightDecay: 2, rank }));
  const plain = choices(truncatedSVD(interactions));
  const centered = choices(svdOfGram(centeredGram(interactions, "both"), rank));
  const moved = plain.map(({ embeddings }, i) =>
    largestDifference(cosineSimilarity(embeddings.B), cosineSimilarity(centered[i].embeddings.B))
  );
  assert(moved.every((change) => change > 0.05), `${moved}`);
});

Deno.test("Conclusions: the regularization moves the cosines, of Eq. 1 unless B = V_k, and of Eq. 2", () => {
  const { interactions } = simulateInteractions({
    users: 3000,
    items: 200,
    seed: "regularization",
  });
  const svd = truncatedSVD(interactions, { rank: 30 });
  const at = (factor: number) =>
    Object.values(
      modelingChoices(svd, { denoising: 1000 * factor, weightDecay: 30 * factor, rank: 30 }),
    ).map(({ embeddings }) => cosineSimilarity(embeddings.B));
  const overlaps = at(1).map((s, i) => neighborOverlap(s, at(0.1)[i], 10));
  assert.equal(overlaps[0], 1);
  for (const overlap of overlaps.slice(1)) assert(overlap < 0.95, `${overlaps}`);
});
