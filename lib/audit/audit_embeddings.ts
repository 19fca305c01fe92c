import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { assertFinite } from "../check/assert_finite.ts";
import { anchorNeighbors } from "./anchor_neighbors.ts";
import { anisotropy } from "./anisotropy.ts";
import { assertPerItem, type AuditOptions, auditOptions } from "./audit_options.ts";
import type { AuditReport } from "./audit_report.ts";
import { correlation } from "./correlation.ts";
import { type EmbeddingRows, rowsOfMatrix } from "./embedding_rows.ts";
import { intervalWidths } from "./interval_widths.ts";
import { LabelCollector } from "./label_agreement.ts";
import { changedRows, neighborChanges } from "./neighbor_changes.ts";
import { ExampleCollector } from "./neighbor_examples.ts";
import { normSummary } from "./norm_summary.ts";
import { pairProducts } from "./pair_products.ts";
import { popularityRelation } from "./popularity_relation.ts";
import { axesOf, principalAxes } from "./principal_axes.ts";
import { type RowSample, sampleRows } from "./sample_rows.ts";
import { scanRows } from "./scan_rows.ts";
import { labelNumbers } from "./side_values.ts";
import { userBalance } from "./user_balance.ts";
import { verdictOf } from "./verdict.ts";

/**
 * Finds out what cosines of embeddings can be trusted for: how much of them is a choice that
 * training left open, or made without saying so.
 *
 * Norms are of all items. Neighbors and pairs are of a random sample, which is large enough for
 * shares to be known to about two percent; the report says how large. Which freedom is real depends
 * on how the model was trained, which vectors do not tell: see {@linkcode DeclaredTraining}. Where it is not
 * said, the verdict says what would follow from what.
 *
 * @param B The embeddings, p x k, rows are items; in memory, or read block by block.
 * @param options What else is known, and how closely to look.
 * @returns The report; the same for the same seed, to the last digit.
 * @throws {TypeError} If B is neither, or an option is of the wrong kind.
 * @throws {RangeError} If B has less than two rows that are not zero or is not finite, or an option
 * is out of bounds or not of the length of B.
 *
 * @example
 * ```ts
 * import { auditEmbeddings } from "cosine-lab/audit";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const B = new Matrix(
 *   Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(i * i), Math.sin(3 * i)]),
 * );
 * const { norms, verdict } = auditEmbeddings(B, { trained: "product" });
 * assert(norms.min > 0);
 * assert.equal(verdict.level, "arbitrary");
 * ```
 */
export function auditEmbeddings(
  B: Matrix | EmbeddingRows,
  options: AuditOptions = {},
): AuditReport {
  const all = auditOptions(options);
  const { seed, conditions, onProgress } = all;
  const items = asRows("B", B);
  const random = seedrandom.alea(seed);
  onProgress?.(0, 100, "reading all rows");
  const { norms, zeroRows, columnSquares } = scanRows("embeddings", items);
  for (const name of ["labels", "popularity", "ids"] as const) {
    assertPerItem(name, all[name], items.rows);
  }
  onProgress?.(10, 100, "comparing users with items");
  const users = all.users === undefined
    ? null
    : userBalance(items, asRows("users", all.users), norms);

  onProgress?.(20, 100, "drawing a sample");
  const k = items.columns;
  const sample = sampleRows(items, norms, all.sample, random);
  const m = sample.indices.length;
  const count = Math.min(all.neighbors, m - 1);
  const anchors = anchorsOf(m, bounded(ANCHOR_WORK / (m * k), 50, 300));
  const pairs = randomPairs(m, bounded(PAIR_WORK / (k * k * conditions.length), 200, 2000), random);
  const plain = principalAxes(sample.values, k, false);
  const centered = principalAxes(sample.values, k, true);
  const userAxes = users === null ? null : axesOf(users.userMoments);

  onProgress?.(30, 100, "looking for neighbors");
  const cosine = anchorNeighbors(sample.values, k, anchors, count, "cosine");
  const collector = labelCollector(all.labels, sample, anchors);
  const examples = exampleCollector(all, norms, sample, anchors);
  const asIs = { change: "cosine", values: sample.values, measure: "cosine" } as const;
  collector?.add(asIs, cosine);
  examples.add("cosine", cosine, count);
  let dot = cosine;
  const neighbors = neighborChanges(
    changedRows(sample, plain, centered, conditions, random, userAxes),
    k,
    anchors,
    cosine,
    (changed, found) => {
      collector?.add(changed, found);
      examples.add(changed.change, found, count);
      if (changed.measure === "dot") dot = found;
    },
  );
  onProgress?.(70, 100, "bounding cosines");
  const intervals = intervalWidths(sample, pairs, conditions);
  const { dots, cosines } = pairProducts(sample, pairs);
  onProgress?.(80, 100, "comparing with labels");
  const report = {
    items: items.rows,
    dimensions: k,
    zeroRows,
    trained: all.trained,
    sample: { items: m, anchors: anchors.length, neighbors: count, pairs: pairs.length / 2, seed },
    norms: normSummary(norms),
    dotCosineCorrelation: correlation(dots, cosines),
    anisotropy: anisotropy(sample, cosines, centered, columnSquares),
    neighbors,
    intervals,
    examples: examples.finish(),
    labels: collector?.finish(sample, seed) ?? null,
    popularity: all.popularity === undefined
      ? null
      : popularityRelation(all.popularity, norms, sample, { cosine, dot }),
    users: users?.balance ?? null,
  };
  onProgress?.(100, 100, "done");
  return { ...report, verdict: verdictOf(report) };
}

/** How many multiplications a search for neighbors may take: some tenth of a second. */
const ANCHOR_WORK = 2e8;
/** How many runs of coordinates may be tried for all intervals: some seconds. */
const PAIR_WORK = 8e9;

function bounded(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.floor(value)));
}

function asRows(name: string, value: Matrix | EmbeddingRows): EmbeddingRows {
  if (Matrix.isMatrix(value)) {
    assertFinite("audit", name, value);
    return rowsOfMatrix(value);
  }
  if (typeof (value as EmbeddingRows)?.blocks !== "function") {
    throw new TypeError(`Cannot audit: ${name} must be an ml-matrix Matrix, or rows to be read`);
  }
  return value;
}

/** Rows at even distances: the sample is in the order of the items, which may have a meaning. */
function anchorsOf(m: number, most: number): Uint32Array {
  const count = Math.min(m, most);
  return Uint32Array.from({ length: count }, (_, i) => Math.floor(i * m / count));
}

function randomPairs(m: number, count: number, random: () => number): Uint32Array {
  const pairs = new Uint32Array(2 * count);
  for (let t = 0; t < count; t++) {
    const a = Math.floor(random() * m), b = Math.floor(random() * (m - 1));
    pairs[2 * t] = a;
    pairs[2 * t + 1] = b < a ? b : b + 1;
  }
  return pairs;
}

function labelCollector(
  labels: ArrayLike<number> | undefined,
  { indices, columns }: RowSample,
  anchors: Uint32Array,
): LabelCollector | null {
  if (labels === undefined) return null;
  const numbers = labelNumbers(Array.from(indices, (item) => labels[item]));
  const collector = new LabelCollector(numbers, anchors, columns);
  return collector.usable ? collector : null;
}

function exampleCollector(
  { popularity, ids }: AuditOptions,
  norms: Float64Array,
  { indices }: RowSample,
  anchors: Uint32Array,
): ExampleCollector {
  const size = popularity ?? norms;
  return new ExampleCollector(
    anchors,
    (row) => size[indices[row]],
    popularity === undefined ? "long" : "popular",
    (row) => ids === undefined ? indices[row] : ids[indices[row]],
  );
}
