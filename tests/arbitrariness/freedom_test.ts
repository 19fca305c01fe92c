import {
  cosineSimilarity,
  denoisingEmbeddings,
  Interactions,
  rescale,
  rotate,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import {
  invariantProduct,
  mixingMatrix,
  randomScaling,
  relativeCondition,
} from "cosine-lab/arbitrariness";
import { trainEmbeddings } from "cosine-lab/training";
import { inverse, Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { diagonals, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
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

Deno.test("randomScaling is log-uniform between 1 and κ", () => {
  const logs = randomScaling(20_000, { condition: 8, seed: "many" }).map((d) => Math.log(d))
    .sort();
  assert(logs[0] >= 0 && logs.at(-1)! <= Math.log(8));
  // Kolmogorov and Smirnov: the distribution is nowhere further off than 1.63/√n, at one percent.
  const off = logs.map((value, i) => Math.abs((i + 0.5) / logs.length - value / Math.log(8)));
  assert(Math.max(...off) < 1.63 / Math.sqrt(logs.length));
});

Deno.test("randomScaling gives the same D for the same seed, others for others, and I for κ = 1", () => {
  const draw = (seed: string) => [...randomScaling(5, { condition: 3, seed })];
  assert.deepEqual(draw("a"), draw("a"));
  assert.notDeepEqual(draw("a"), draw("b"));
  assert.deepEqual([...randomScaling(3, { condition: 1 })], [1, 1, 1]);
});

Deno.test("randomScaling says what is wrong with its input", () => {
  assert.throws(() => randomScaling(0, { condition: 2 }), /k must be an integer of at least 1/);
  assert.throws(() => randomScaling(2, { condition: Infinity }), RangeError);
  assert.throws(() => randomScaling(2, null as never), TypeError);
});

const { interactions } = simulateInteractions({
  users: 400,
  items: 30,
  clusters: 3,
  seed: "gradient",
});
const svd = truncatedSVD(interactions);
const rank = 3;

Deno.test("relativeCondition tells starts of Eq. 1 apart, and not those of Eq. 2", () => {
  const between = (objective: "denoising" | "weightDecay", lambda: number) => {
    const [b, c] = ["one", "two"].map((seed) =>
      trainEmbeddings(interactions, {
        objective,
        lambda,
        rank,
        seed,
        optimizer: "adam",
        maxSteps: 4000,
        tolerance: 1e-7,
      }).embeddings.B
    );
    return relativeCondition(b, c);
  };
  const eq1 = between("denoising", 200);
  assert(eq1.condition > 1.1 && eq1.residual < 1e-4);
  assert(between("weightDecay", 4).condition < 1.01);
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
