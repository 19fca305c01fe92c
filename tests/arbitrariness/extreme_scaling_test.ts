import {
  cosineSimilarity,
  denoisingEmbeddings,
  neighborPrecision,
  randomRotation,
  rotate,
  sameClusterAuc,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { extremeMixing, extremeScaling } from "cosine-lab/arbitrariness";
import { inverse, Matrix, SingularValueDecomposition } from "ml-matrix";
import assert from "node:assert/strict";
import seedrandom from "seedrandom";

const simulation = simulateInteractions({ users: 1500, items: 120, clusters: 3, seed: "extremes" });
const labels = simulation.clusters;
const model = denoisingEmbeddings(truncatedSVD(simulation.interactions, { rank: 12 }), {
  lambda: 1000,
});
const quick = { condition: 3, starts: 3, steps: 60 };

Deno.test("extremeScaling finds scalings on both sides of the model as it is", () => {
  const best = extremeScaling(model, labels, { ...quick, goal: "best" });
  const worst = extremeScaling(model, labels, { ...quick, goal: "worst" });
  assert.equal(best.before, sameClusterAuc(cosineSimilarity(model.B), labels));
  assert.equal(worst.before, best.before);
  assert(best.value > best.before + 0.02, `best is only ${best.value}`);
  assert(worst.value < worst.before - 0.02, `worst is still ${worst.value}`);
});

Deno.test("extremeScaling returns the D, within κ, that has the value it states", () => {
  for (const measure of ["auc", "precision"] as const) {
    const { d, embeddings, value } = extremeScaling(
      model,
      labels,
      { ...quick, goal: "worst", measure, neighbors: 5 },
    );
    assert(Math.min(...d) > 0 && Math.max(...d) / Math.min(...d) <= 3);
    const rescaled = model.B.clone();
    d.forEach((scale, i) => rescaled.mulColumn(i, 1 / scale));
    assert.deepEqual(embeddings.B, rescaled);
    const s = cosineSimilarity(rescaled);
    assert.equal(
      value,
      measure === "auc" ? sameClusterAuc(s, labels) : neighborPrecision(s, labels, 5),
    );
  }
});

Deno.test("extremeScaling leaves every prediction as it was", () => {
  const { embeddings } = extremeScaling(model, labels, { ...quick, goal: "worst" });
  const before = model.A.mmul(model.B.transpose());
  const after = embeddings.A.mmul(embeddings.B.transpose());
  assert(Matrix.sub(after, before).abs().max() < 1e-14);
});

Deno.test("extremeScaling pushes the precision as well as the AUC", () => {
  const objective = { ...quick, measure: "precision", neighbors: 5 } as const;
  const best = extremeScaling(model, labels, { ...objective, goal: "best" });
  const worst = extremeScaling(model, labels, { ...objective, goal: "worst" });
  assert(best.value >= best.before && worst.value < worst.before);
});

Deno.test("extremeScaling comes close to the extreme of a grid over all D", () => {
  const B = new Matrix([
    [2, 1, 0.3],
    [1.5, -1, 0.8],
    [1, 0.5, -1],
    [-0.4, 1, 1],
    [-1, 1.2, -0.5],
    [0.3, -1, 0.9],
  ]);
  const groups = [0, 0, 0, 1, 1, 1];
  const grid = [1, 1.5, 2.25, 3.375];
  let best = 0, worst = 1;
  for (const x of grid) {
    for (const y of grid) {
      for (const z of grid) {
        const scaled = B.clone();
        [x, y, z].forEach((scale, i) => scaled.mulColumn(i, 1 / scale));
        const value = sameClusterAuc(cosineSimilarity(scaled), groups);
        best = Math.max(best, value);
        worst = Math.min(worst, value);
      }
    }
  }
  const e = { A: B, B };
  const options = { condition: 3.375 };
  assert(extremeScaling(e, groups, { ...options, goal: "best" }).value >= best - 0.02);
  assert(extremeScaling(e, groups, { ...options, goal: "worst" }).value <= worst + 0.02);
});

Deno.test("extremeScaling gives the same D for the same seed", () => {
  const run = (seed: string) =>
    extremeScaling(model, labels, { ...quick, goal: "best", starts: 4, steps: 20, seed });
  assert.deepEqual(run("a").d, run("a").d);
  assert.equal(run("a").value, run("a").value);
});

Deno.test("extremeScaling has nothing to move for κ = 1", () => {
  const { d, value, before } = extremeScaling(model, labels, { goal: "worst", condition: 1 });
  assert.deepEqual([...d], Array(12).fill(1));
  assert.equal(value, before);
});

Deno.test("extremeScaling reports progress up to 1", () => {
  const reports: number[] = [];
  extremeScaling(model, labels, {
    goal: "best",
    condition: 2,
    starts: 2,
    steps: 8,
    onProgress: (done, total) => reports.push(done / total),
  });
  assert.deepEqual(reports, [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
});

Deno.test("extremeScaling says what is wrong with its input", () => {
  const search = (wrong: object, all: ArrayLike<number> = labels) => () =>
    extremeScaling(model, all, { ...quick, goal: "best", ...wrong });
  assert.throws(
    search({ condition: Infinity }),
    /condition must be a finite number of at least 1, current value is Infinity/,
  );
  assert.throws(search({}, [1]), RangeError);
  assert.throws(search({ goal: "up" }), /goal must be "best" or "worst", current value is "up"/);
  assert.throws(search({ measure: "recall" }), /measure must be "auc" or "precision"/);
  assert.throws(
    search({}, Array(120).fill(0)),
    /labels must put some pairs in one cluster and others in two/,
  );
  assert.throws(search({ steps: 0 }), RangeError);
  assert.throws(
    search({ measure: "precision", neighbors: 120 }),
    /neighbors must be an integer between 1 and 119/,
  );
});

const quickly = { condition: 2, starts: 1, steps: 60 };
const goals = ["best", "worst"] as const;
const [best, worst] = goals.map((goal) => extremeMixing(model, labels, { ...quickly, goal }));

Deno.test("extremeMixing goes further than extremeScaling, to either side", () => {
  const [d, u] = goals.map((goal) =>
    extremeScaling(model, labels, { ...quickly, goal, starts: 3 })
  );
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
    const there = extremeMixing(rotated, labels, { ...quickly, goal }).value;
    assert(Math.abs(there - [best, worst][i].value) < 1e-6, `${goal}: ${there}`);
  }
  const scaled = [model, rotated].map((e) =>
    extremeScaling(e, labels, { ...quickly, goal: "best" }).value
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
  const options = {
    ...quickly,
    goal: "worst",
    measure: "precision",
    starts: 2,
    steps: 20,
  } as const;
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
