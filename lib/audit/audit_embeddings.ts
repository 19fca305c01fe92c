import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { InputRangeError } from "../errors.ts";
import {
  assertIdPerRow,
  assertNumberPerRow,
  assertPairs,
  type AuditOptions,
  auditOptions,
  type FullAuditOptions,
} from "./audit_options.ts";
import { isoScore, SPECTRUM, spreadOfRows } from "./measures/anisotropy.ts";
import {
  type CanonicalSample,
  canonicalSample,
  type CenteredAxes,
  centeredAxes,
} from "./measures/canonical_sample.ts";
import {
  contextsOf,
  corrections,
  groupMembers,
  originalSpace,
  storedIn8Bits,
} from "./measures/changes.ts";
import { freeGroup } from "./measures/free_group.ts";
import { hubness } from "./measures/hubness.ts";
import { type ChangedRows, ExampleCollector, neighborChanges } from "./measures/neighbors.ts";
import { LabelCollector } from "./measures/labels.ts";
import type { AuditContext, ChangedNeighbors, NeighborGraph } from "./measures/measure.ts";
import { type Findings, type Measured, MEASURES, SCHEMA } from "./measures/measures.ts";
import { userBalance } from "./measures/users.ts";
import { rowArrays } from "../linalg/matrices.ts";
import { NearestSearch, neighborsByBoth, piecewiseProducts, rowsOf } from "./neighbor_search.ts";
import type { AuditReport } from "./report.ts";
import {
  type EmbeddingRows,
  embeddingRows,
  evenPlaces,
  pairProducts,
  randomPairs,
  type RowSample,
  sampleRows,
  scanRows,
} from "./rows.ts";
import { labelNumbers } from "./side_values.ts";
import { verdictOf } from "./verdict.ts";

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
  const rows = (name: "users" | "queries") =>
    all[name] === undefined ? null : embeddingRows("audit", name, all[name]);
  const audited = {
    items: embeddingRows("audit", "B", B),
    users: rows("users"),
    queries: rows("queries"),
  };
  const { items } = audited;
  const context = auditContext(audited, all, () => assertSides(all, audited));
  const { scan, changed, pairs } = context;
  all.onProgress?.(90, 100, "drawing conclusions");
  const measured = Object.fromEntries(
    MEASURES.map(({ key, measure }) => [key, measure(context)]),
  ) as Measured;
  const findings: Findings = {
    schema: SCHEMA,
    items: items.rows,
    dimensions: items.columns,
    zeroRows: scan.zeroRows,
    trained: all.trained,
    biases: all.biases,
    file: all.file ?? null,
    group: context.group,
    sample: { ...changed.sample, pairs: pairs.length / 2, seed: all.seed },
    contexts: context.contexts,
    ...measured,
  };
  all.onProgress?.(100, 100, "done");
  return { ...findings, verdict: verdictOf(findings) };
}

/** Throws unless what is known beside the vectors is of them. */
function assertSides(
  all: FullAuditOptions,
  { items, users, queries }: AuditedRows,
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
    throw new InputRangeError(
      `Cannot audit: queries must have as many columns as the items, ${items.columns}, they have ` +
        `${queries.columns}`,
    );
  }
  if (pairs !== undefined) assertPairs(action, pairs, { queries: queries!.rows, items: p });
}

/** The sides of a model as rows. */
interface AuditedRows {
  items: EmbeddingRows;
  users: EmbeddingRows | null;
  queries: EmbeddingRows | null;
}

/** How many multiplications the canonical coordinates may take. */
const SAMPLE_WORK = 3e9;
const PAIRS = 2000;
const NEIGHBORS = 10;

/** Reads the rows, draws the sample, and looks for neighbors. */
function auditContext(
  { items, users, queries }: AuditedRows,
  options: FullAuditOptions,
  assertSides: () => void,
): AuditContext {
  const { onProgress, seed } = options;
  const group = freeGroup(options.trained, options.biases);
  const random = (stage: string) => seedrandom.alea(`${seed}/${stage}`);
  onProgress?.(0, 100, "reading all rows");
  const scan = scanRows("embeddings", items);
  const { norms } = scan;
  assertSides();
  onProgress?.(15, 100, "comparing users with items");
  const contexts = group === "sum" ? users : null;
  const sides = users === null || contexts !== null
    ? null
    : userBalance(items, norms, { ...options, users });
  onProgress?.(25, 100, "drawing a sample");
  const sample = sampleRows(
    items,
    norms,
    sampleSize(options.sample, items.columns),
    random("rows"),
  );
  const canonical = canonicalSample(sample);
  const spectral = isSpectral(canonical.rank, sample.indices.length, items.rows - scan.zeroRows);
  const centered = centeredAxes(canonical, spectral ? canonical.rank : SPECTRUM);
  const pairs = randomPairs(sample.indices.length, PAIRS, random("pairs"));
  onProgress?.(40, 100, "looking for neighbors");
  const graph = neighborGraph(
    canonical.values,
    canonical.rank,
    graphSize(canonical.rank),
    Math.max(NEIGHBORS, options.neighbors),
  );
  const changed = measureNeighbors(items, norms, {
    sample,
    canonical,
    centered,
    spectral,
    contexts,
    userMoments: sides?.userMoments ?? null,
    pairs,
    options,
    graph,
  });
  return {
    options,
    items,
    queries,
    group,
    scan,
    sample,
    canonical,
    centered,
    pairs,
    ...pairProducts(sample, pairs),
    graph,
    sides,
    contexts: contexts !== null,
    changed,
    random,
  };
}

/** The most rows m, up to `wanted`, with m·k·min(m, k) multiplications or less. */
function sampleSize(wanted: number, k: number): number {
  const most = k * k * k <= SAMPLE_WORK ? SAMPLE_WORK / k / k : Math.sqrt(SAMPLE_WORK / k);
  return Math.max(10, Math.min(wanted, Math.floor(most)));
}

/**
 * Whether there are enough rows for their spectrum to be a property of the space: with as many
 * dimensions as rows, leveling makes all rows orthogonal, whatever they were.
 */
const isSpectral = (rank: number, rows: number, items: number) =>
  rows === items ? rank <= 0.9 * rows : 2 * rank <= rows;

/** How many rows are compared, each with each, where they have so many coordinates. */
const graphSize = (rank: number) => bounded(Math.sqrt(HUB_WORK / rank), 300, 1000);

/** The nearest of rows at even distances among themselves. */
export function neighborGraph(
  values: Float64Array,
  columns: number,
  most: number,
  wanted: number,
): NeighborGraph {
  const rows = rowsOf(values, columns);
  const size = Math.min(rows.length, Math.max(most, wanted + 1));
  const count = Math.min(wanted, size - 1);
  const places = Uint32Array.from(evenPlaces(rows.length, size));
  const chosen = Array.from(places, (place) => rows[place]);
  const search = new NearestSearch(chosen, count, "cosine", (i) => i);
  // Each pair is multiplied once.
  search.addProducts(rowArrays(piecewiseProducts(chosen)), chosen, 0);
  return { places, count, neighbors: search.nearest };
}

/** What neighbors are looked for in. */
interface NeighborInput {
  sample: RowSample;
  canonical: CanonicalSample;
  centered: CenteredAxes;
  /** Whether there are enough rows for their spectrum to be a property of the space. */
  spectral: boolean;
  /** Of a sum: the other of its terms, for all items. */
  contexts: EmbeddingRows | null;
  /** PᵀP of the users' embeddings P. */
  userMoments: Matrix | null;
  /** Random pairs of rows of the sample. */
  pairs: Uint32Array;
  options: FullAuditOptions;
  graph: NeighborGraph;
}

/** How many multiplications a search for neighbors may take, and one for hubs. */
const ANCHOR_WORK = 4e8, HUB_WORK = 4e8;

/** In more dimensions the users' axes would take longer than all the rest. */
const PREDICTION_DIMENSIONS = 1024;

/** Changes the sample in all the ways that the audit looks at, and collects what becomes of neighbors. */
function measureNeighbors(
  items: EmbeddingRows,
  norms: Float64Array,
  input: NeighborInput,
): ChangedNeighbors {
  const { sample, canonical, options } = input;
  const { seed } = options;
  const k = sample.columns, m = sample.indices.length;
  const count = Math.min(options.neighbors, m - 1);
  // At even distances: the sample is in the order of the items, which may have a meaning.
  const most = bounded(ANCHOR_WORK / (m * canonical.rank), 60, 300);
  const anchors = Uint32Array.from(evenPlaces(m, most));
  const { cosine, dot } = neighborsByBoth(sample.values, k, anchors, count, canonical.products);
  const collector = labelCollector(options, sample, anchors);
  const examples = exampleCollector(options, norms, sample, anchors);
  const asIs = {
    key: "cosine",
    change: "cosine",
    values: sample.values,
    columns: k,
    measure: "cosine",
  } as const;
  collector?.add(asIs, cosine);
  examples.add(asIs, cosine, count);

  const scores: number[] = [], skewness: number[] = [];
  const seen = new Set<string>();
  const neighbors = neighborChanges(
    changedRows(items, norms, dot, input),
    { anchors, reference: cosine, pairs: input.pairs },
    (changed, found) => {
      const { key, kind, condition, values, columns } = changed;
      collector?.add(changed, found);
      examples.add(changed, found, count);
      if (kind !== "member" || seen.has(key)) return;
      seen.add(key);
      const spread = spreadOfRows(values, columns, seedrandom.alea(`${seed}/spread`));
      scores.push(isoScore(spread, k));
      // Mild members are between the file itself and stronger ones.
      if (condition === null || condition >= 2) {
        const graph = neighborGraph(values, columns, graphSize(canonical.rank), count);
        skewness.push(hubness(graph, graph.count).skewness);
      }
    },
  );
  const range = (values: number[]) =>
    values.length === 0 ? null : { min: Math.min(...values), max: Math.max(...values) };
  const hubs = hubness(input.graph, Math.min(count, input.graph.count));
  const free = neighbors.some(({ kind }) => kind === "member");
  return {
    sample: { items: m, anchors: anchors.length, neighbors: count },
    neighbors,
    hubness: {
      ...hubs,
      range: free ? range([hubs.skewness, ...skewness]) : null,
    },
    isoScoreRange: range(scores),
    examples: examples.finish(),
    labels: collector?.finish(canonical, free && options.trained !== "sum", seed) ?? null,
    anchors,
    lists: { cosine, dot },
  };
}

function* changedRows(
  items: EmbeddingRows,
  norms: Float64Array,
  dot: Uint32Array,
  { sample, canonical, centered, spectral, contexts, userMoments, options }: NeighborInput,
): Generator<ChangedRows> {
  const { values, columns } = sample;
  yield {
    key: "dot",
    change: "dot product",
    kind: "measure",
    condition: null,
    values,
    columns,
    measure: "dot",
    neighbors: dot,
  };
  yield* groupMembers({
    group: freeGroup(options.trained, options.biases) ?? "linear",
    biases: options.biases,
    sample: canonical,
    contexts: contexts && contextsOf(contexts, items, norms, sample, canonical),
    conditions: options.conditions,
    spectral,
  }, seedrandom.alea(`${options.seed}/members`));
  yield* corrections(sample, canonical, centered, spectral);
  if (userMoments !== null && columns <= PREDICTION_DIMENSIONS) {
    yield originalSpace(sample, userMoments);
  }
  yield storedIn8Bits(sample);
}

function bounded(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.floor(value)));
}

function labelCollector(
  { labels }: FullAuditOptions,
  { indices }: RowSample,
  anchors: Uint32Array,
): LabelCollector | null {
  if (labels === undefined) return null;
  const numbers = labelNumbers(Array.from(indices, (item) => labels[item]));
  const collector = new LabelCollector(numbers, anchors);
  return collector.usable ? collector : null;
}

function exampleCollector(
  { popularity, ids }: FullAuditOptions,
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
