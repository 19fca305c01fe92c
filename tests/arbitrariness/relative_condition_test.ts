import assert from "node:assert/strict";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  rescale,
  rotate,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { relativeCondition } from "cosine-lab/arbitrariness";
import { trainEmbeddings } from "cosine-lab/training";
import { Matrix } from "ml-matrix";

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
