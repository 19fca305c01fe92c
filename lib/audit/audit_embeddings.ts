import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { type AuditOptions, auditOptions, type FullAuditOptions } from "./audit_options.ts";
import { assertPairs } from "./assert_pairs.ts";
import { assertIdPerRow, assertNumberPerRow } from "./assert_side.ts";
import type { AuditReport } from "./audit_report.ts";
import { verdictOf } from "./deciding/verdict.ts";
import { type EmbeddingRows, embeddingRows } from "./embedding_rows.ts";
import { SCHEMA } from "./findings.ts";
import { anisotropy } from "./measuring/anisotropy.ts";
import { attainableCosines } from "./measuring/attainable_cosines.ts";
import { canonicalSample } from "./measuring/canonical_sample.ts";
import { centeredAxes } from "./measuring/centered_axes.ts";
import { correlation } from "./measuring/correlation.ts";
import { duplicateRows } from "./measuring/duplicate_rows.ts";
import { freeGroup } from "./measuring/free_group.ts";
import { measureNeighbors } from "./measuring/measure_neighbors.ts";
import { noiseTest } from "./measuring/noise_test.ts";
import { normSummary } from "./measuring/norm_summary.ts";
import { pairProducts } from "./measuring/pair_products.ts";
import { popularityRelation } from "./measuring/popularity_relation.ts";
import { quantization } from "./measuring/quantization.ts";
import { queryItems } from "./measuring/query_items.ts";
import { rogueCoordinates } from "./measuring/rogue_coordinates.ts";
import { userBalance } from "./measuring/user_balance.ts";
import { sampleRows } from "./sample_rows.ts";
import { scanRows } from "./scan_rows.ts";

/**
 * Finds out what cosines of embeddings can be trusted for: what follows from how the model was
 * trained, what the vectors show, and what they cannot tell.
 *
 * Norms and duplicates are of all items. Neighbors and pairs are of a random sample, whose size and
 * error the report states. What training leaves free depends on how the model was trained: see
 * {@linkcode DeclaredTraining}. Where it is not said, the verdict says what would follow from what.
 * None of the measurements depends on the basis of the space but those of single coordinates, which
 * say so.
 *
 * @param B The embeddings, p x k, rows are items; in memory, or read block by block.
 * @param options What else is known, and how closely to look.
 * @returns The report; the same for the same seed, to the last digit.
 * @throws {TypeError} If B is neither, or an option is unknown or of the wrong kind.
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
 *   Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(i * i), Math.sin(3 * i), i % 5]),
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
  const { seed, trained, conditions, onProgress } = all;
  const items = embeddingRows("audit", "B", B);
  const users = all.users === undefined ? null : embeddingRows("audit", "users", all.users);
  const queries = all.queries === undefined ? null : embeddingRows("audit", "queries", all.queries);
  const group = freeGroup(trained);
  onProgress?.(0, 100, "reading all rows");
  const { norms, zeroRows } = scanRows("embeddings", items);
  assertSides(all, items, users, queries);
  const duplicates = duplicateRows(items, norms);
  onProgress?.(15, 100, "comparing users with items");
  const contexts = group === "sum" ? users : null;
  const sides = users === null || contexts !== null
    ? null
    : userBalance(items, norms, { ...all, users });

  onProgress?.(25, 100, "drawing a sample");
  const k = items.columns;
  const sample = sampleRows(items, norms, sampleSize(all.sample, k), generator("rows", seed));
  const canonical = canonicalSample(sample);
  const centered = centeredAxes(canonical);
  const pairs = randomPairs(sample.indices.length, generator("pairs", seed));
  const { dots, cosines } = pairProducts(sample, pairs);
  onProgress?.(40, 100, "looking for neighbors");
  const measured = measureNeighbors(items, norms, {
    sample,
    canonical,
    centered,
    contexts,
    userMoments: sides?.userMoments ?? null,
    pairs,
    options: all,
  });
  onProgress?.(90, 100, "comparing with noise");
  const free = group !== "rotation" && group !== "none";
  const findings = {
    schema: SCHEMA as typeof SCHEMA,
    items: items.rows,
    dimensions: k,
    zeroRows,
    trained,
    group,
    sample: { ...measured.sample, pairs: pairs.length / 2, seed },
    norms: normSummary(norms),
    duplicates,
    quantization: quantization(sample),
    noise: noiseTest(sample, generator("noise", seed)),
    dotCosineCorrelation: correlation(dots, cosines),
    anisotropy: anisotropy(sample, cosines, centered, items.rows - zeroRows),
    isoScoreRange: measured.isoScoreRange,
    rogueCoordinates: rogueCoordinates(sample),
    hubness: measured.hubness,
    neighbors: measured.neighbors,
    attainable: free ? attainableCosines(cosines, conditions, EFFECTIVE[group ?? "linear"]) : [],
    examples: measured.examples,
    labels: measured.labels,
    popularity: all.popularity === undefined
      ? null
      : popularityRelation(all.popularity, norms, sample, measured.lists),
    users: sides?.balance ?? null,
    contexts: contexts !== null,
    queries: queries === null ? null : queryItems(items, queries, {
      neighbors: all.neighbors,
      free: free && group !== "sum",
      pairs: all.pairs,
      random: generator("queries", seed),
    }),
  };
  onProgress?.(100, 100, "done");
  return { ...findings, verdict: verdictOf(findings) };
}

/** Each stage draws from a generator of its own: what one draws does not change the others. */
const generator = (stage: string, seed: string) => seedrandom.alea(`${seed}/${stage}`);

/** How many multiplications the canonical coordinates may take. */
const SAMPLE_WORK = 3e9;
const PAIRS = 2000;

/** The sum W + W̃ moves by (D + D⁻¹)/2 at least, which stretches less than D. */
const EFFECTIVE: Record<string, (condition: number) => number> = {
  sum: (condition) => (Math.sqrt(condition) + 1 / Math.sqrt(condition)) / 2,
};

/** The most rows m, up to `wanted`, with m·k·min(m, k) multiplications or less. */
function sampleSize(wanted: number, k: number): number {
  const most = k * k * k <= SAMPLE_WORK ? SAMPLE_WORK / k / k : Math.sqrt(SAMPLE_WORK / k);
  return Math.max(10, Math.min(wanted, Math.floor(most)));
}

/** Throws unless what is known beside the vectors is of them. */
function assertSides(
  all: FullAuditOptions,
  items: EmbeddingRows,
  users: EmbeddingRows | null,
  queries: EmbeddingRows | null,
): void {
  const { labels, popularity, ids, userCounts, pairs } = all;
  const [action, p] = ["audit", items.rows];
  const least = userCounts === undefined ? -Infinity : 0;
  if (labels !== undefined) assertNumberPerRow(action, "labels", labels, p);
  if (popularity !== undefined) assertNumberPerRow(action, "popularity", popularity, p, least);
  if (ids !== undefined) assertIdPerRow(action, "ids", ids, p);
  if (userCounts !== undefined) {
    assertNumberPerRow(action, "userCounts", userCounts, users?.rows ?? 0, 0, "users");
  }
  if (queries !== null && queries.columns !== items.columns) {
    throw new RangeError(
      `Cannot audit: queries must have as many columns as the items, ${items.columns}, they have ` +
        `${queries.columns}`,
    );
  }
  if (pairs !== undefined) assertPairs(action, pairs, { queries: queries!.rows, items: p });
}

function randomPairs(m: number, random: () => number): Uint32Array {
  const pairs = new Uint32Array(2 * PAIRS);
  for (let t = 0; t < PAIRS; t++) {
    const a = Math.floor(random() * m), b = Math.floor(random() * (m - 1));
    pairs[2 * t] = a;
    pairs[2 * t + 1] = b < a ? b : b + 1;
  }
  return pairs;
}
