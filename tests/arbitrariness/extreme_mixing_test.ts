import assert from "node:assert/strict";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  randomRotation,
  rotate,
  sameClusterAuc,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { extremeMixing, extremeScaling } from "cosine-lab/arbitrariness";
import { inverse, Matrix, SingularValueDecomposition } from "ml-matrix";
import seedrandom from "seedrandom";

const simulation = simulateInteractions({ users: 1500, items: 120, clusters: 3, seed: "extremes" });
const labels = simulation.clusters;
const model = denoisingEmbeddings(truncatedSVD(simulation.interactions, { rank: 12 }), {
  lambda: 1000,
});
const quick = { condition: 2, starts: 1, steps: 60 };
const goals = ["best", "worst"] as const;
const [best, worst] = goals.map((goal) => extremeMixing(model, labels, { ...quick, goal }));

Deno.test("extremeMixing goes further than extremeScaling, to either side", () => {
  const [d, u] = goals.map((goal) => extremeScaling(model, labels, { ...quick, goal, starts: 3 }));
  assert.equal(best.before, sameClusterAuc(cosineSimilarity(model.B), labels));
  assert(best.value > d.value + 0.001, `${best.value}, ${d.value}`);
  assert(worst.value < u.value - 0.001, `${worst.value}, ${u.value}`);
});

Deno.test("extremeMixing returns the M, within κ, that has the value it states", () => {
  for (const { M, embeddings, value } of [best, worst]) {
    const [largest, ...others] = new SingularValueDecomposition(M).diagonal;
    assert(largest / others.at(-1)! < 2 * (1 + 1e-12));
    const mapped = model.B.mmul(inverse(M).transpose());
    assert(Matrix.sub(mapped, embeddings.B).abs().max() < 1e-12);
    assert.equal(value, sameClusterAuc(cosineSimilarity(embeddings.B), labels));
    const products = [model, embeddings].map(({ A, B }) => A.mmul(B.transpose()));
    assert(Matrix.sub(products[0], products[1]).abs().max() < 1e-13);
  }
});

Deno.test("extremeMixing finds the same in every basis, which extremeScaling does not", () => {
  const rotated = rotate(model, randomRotation(12, seedrandom.alea("basis")));
  for (const [i, goal] of goals.entries()) {
    const there = extremeMixing(rotated, labels, { ...quick, goal }).value;
    assert(Math.abs(there - [best, worst][i].value) < 1e-6, `${goal}: ${there}`);
  }
  const scaled = [model, rotated].map((e) =>
    extremeScaling(e, labels, { ...quick, goal: "best" }).value
  );
  assert(Math.abs(scaled[0] - scaled[1]) > 0.001, `${scaled}`);
});

Deno.test("extremeMixing comes close to the extreme of a grid over all M in the plane", () => {
  const groups = Array.from({ length: 40 }, (_, i) => i % 2);
  const B = new Matrix(groups.map((group, i) => [Math.sin(i * i) + group, 2 * Math.cos(i)]));
  const angles = Array.from({ length: 90 }, (_, i) => i * Math.PI / 90);
  const values = angles.flatMap((angle) =>
    [1, 1.3, 1.7, 2.2, 3].map((stretch) => {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const turned = B.mmul(new Matrix([[c, -s], [s, c]])).mulColumn(0, stretch);
      return sameClusterAuc(cosineSimilarity(turned), groups);
    })
  );
  const found = goals.map((goal) =>
    extremeMixing({ A: B, B }, groups, { goal, condition: 3 }).value
  );
  assert(found[0] >= Math.max(...values) - 0.02, `${found[0]}, ${Math.max(...values)}`);
  assert(found[1] <= Math.min(...values) + 0.02, `${found[1]}, ${Math.min(...values)}`);
});

Deno.test("extremeMixing pushes the precision as well, and gives the same M for the same seed", () => {
  const options = { ...quick, goal: "worst", measure: "precision", starts: 2, steps: 20 } as const;
  const [a, b] = [1, 2].map(() => extremeMixing(model, labels, options));
  assert(a.value < a.before);
  assert.deepEqual(a.M, b.M);
});

Deno.test("extremeMixing has nothing to move for κ = 1, and says what is wrong", () => {
  const { M, value, before } = extremeMixing(model, labels, { goal: "worst", condition: 1 });
  assert.deepEqual(M, Matrix.eye(12));
  assert.equal(value, before);
  assert.throws(
    () => extremeMixing(model, labels, { goal: "best", condition: 0.5 }),
    /Cannot search for a mixing: condition must be a number of at least 1, current value is 0.5/,
  );
});
