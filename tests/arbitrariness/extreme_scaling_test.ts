import assert from "node:assert/strict";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  neighborPrecision,
  sameClusterAuc,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { extremeScaling } from "cosine-lab/arbitrariness";
import { Matrix } from "ml-matrix";

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
