import assert from "node:assert/strict";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingSpectrum,
  type Embeddings,
  gram,
  neighborOverlap,
  neighborPrecision,
  randomRotation,
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
import { clustered, gaussianNoise } from "./table_files.ts";

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
const overlapOf = (report: AuditReport, change: string) =>
  report.neighbors.find((row) => row.change === change)!.overlap;
const close = (actual: number, expected: number, tolerance = 1e-9) =>
  assert(Math.abs(actual - expected) < tolerance, `${actual} is not ${expected}`);

Deno.test("the audit's numbers are those of the library", () => {
  const report = audit(eq1, { labels, popularity, neighbors: 5 });
  const cosine = cosineSimilarity(eq1.B);
  const dot = eq1.B.mmul(eq1.B.transpose());
  const leveled = cosineSimilarity(rescale(eq1, spectrum.map(Math.sqrt)).B);
  close(overlapOf(report, "dot product"), neighborOverlap(cosine, dot, 5));
  // Eq. 1's columns are its principal axes about the origin: B = V is the level one.
  close(
    overlapOf(report, "all directions made equally strong"),
    neighborOverlap(cosine, leveled, 5),
  );
  assert.equal(report.labels!.classes, 4);
  close(report.labels!.changes[0].auc, sameClusterAuc(cosine, labels));
  close(report.labels!.changes[0].precision, neighborPrecision(cosine, labels, 5));
  const { worst, best } = report.labels!.extremes!;
  assert(worst < report.labels!.changes[0].auc && report.labels!.changes[0].auc < best);
  close(report.norms.max, Math.max(...eq1.B.to2DArray().map((row) => Math.hypot(...row))));
  const pairs = Array.from({ length: 200 }, (_, i) => cosine.getRow(i).filter((_, j) => j !== i));
  const mean = pairs.flat().reduce((a, b) => a + b) / (200 * 199);
  close(report.anisotropy.meanCosine, mean, 0.02);
  const centered = eq1.B.clone().center("column");
  const C = centered.transpose().mmul(centered);
  close(report.anisotropy.effectiveDimensions, C.trace() ** 2 / C.norm() ** 2, 1e-6);
  const whole = overlapOf(report, "mean removed");
  close(whole, neighborOverlap(cosine, cosineSimilarity(centered), 5));
});

Deno.test("nothing but single coordinates depends on the basis of a file", () => {
  const B = clustered({ items: 150, dimensions: 40, seed: "basis" });
  const R = randomRotation(40, seedrandom.alea("rotation"));
  for (const trained of ["product", "softmax", "sum", "factors"] as const) {
    const [a, b] = [B, B.mmul(R)].map((values) => auditEmbeddings(values, { trained }));
    const basisFree = ({ neighbors }: AuditReport) =>
      neighbors.filter(({ kind }) => kind === "member" || kind === "measure")
        .map(({ change, overlap }) => `${change} ${overlap.toFixed(9)}`);
    assert.deepEqual(basisFree(a), basisFree(b));
    close(a.anisotropy.isoScore, b.anisotropy.isoScore);
    close(a.hubness.skewness, b.hubness.skewness);
    assert.equal(a.verdict.headline, b.verdict.headline);
  }
});

Deno.test("members are of the group that was declared", () => {
  const members = (trained: AuditOptions["trained"]) =>
    audit(eq1, { trained }).neighbors.filter(({ kind }) => kind === "member");
  assert.deepEqual(members("factors"), []);
  assert.deepEqual(members("cosine"), []);
  assert(members("softmax").some(({ change }) => change.startsWith("moved by")));
  assert(members("product").every(({ change }) => !change.startsWith("moved by")));
  assert.deepEqual(members("unknown"), members("product"));
  const at = (trained: AuditOptions["trained"]) =>
    members(trained).find(({ condition }) => condition === 5)!.overlap;
  assert(at("sum") > at("product") + 0.1);
});

Deno.test("the orbit of a sum is that of both terms, where the contexts are given", () => {
  const draw = { items: 120, dimensions: 12, seed: "sum" };
  const W = clustered(draw), contexts = gaussianNoise({ ...draw, seed: "contexts" }).mul(2);
  const B = Matrix.add(W, contexts);
  const half = auditEmbeddings(B, { trained: "sum" });
  const report = auditEmbeddings(B, { trained: "sum", users: contexts });
  assert.deepEqual([half.contexts, report.contexts, report.users], [false, true, null]);
  // With W = W̃ given, nothing but rounding differs from taking the halves.
  const same = auditEmbeddings(B, { trained: "sum", users: Matrix.div(B, 2) });
  assert.deepEqual(
    same.neighbors.map(({ overlap }) => overlap),
    half.neighbors.map((n) => n.overlap),
  );
  const change = "axes stretched up to 5 times";
  assert(overlapOf(report, change) < overlapOf(half, change) - 0.1);
  assert(half.verdict.unknown.some((sentence) => sentence.startsWith("The two terms")));
  assert(!report.verdict.unknown.some((sentence) => sentence.startsWith("The two terms")));
});

Deno.test("comparing by predictions does not depend on M", () => {
  const neighbors = (e: Embeddings) =>
    withUsers(e, { popularity }).examples.map(({ lists }) =>
      lists.find(({ change }) => change === "compared by their predictions")!.neighbors
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

Deno.test("queries find by dot product what no member changes, and by cosine what it does", () => {
  const users = userEmbeddings(interactions, eq1);
  const queries = users.subMatrix(0, 39, 0, users.columns - 1);
  const scores = queries.mmul(eq1.B.transpose());
  const best = Array.from({ length: 40 }, (_, q) => {
    const row = scores.getRow(q);
    return row.indexOf(Math.max(...row));
  });
  const pairs = { queries: Array.from(best.keys()), items: best };
  const { queries: found } = audit(eq1, { queries, pairs, trained: "product" });
  assert.equal(found!.queries, 40);
  close(found!.ndcg!.dot.value, 1);
  assert(found!.ndcg!.cosine.value < 1 && found!.overlap.value < 1);
  assert.notEqual(found!.memberOverlap!.value, found!.overlap.value);
  assert.equal(audit(eq1, { queries, trained: "cosine" }).queries!.memberOverlap, null);
});

Deno.test("the audit says what norms and popularity have in common", () => {
  const { popularity: relation, verdict } = audit(eq2, { popularity, trained: "factors" });
  assert(relation!.normCorrelation! > 0.9);
  assert(relation!.dotNeighbors > relation!.cosineNeighbors + 0.1);
  assert(verdict.flags.includes("popularity"));
  assert(verdict.advice.some((advice) => advice.includes("popularity bias")));
});

Deno.test("the audit draws a sample of many items, the same for the same seed", () => {
  const run = (seed: string) => audit(eq1, { sample: 60, seed, labels });
  const report = run("a");
  assert.equal(report.sample.items, 60);
  assert.deepEqual(run("a"), report);
  assert.notDeepEqual(run("b").neighbors, report.neighbors);
});

Deno.test("the audit counts rows of zeros and repeated rows, and leaves zeros out", () => {
  const B = eq1.B.clone();
  for (const i of [3, 77]) B.setRow(i, new Array(20).fill(0));
  for (const i of [5, 6]) B.setRow(i, B.getRow(4));
  const report = auditEmbeddings(B);
  assert.deepEqual([report.zeroRows, report.sample.items], [2, 198]);
  const { group, copies, ...counts } = report.duplicates;
  assert.deepEqual(counts, { repeated: 2, distinct: 196, largest: 3 });
  assert.deepEqual([group.rows, copies.rows], [[4, 5, 6], [5, 6]]);
  assert(report.verdict.flags.includes("duplicates"));
  assert(report.norms.min > 0);
  assert.match(report.verdict.headline, /2 rows of 200 are zero \(rows 3 and 77\)/);
});

Deno.test("the audit notices numbers that were rounded to 8 bits, by row or by coordinate", () => {
  const B = gaussianNoise({ items: 1100, dimensions: 16, seed: "quantized" });
  const step = (values: number[]) => Math.max(...values.map(Math.abs)) / 127;
  const one = step(B.to1DArray());
  const columns = Array.from({ length: 16 }, (_, c) => step(B.getColumn(c)));
  const rounded = (size: (i: number, c: number) => number) =>
    new Matrix(
      B.to2DArray().map((row, i) =>
        row.map((entry, c) => Math.round(entry / size(i, c)) * size(i, c))
      ),
    );
  const found = (values: Matrix) => auditEmbeddings(values, { sample: 2000 }).quantization;
  assert.equal(found(rounded(() => one)), "one scale");
  assert.equal(found(rounded((i) => step(B.getRow(i)))), "a scale for each row");
  assert.equal(found(rounded((_, c) => columns[c])), "a scale for each coordinate");
  assert.equal(found(B), null);
});

Deno.test("the audit manages extreme sizes, equal rows, one dimension and two rows", () => {
  const overlaps = (scale: number) =>
    auditEmbeddings(Matrix.mul(eq1.B, scale)).neighbors.map(({ overlap }) => overlap.toFixed(2));
  assert.deepEqual(overlaps(1e-200), overlaps(1));
  assert.deepEqual(overlaps(1e200), overlaps(1));
  const tiny = auditEmbeddings(new Matrix([[1], [-2]]), { labels: [0, 1], popularity: [1, 1] });
  assert.deepEqual([tiny.sample.neighbors, tiny.labels], [1, null]);
  assert.equal(tiny.popularity!.normCorrelation, null);
  const long = eq1.B.clone();
  long.mulRow(7, 1e200);
  const { anisotropy, verdict } = auditEmbeddings(long);
  assert(Number.isFinite(anisotropy.meanCosine));
  assert.equal(verdict.level, "undetermined");
  const ones = auditEmbeddings(Matrix.ones(90, 5)).verdict;
  assert.deepEqual([ones.level, ones.flags.includes("collapsed")], ["data-fault", true]);
});

Deno.test("the summary and the page tell the verdict and no NaN, and escape what they are given", () => {
  const ids = Array.from({ length: 200 }, (_, i) => `<${i}>`);
  const reports = [
    withUsers(eq1, { labels, popularity, ids, queries: eq1.A }),
    auditEmbeddings(new Matrix([[1], [-2]])),
    auditEmbeddings(Matrix.ones(60, 2)),
    audit(eq2, { trained: "softmax" }),
    audit(eq2, { trained: "cosine" }),
  ];
  for (const report of reports) {
    const text = auditSummary(report), page = auditHtml(report, 'a <b> "c".npy');
    for (const output of [text, page, JSON.stringify(report)]) {
      assert.doesNotMatch(output, /NaN|undefined|Infinity/);
    }
    assert(text.split("\n").every((line) => line.length <= 80), text);
    assert(page.includes("a &lt;b&gt; &quot;c&quot;.npy"));
    assert.doesNotMatch(page, /<script|src="http|href="http|<b>/);
    const { level, title } = report.verdict;
    assert(page.includes(`<div class="level">${title}</div>`));
    assert(page.includes(`<span class="flag">${level} <span class="soft">level</span></span>`));
    assert(text.replaceAll(/\n +/g, " ").includes(`\nVerdict: ${title} `));
    assert.match(text, new RegExp(`\nFor scripts: level ${level}\\b`));
    // Text and page have the same sections in the same order.
    const titles = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    const drawn = titles.filter((title) => text.includes(`\n\n${title}\n`));
    assert.deepEqual(drawn, text.split("\n\n").slice(2).map((part) => part.split("\n")[0]));
    assert(drawn.length >= titles.length - 3);
  }
});

Deno.test("the first lines of a healthy file name no fault, what follows from what, and what to do next", () => {
  const B = clustered({ items: 150, dimensions: 20, seed: "healthy" });
  const { title, headline, advice } = auditEmbeddings(B).verdict;
  assert.equal(title, "no problem found; the training was not declared");
  assert.match(headline, /^No fault was found in this file\./);
  assert.match(
    headline,
    /how the model was trained: say so with `--trained cosine \| product .* use them\. .* replaces \d+ % \(± \d+ points?\)/,
  );
  assert.match(advice[0], /^Look up how the model was trained/);
  const declared = auditEmbeddings(B, { trained: "cosine" }).verdict;
  assert.deepEqual([declared.level, /^Use them/.test(declared.advice[0])], ["no-warning", true]);
  const lines = auditSummary(auditEmbeddings(B), 200).split("\n");
  assert(lines.findIndex((line) => line.startsWith("Next: Look up how the model")) < 8);
});

Deno.test("no sentence of a summary is read twice", () => {
  const B = eq1.B.clone();
  B.setRow(3, new Array(20).fill(0));
  B.setRow(5, B.getRow(4));
  const ids = Array.from({ length: 200 }, (_, i) => i === 7 ? 6 : i);
  const files: [Matrix, AuditOptions?][] = [
    [B, { ids, labels, popularity, queries: eq1.A }],
    [eq2.B, { trained: "factors", popularity, users: userEmbeddings(interactions, eq2) }],
    [Matrix.add(eq2.B, 5), { trained: "sum", biases: true }],
    [Matrix.ones(90, 5)],
    [clustered({ items: 90, dimensions: 16, seed: "columns" }).transpose()],
  ];
  for (const [values, options] of files) {
    const report = auditEmbeddings(values, options);
    const { headline, file, declared, measured, unknown, advice } = report.verdict;
    const runs = [headline, ...file, ...declared, ...measured, ...unknown, ...advice]
      .flatMap((sentence) => {
        const words = sentence.split(" ");
        return words.slice(7).map((_, i) => words.slice(i, i + 8).join(" "));
      });
    assert.deepEqual(runs.filter((run, i) => runs.indexOf(run) !== i), []);
    const [first] = auditSummary(report, 1000).split("What stays of the");
    assert.equal(first.split(advice[0]).length, 2);
  }
});

Deno.test("the audit says what is wrong with its input", () => {
  const B = new Matrix([[1, 2], [3, 4], [5, 7]]);
  const fails = (message: RegExp, ...args: unknown[]) =>
    assert.throws(() => auditEmbeddings(...args as Parameters<typeof auditEmbeddings>), {
      name: /Error/,
      message,
    });
  fails(/B must be finite, entry \(0, 1\) is NaN/, new Matrix([[1, NaN], [1, 2]]));
  fails(/at least 2 rows and 1 column, their shape is 1 x 2/, new Matrix([[1, 2]]));
  fails(/at least 2 rows that are not zero/, new Matrix([[1, 2], [0, 0]]));
  fails(/labels must have an entry for each of the 3 items, there are 2/, B, { labels: [1, 2] });
  fails(/popularity\[1\] must be a finite number, current value is NaN/, B, {
    popularity: [1, NaN, 2],
  });
  fails(/labels\[0\] must be a finite number, current value is "a"/, B, { labels: ["a", 1, 2] });
  fails(/users must have as many columns as the items, 2, they have 1/, B, {
    users: new Matrix([[1], [2]]),
  });
  fails(/users must not be the items themselves: .* the rows of XA, not of A/, B, { users: B });
  fails(/users must be the context vectors that are in it, 3 x 2/, B, {
    trained: "sum",
    users: new Matrix([[1, 2], [2, 1]]),
  });
  fails(/trained must be "product" or/, B, { trained: "other" });
  fails(/there is no option "trianed"/, B, { trianed: "product" });
  fails(/options must be an object/, B, null);
  fails(/pairs must come with queries/, B, { pairs: { queries: [0], items: [0] } });
  fails(/conditions must be an array/, B, { conditions: 5 });
  fails(/conditions must be finite numbers above 1, 1e12 at most, current value is \[1\]/, B, {
    conditions: [1],
  });
  fails(/sample must be an integer of at least 10/, B, { sample: 1 });
  fails(/B must be an ml-matrix Matrix, or rows/, [[1, 2]]);
});
