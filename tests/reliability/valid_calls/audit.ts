import { Matrix } from "ml-matrix";
import { auditEmbeddings, fitCorrection } from "cosine-lab/audit";
import { words } from "./files.ts";
import { call, type ValidCall, withOptions } from "./valid_call.ts";

const vectors = (count: number) =>
  new Matrix(
    Array.from(
      { length: count },
      (_, i) => [Math.sin(i), Math.cos(i * i), Math.sin(3 * i) + i % 2],
    ),
  );
const items = vectors(24);
// Of which each half has enough to choose by.
const more = vectors(60);
const rows = items.getColumn(0).map((_, i) => i);
const popularity = rows.map((i) => 1 + i % 10);
const labels = rows.map((i) => i % 2);
const users = items.clone().mul(2);
const pairs = { queries: [0, 1], items: [2, 3], weights: [1, 2] };
const search = { neighbors: 2, sample: 20, seed: "a", onProgress: () => {} };
const report = auditEmbeddings(items, { trained: "product", neighbors: 2 });

/** A call of everything that `cosine-lab/audit` exports. */
export const audit: Record<string, ValidCall> = {
  applyCorrection: call(fitCorrection(items, "whitening"), items),
  auditEmbeddings: withOptions({
    ...search,
    trained: "product",
    users,
    userCounts: popularity,
    labels,
    popularity,
    ids: rows,
    queries: items,
    pairs,
    conditions: [2],
  }, items),
  auditHtml: call(report, "vectors.npy"),
  auditSummary: call(report, 80),
  chooseCorrection: withOptions(
    {
      ...search,
      sample: 60,
      users,
      normalize: true,
      corrections: ["center"],
    },
    more,
    { labels: more.getColumn(0).map((_, i) => i % 2) },
  ),
  compareEmbeddings: withOptions(
    { ...search, idsOfA: rows, idsOfB: rows, popularity },
    items,
    users,
  ),
  fitCorrection: withOptions({ users, normalize: true, seed: "a" }, items, "canonical-0.5"),
  openEmbeddings: withOptions({ columns: ["x"], ids: "id", memory: 100 }, words),
};
