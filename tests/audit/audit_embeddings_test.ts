import assert from "node:assert/strict";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingSpectrum,
  type Embeddings,
  gram,
  neighborOverlap,
  neighborPrecision,
  rescale,
  sameClusterAuc,
  simulateInteractions,
  truncatedSVD,
  userEmbeddings,
  weightDecayEmbeddings,
} from "cosine-lab";
import {
  auditEmbeddings,
  auditHtml,
  type AuditOptions,
  type AuditReport,
  auditSummary,
} from "cosine-lab/audit";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";

const simulation = simulateInteractions({ users: 2000, items: 200, clusters: 4, seed: "audit" });
const { interactions, clusters: labels } = simulation;
const svd = truncatedSVD(interactions, { rank: 20 });
const popularity = gram(interactions).diag();
const eq1 = denoisingEmbeddings(svd, { lambda: 1000 });
const spectrum = denoisingSpectrum(svd, 1000);
const eq2 = weightDecayEmbeddings(svd, { lambda: 30 });
const audit = (e: Embeddings, options: AuditOptions = {}) => auditEmbeddings(e.B, options);
const withUsers = (e: Embeddings, options: AuditOptions = {}) =>
  audit(e, { users: userEmbeddings(interactions, e), ...options });

/** Vectors trained on cosines: gradient descent on ‖C − EEᵀ‖², rows of E normalized each step. */
function trainedOnCosines(): Matrix {
  const target = cosineSimilarity(gram(interactions));
  const random = seedrandom.alea("cosine-trained");
  let E = new Matrix(
    Array.from({ length: 200 }, () => Array.from({ length: 12 }, () => random() - 0.5)),
  );
  for (let step = 0; step < 60; step++) {
    E = Matrix.sub(E, Matrix.sub(E.mmul(E.transpose()), target).mmul(E).mul(0.005));
    for (let i = 0; i < E.rows; i++) E.mulRow(i, 1 / Math.hypot(...E.getRow(i)));
  }
  return E;
}

Deno.test("the audit warns of Eq. 1, whatever D it was given with", () => {
  for (const power of [0.5, 0, -0.5]) {
    const model = rescale(eq1, spectrum.map((s) => s ** power));
    for (const report of [audit(model), withUsers(model)]) {
      assert.equal(report.verdict.level, "undetermined");
      assert.equal(report.verdict.warning, true);
    }
    const declared = audit(model, { trained: "product" }).verdict;
    assert.deepEqual([declared.level, declared.warning], ["arbitrary", true]);
    assert(withUsers(model).users!.imbalance > 0.5);
  }
});

Deno.test("the audit calls Eq. 2 unique but dependent on regularization", () => {
  const declared = audit(eq2, { trained: "factors" }).verdict;
  const seen = withUsers(eq2);
  for (const verdict of [declared, seen.verdict]) {
    assert.deepEqual([verdict.level, verdict.warning], ["regularization-dependent", false]);
    assert.match(verdict.summary, /unique, but they depend on the regularization/);
  }
  assert(seen.users!.imbalance < 1e-10);
  assert(Math.abs(seen.users!.condition - 1) < 1e-6);
  assert.equal(audit(eq2).verdict.level, "undetermined");
});

Deno.test("the audit does not cry wolf over vectors trained on cosines", () => {
  const B = trainedOnCosines();
  for (const options of [{}, { labels, popularity }, { trained: "cosine" as const }]) {
    const { verdict, dotCosineCorrelation } = auditEmbeddings(B, options);
    assert.deepEqual([verdict.level, verdict.warning], ["no-warning", false]);
    assert.deepEqual(verdict.remedies, []);
    assert(dotCosineCorrelation! > 0.9999);
  }
  assert.equal(auditEmbeddings(B, { trained: "product" }).verdict.warning, true);
  const cosineTrained = auditEmbeddings(eq1.B, { trained: "cosine" }).verdict;
  assert.equal(cosineTrained.level, "no-warning");
});

Deno.test("the audit does not believe in weight decay on sides that are out of balance", () => {
  const { verdict } = withUsers(eq1, { trained: "factors" });
  assert.deepEqual([verdict.level, verdict.warning], ["undetermined", true]);
  assert(verdict.reasons.some((reason) => reason.includes("out of balance")));
});

Deno.test("the audit's numbers are those of the library", () => {
  const report = audit(eq1, { labels, popularity, neighbors: 5 });
  const cosine = cosineSimilarity(eq1.B);
  const dot = eq1.B.mmul(eq1.B.transpose());
  const leveled = cosineSimilarity(rescale(eq1, spectrum.map(Math.sqrt)).B);
  const overlapOf = (report: AuditReport, change: string) =>
    report.neighbors.find((row) => row.change === change)!.overlap;
  const close = (actual: number, expected: number, tolerance = 1e-9) =>
    assert(Math.abs(actual - expected) < tolerance, `${actual} is not ${expected}`);
  close(overlapOf(report, "dot product"), neighborOverlap(cosine, dot, 5));
  close(overlapOf(report, "D that levels the spectrum"), neighborOverlap(cosine, leveled, 5));
  assert.equal(report.labels!.classes, 4);
  close(report.labels!.changes[0].auc, sameClusterAuc(cosine, labels));
  close(report.labels!.changes[0].precision, neighborPrecision(cosine, labels, 5));
  assert(report.labels!.extremes.worst < report.labels!.changes[0].auc);
  assert(report.labels!.extremes.best > report.labels!.changes[0].auc);
  close(report.norms.max, Math.max(...eq1.B.to2DArray().map((row) => Math.hypot(...row))));
  const pairs = Array.from({ length: 200 }, (_, i) => cosine.getRow(i).filter((_, j) => j !== i));
  const mean = pairs.flat().reduce((a, b) => a + b) / (200 * 199);
  close(report.anisotropy.meanCosine, mean, 0.02);
  assert(report.anisotropy.coordinateCorrelation < 1e-8);
});

Deno.test("comparing in the original space does not depend on D", () => {
  const neighbors = (e: Embeddings) =>
    withUsers(e, { popularity }).examples.map(({ lists }) =>
      lists.find(({ change }) => change === "compared in the original space")!.neighbors
    );
  assert.deepEqual(neighbors(rescale(eq1, spectrum.map((s) => s ** 2))), neighbors(eq1));
  // They are the neighbors by the columns of the predictions XABᵀ.
  const predictions = userEmbeddings(interactions, eq1).mmul(eq1.B.transpose());
  const s = cosineSimilarity(predictions.transpose());
  const [{ item }] = withUsers(eq1, { popularity }).examples;
  const best = Array.from({ length: 200 }, (_, j) => j).filter((j) => j !== item)
    .sort((a, b) => s.get(Number(item), b) - s.get(Number(item), a)).slice(0, 5);
  assert.deepEqual(neighbors(eq1)[0], best);
});

Deno.test("the audit says what norms and popularity have in common", () => {
  const { popularity: relation, verdict } = audit(eq2, { popularity, trained: "factors" });
  assert(relation!.normCorrelation! > 0.9);
  assert(relation!.dotNeighbors > relation!.cosineNeighbors + 0.1);
  assert(verdict.remedies.some((remedy) => remedy.includes("popularity bias")));
});

Deno.test("the audit draws a sample of many items, the same for the same seed", () => {
  const run = (seed: string) => audit(eq1, { sample: 60, seed, labels });
  const report = run("a");
  assert.equal(report.sample.items, 60);
  assert.deepEqual(run("a"), report);
  assert.notDeepEqual(run("b").neighbors, report.neighbors);
});

Deno.test("the audit counts rows of zeros, and leaves them out", () => {
  const B = eq1.B.clone();
  for (const i of [3, 77]) B.setRow(i, new Array(20).fill(0));
  const report = auditEmbeddings(B);
  assert.equal(report.zeroRows, 2);
  assert.equal(report.sample.items, 198);
  assert(report.norms.min > 0);
  assert(report.verdict.reasons.some((reason) => reason.includes("2 rows are zero")));
});

Deno.test("the audit manages extreme sizes, one dimension and two rows", () => {
  const overlaps = (scale: number) =>
    auditEmbeddings(Matrix.mul(eq1.B, scale)).neighbors.map(({ overlap }) => overlap.toFixed(2));
  assert.deepEqual(overlaps(1e-200), overlaps(1));
  assert.deepEqual(overlaps(1e200), overlaps(1));
  const tiny = auditEmbeddings(new Matrix([[1], [-2]]), { labels: [0, 1], popularity: [1, 1] });
  assert.equal(tiny.sample.neighbors, 1);
  assert.equal(tiny.labels, null);
  assert.equal(tiny.popularity!.normCorrelation, null);
});

Deno.test("the summary and the page tell the verdict, its reasons and no NaN", () => {
  for (
    const report of [
      withUsers(eq1, { labels, popularity, ids: Array.from({ length: 200 }, (_, i) => `<${i}>`) }),
      auditEmbeddings(new Matrix([[1], [-2]])),
      auditEmbeddings(new Matrix([[1, 1], [1, 1], [1, 1]])),
    ]
  ) {
    const text = auditSummary(report), page = auditHtml(report, "a <b>.npy");
    for (const output of [text, page, JSON.stringify(report)]) assert.doesNotMatch(output, /NaN/);
    assert(text.split("\n").every((line) => line.length <= 80));
    assert(page.includes(report.verdict.summary));
    assert(page.includes("a &lt;b&gt;.npy"));
    assert.doesNotMatch(page, /<script|src="http|href="http|<b>/);
  }
});

Deno.test("the audit says what is wrong with its input", () => {
  const B = new Matrix([[1, 2], [3, 4], [5, 7]]);
  const fails = (message: RegExp, ...args: Parameters<typeof auditEmbeddings>) =>
    assert.throws(() => auditEmbeddings(...args), { name: /Error/, message });
  fails(/B must be finite, entry \(0, 1\) is NaN/, new Matrix([[1, NaN], [1, 2]]));
  fails(/at least 2 rows and 1 column, their shape is 1 x 2/, new Matrix([[1, 2]]));
  fails(/at least 2 rows that are not zero/, new Matrix([[1, 2], [0, 0]]));
  fails(/labels must have an entry for each of the 3 items, it has 2/, B, { labels: [1, 2] });
  fails(/users must have as many columns as the items, 2, they have 1/, B, {
    users: new Matrix([[1], [2]]),
  });
  fails(/users must not be the items themselves: .* the rows of XA, not of A/, B, { users: B });
  fails(/trained must be "product" or/, B, { trained: "other" as "product" });
  fails(/conditions must be finite numbers above 1, current value is \[1\]/, B, {
    conditions: [1],
  });
  fails(/sample must be an integer of at least 10/, B, { sample: 1 });
  fails(/B must be an ml-matrix Matrix, or rows/, [[1, 2]] as unknown as Matrix);
});
