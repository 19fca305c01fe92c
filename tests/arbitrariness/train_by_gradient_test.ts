import assert from "node:assert/strict";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingLoss,
  relativeCondition,
  rescale,
  rotate,
  simulateInteractions,
  trainByGradient,
  truncatedSVD,
  weightDecayEmbeddings,
  weightDecayLoss,
} from "cosine-lab";
import { Matrix } from "ml-matrix";

const { interactions } = simulateInteractions({
  users: 400,
  items: 30,
  clusters: 3,
  seed: "gradient",
});
const svd = truncatedSVD(interactions);
const rank = 3;

Deno.test("trainByGradient comes to the closed-form loss of either objective", () => {
  const cases = [
    ["denoising", 200, denoisingLoss, denoisingEmbeddings],
    ["weightDecay", 4, weightDecayLoss, weightDecayEmbeddings],
  ] as const;
  for (const [objective, lambda, loss, solve] of cases) {
    const best = loss(interactions, solve(svd, { lambda, rank }), lambda);
    const trained = trainByGradient(interactions, { objective, lambda, rank });
    const value = loss(interactions, trained, lambda);
    assert(value >= best - 1e-9 * best && value < best * 1.001, `${value} for ${best}`);
  }
});

Deno.test("trainByGradient ends in another solution of Eq. 1 for another start, of Eq. 2 in one", () => {
  const between = (objective: "denoising" | "weightDecay", lambda: number) => {
    const [b, c] = ["one", "two"].map((seed) =>
      trainByGradient(interactions, { objective, lambda, rank, seed }).B
    );
    return relativeCondition(b, c).condition;
  };
  assert(between("denoising", 200) > 1.1);
  assert(between("weightDecay", 4) < 1.05);
});

Deno.test("trainByGradient gives the same for the same seed, and reports progress", () => {
  const reports: number[] = [];
  const run = () =>
    trainByGradient(interactions, {
      objective: "denoising",
      lambda: 1,
      rank: 2,
      steps: 5,
      onProgress: (done, total) => reports.push(done / total),
    });
  assert.deepEqual(run(), run());
  assert.equal(reports.at(-1), 1);
});

Deno.test("trainByGradient says what is wrong with its options", () => {
  const train = (options: object) => () =>
    trainByGradient(interactions, { objective: "denoising", lambda: 1, rank: 2, ...options });
  assert.throws(train({ rank: 31 }), /rank must be an integer between 1 and 30/);
  assert.throws(train({ lambda: -1 }), /lambda must be a finite number of at least 0/);
  assert.throws(train({ objective: "ridge" }), /objective must be "denoising" or "weightDecay"/);
  assert.throws(train({ scale: 0 }), RangeError);
});

Deno.test("relativeCondition is that of D after a D, and 1 after a rotation", () => {
  const e = denoisingEmbeddings(svd, { lambda: 200, rank });
  const rescaled = relativeCondition(e.B, rescale(e, [1, 2, 7]).B);
  assert(Math.abs(rescaled.condition - 7) < 1e-9 && rescaled.residual < 1e-12);
  const turn = new Matrix([[0, 0, 1], [Math.SQRT1_2, Math.SQRT1_2, 0], [
    Math.SQRT1_2,
    -Math.SQRT1_2,
    0,
  ]]);
  const rotated = rotate(e, turn).B;
  assert(Math.abs(relativeCondition(e.B, rotated).condition - 1) < 1e-9);
  const difference = Matrix.sub(cosineSimilarity(e.B), cosineSimilarity(rotated));
  assert(difference.abs().max() < 1e-12);
});

Deno.test("relativeCondition tells what no M explains, and what is wrong with its input", () => {
  const B = new Matrix([[1, 0], [0, 1], [1, 1]]);
  assert(relativeCondition(B, new Matrix([[1, 0], [0, 1], [5, 1]])).residual > 0.1);
  assert.throws(() => relativeCondition(B, new Matrix([[1, 0]])), /they are 3 x 2 and 1 x 2/);
  assert.throws(
    () => relativeCondition(new Matrix([[1, 1], [2, 2], [3, 3]]), B),
    /the columns of B must be independent/,
  );
});
