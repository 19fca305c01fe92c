import { InputRangeError } from "../../errors.ts";
import { shuffle } from "../../math/random.ts";
import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { anything, checkedOptions } from "../../check.ts";
import { bootstrapMean } from "../../evaluation/bootstrap.ts";
import { spearman } from "../../similarity/ranks.ts";
import { assertIdPerRow, assertNumberPerRow, SEARCH } from "../audit_options.ts";
import {
  drawWithoutReplacement,
  type EmbeddingRows,
  embeddingRows,
  rowsAt,
  scanRows,
} from "../rows.ts";
import { type Agreement, agreement, linearCka, shifted, shiftedAgreement } from "./agreement.ts";
import type { Correction } from "../fix/corrections.ts";
import { columnsOf, cosine } from "../neighbor_search.ts";
import { alignment, fittedMap } from "./alignment.ts";
import {
  type ItemMatch,
  looseMatches,
  matchItems,
  rowChanges,
  type RowShift,
} from "./matched_rows.ts";
import {
  type ComparisonReport,
  type ItemAgreement,
  relationOf,
  relationOfRows,
  relationSentence,
  THRESHOLDS,
} from "./relation.ts";

/** Rows that were cut, and rescaled in single precision, keep cosines above this. */
const LEAST_COSINE_OF_TRUNCATED = 0.9999;

/** Copies in int8 and finer keep the mean cosine of an item with itself above this. */
const LEAST_COSINE_OF_COMPARABLE = 0.95;

/** Of how many items neighbors are compared, at most. */
const ANCHORS = 2000;

/**
 * Compares two sets of embeddings of the same items: two seeds of a training, two versions of a model,
 * a file before and after compression. How far two runs agree is the one measurement of how arbitrary
 * cosines are that takes no theory.
 *
 * Maps from A to B are fitted on one part of the items and measured on the other. Items whose vector
 * is zero on either side are left out.
 *
 * @param a The embeddings A, a row for each item.
 * @param b The embeddings B, of any number of dimensions.
 * @param options What the items are called and how popular they are, how many neighbors to compare
 * among how many random items, and the seed.
 * @returns How they are related, with the numbers that say so.
 * @throws {TypeError} If an option is of the wrong kind or unknown.
 * @throws {RangeError} If no items can be matched, less than `neighbors` + 2 are left, an entry is not
 * finite, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { compareEmbeddings } from "cosine-lab/audit";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const a = new Matrix(Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]));
 * const turned = a.mmul(new Matrix([[0, 2], [-2, 0]]));
 * assert.equal(compareEmbeddings(a, turned).relation, "rotation");
 * const sheared = a.mmul(new Matrix([[1, 3], [0, 1]]));
 * assert.equal(compareEmbeddings(a, sheared).relation, "linear");
 * ```
 */
export function compareEmbeddings(
  a: Matrix | EmbeddingRows,
  b: Matrix | EmbeddingRows,
  options: CompareOptions = {},
): ComparisonReport {
  const action = "compare embeddings";
  const [ofA, ofB] = [embeddingRows(action, "a", a), embeddingRows(action, "b", b)];
  const { idsOfA, idsOfB, popularity, neighbors, sample, seed, onProgress } = compareOptions(
    options,
    ofA.rows,
  );
  if (idsOfA !== undefined) assertIdPerRow(action, "idsOfA", idsOfA, ofA.rows);
  if (idsOfB !== undefined) assertIdPerRow(action, "idsOfB", idsOfB, ofB.rows);
  const match = matchItems(ofA.rows, ofB.rows, idsOfA, idsOfB);
  const changes = rowChanges(ofA, ofB, match, idsOfA, idsOfB);
  const [scanOfA, scanOfB] = [scanRows("A", ofA), scanRows("B", ofB)];
  const used = withDirection(match, scanOfA.norms, scanOfB.norms);
  const items = used.rowsOfA.length;
  if (items < neighbors + 2) {
    throw new InputRangeError(
      `Cannot compare embeddings: there must be at least ${neighbors + 2} items in both that are ` +
        `not zero to compare ${neighbors} neighbors, there are ${items}`,
    );
  }
  onProgress(10, 100);
  const { needed, drawn: most } = comparisonSize(ofA, ofB, sample);
  const drawn = matchedSample(ofA, ofB, used, most, seedrandom.alea(`${seed} sample`));
  onProgress(20, 100);
  const { parts, fitted, heldOut } = split(drawn, needed);
  const aligned = parts && alignment(parts.fit, parts.held);
  onProgress(40, 100);
  const gallery = { a: drawn.a.slice(0, sample), b: drawn.b.slice(0, sample) };
  const anchors = Uint32Array.from({ length: Math.min(ANCHORS, gallery.a.length) }, (_, i) => i);
  const pairs = () => seedrandom.alea(`${seed} pairs`);
  const found = agreement(
    gallery,
    anchors,
    neighbors,
    pairs(),
    (share) => onProgress(40 + Math.floor(55 * share), 100),
  );
  const chance = shiftedAgreement(gallery, found, pairs());
  const overlap = bootstrapMean(found.overlaps, { seed: `${seed} overlap` });
  const popularityOf = (i: number) =>
    popularity === undefined ? null : popularity[drawn.rowsOfA[i]];
  const idOf = (i: number) => idsOfA?.[drawn.rowsOfA[i]] ?? drawn.rowsOfA[i];
  const relation = relationOfRows(changes, match.rowsOfA.length) ??
    (isTruncated(gallery.a, gallery.b) ? "truncated" as const : null) ??
    relationOf(aligned, overlap.mean, gramDifference(gallery.a, gallery.b));
  // Files that differ in their numbers, too, may be shifted against each other.
  const shift = changes.shift ??
    (match.by === "rows" && (relation === "different" || relation === null)
      ? shiftOf(ofA, ofB, seedrandom.alea(`${seed} shift`))
      : null);
  const rows = { ...changes, shift };
  const report = {
    schema: "cosine-lab/comparison/1" as const,
    a: { items: ofA.rows, dimensions: ofA.columns, zeroRows: scanOfA.zeroRows },
    b: { items: ofB.rows, dimensions: ofB.columns, zeroRows: scanOfB.zeroRows },
    matched: { by: match.by, items },
    rows,
    looseIds: match.by === "ids" ? looseMatches(idsOfA!, idsOfB!) : null,
    relation: shift === null ? relation : "reordered" as const,
    comparable: areComparable(gallery.a, gallery.b),
    overlap,
    cosineDifference: found.cosineDifference,
    cka: found.cka,
    alignment: aligned,
    floor: {
      ...chance,
      alignment: parts && alignment(
        { a: parts.fit.a, b: shifted(parts.fit.b) },
        { a: parts.held.a, b: shifted(parts.held.b) },
      ),
    },
    popularity: popularity === undefined ? null : overlapByPopularity(
      found.overlaps,
      Float64Array.from(anchors, (i) => popularityOf(i)!),
      seed,
    ),
    items: itemsOf(found, anchors, idOf, popularityOf),
    sample: {
      seed,
      neighbors,
      items: gallery.a.length,
      anchors: anchors.length,
      fitted,
      heldOut,
    },
    thresholds: THRESHOLDS,
  };
  onProgress(100, 100);
  return { ...report, summary: relationSentence(report) };
}

/** How far a shift is looked for, on how many rows. */
const MOST_OFFSET = 3, SHIFT_ROWS = 300, LEAST_SHIFT_ROWS = 50;
/** At the offset of a shift CKA leaves at most this share of what it leaves at any other. */
const MOST_LEFT = 0.5;

/**
 * Looks for a shift of files whose rows were matched by position, by linear CKA at offsets of up to
 * three rows: no rotation changes it, so that it finds a shift between two runs as well.
 */
function shiftOf(a: EmbeddingRows, b: EmbeddingRows, random: () => number): RowShift | null {
  const inner = a.rows - 2 * MOST_OFFSET;
  if (inner < LEAST_SHIFT_ROWS) return null;
  const places = drawWithoutReplacement(inner, SHIFT_ROWS, random).map((i) => i + MOST_OFFSET);
  const offsets = Array.from({ length: 2 * MOST_OFFSET + 1 }, (_, i) => i - MOST_OFFSET);
  const ofA = scaled(rowsAt(a, places));
  const ofB = scaled(rowsAt(b, offsets.flatMap((offset) => [...places].map((i) => i + offset))));
  const found = offsets.map((offset, i) => {
    const rows = ofB.slice(i * places.length, (i + 1) * places.length);
    return { offset, rows: 0, cka: linearCka(ofA, rows) };
  }).sort((one, other) => other.cka - one.cka);
  const [best, second] = found;
  return best.offset !== 0 && 1 - best.cka <= MOST_LEFT * (1 - second.cka) ? best : null;
}

/** Whether one side is the first coordinates of the other, each row up to its length. */
function isTruncated(a: readonly Float64Array[], b: readonly Float64Array[]): boolean {
  const k = Math.min(a[0].length, b[0].length);
  if (a[0].length === b[0].length) return false;
  return a.every((row, i) =>
    cosine(row.subarray(0, k), b[i].subarray(0, k)) > LEAST_COSINE_OF_TRUNCATED
  );
}

/** Whether a vector of A may be compared with one of B: the same item has about the same vector. */
function areComparable(a: readonly Float64Array[], b: readonly Float64Array[]): boolean {
  if (a[0].length !== b[0].length) return false;
  const mean = a.reduce((sum, row, i) => sum + cosine(row, b[i]), 0) / a.length;
  return mean > LEAST_COSINE_OF_COMPARABLE;
}

/**
 * Fits the map that takes vectors of A to vectors of B: the best rotation with one scale, or where a
 * rotation does not relate them and an invertible matrix does, that matrix, with a translation where it
 * takes one. `audit fix --apply` takes it.
 *
 * @param a The embeddings A, a row for each item.
 * @param b The embeddings B of the same items.
 * @param report What {@linkcode compareEmbeddings} found between them.
 * @param options What the items are called, and the seed of the sample that the map is fitted on.
 * @returns The map, as a correction.
 * @throws {RangeError} If no map takes A to B or rows stand for other items, or fewer items than dimensions are in both.
 *
 * @example
 * ```ts
 * import { alignEmbeddings, compareEmbeddings } from "cosine-lab/audit";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const a = new Matrix(Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]));
 * const turned = a.mmul(new Matrix([[0, 2], [-2, 0]]));
 * const { matrix } = alignEmbeddings(a, turned, compareEmbeddings(a, turned));
 * assert.deepEqual(matrix!.map((row) => row.map((x) => Math.round(x) + 0)), [[0, 2], [-2, 0]]);
 * ```
 */
export function alignEmbeddings(
  a: Matrix | EmbeddingRows,
  b: Matrix | EmbeddingRows,
  report: ComparisonReport,
  options: CompareOptions = {},
): Correction {
  const action = "align embeddings";
  const [ofA, ofB] = [embeddingRows(action, "a", a), embeddingRows(action, "b", b)];
  const { idsOfA, idsOfB, sample, seed } = compareOptions(options, ofA.rows);
  const kind = report.relation === "linear" || report.relation === "affine" ? "linear" : "rotation";
  if (["different", "reordered", null].includes(report.relation)) {
    throw new InputRangeError(
      `Cannot ${action}: no map takes A to B, they are ${report.relation ?? "too few to tell"}`,
    );
  }
  const match = matchItems(ofA.rows, ofB.rows, idsOfA, idsOfB);
  const { drawn } = comparisonSize(ofA, ofB, Math.max(sample, 20_000));
  const indices = drawWithoutReplacement(
    match.rowsOfA.length,
    drawn,
    seedrandom.alea(`${seed} map`),
  );
  if (indices.length < Math.max(ofA.columns, ofB.columns)) {
    throw new InputRangeError(
      `Cannot ${action}: a map takes at least as many items as there are dimensions, ` +
        `${indices.length} are in both`,
    );
  }
  const rows = {
    a: rowsAt(ofA, indices.map((i) => match.rowsOfA[i])),
    b: rowsAt(ofB, indices.map((i) => match.rowsOfB[i])),
  };
  const affine = report.relation === "affine";
  const [mean, offset] = affine ? [centerRows(rows.a), centerRows(rows.b)] : [null, null];
  const matrix = fittedMap(rows.a, rows.b, kind);
  return {
    version: 1,
    correction: affine ? "map-affine" : `map-${kind}`,
    dimensions: ofA.columns,
    mean,
    scale: null,
    matrix: matrix.to2DArray(),
    offset,
    normalize: false,
    shrinkage: null,
    fittedOn: indices.length,
  };
}

/** Subtracts the mean of rows from each, in place, and returns it. */
function centerRows(rows: readonly Float64Array[]): number[] {
  const mean = columnsOf(rows).map((column) =>
    column.reduce((sum, entry) => sum + entry, 0) / column.length
  );
  for (const row of rows) for (let c = 0; c < row.length; c++) row[c] -= mean[c];
  return mean;
}

function withDirection({ rowsOfA, rowsOfB }: ItemMatch, ofA: Float64Array, ofB: Float64Array) {
  const kept = rowsOfA.map((_, i) => i).filter((i) => ofA[rowsOfA[i]] > 0 && ofB[rowsOfB[i]] > 0);
  return { rowsOfA: kept.map((i) => rowsOfA[i]), rowsOfB: kept.map((i) => rowsOfB[i]) };
}

/** One half to fit maps on and one to measure them; more than half to fit where there are few. */
function split({ a, b }: MatchedSample, needed: number) {
  const fitted = Math.max(Math.ceil(a.length / 2), needed);
  const heldOut = a.length - fitted;
  if (heldOut < LEAST_HELD_OUT) return { parts: null, fitted: 0, heldOut: 0 };
  const part = (from: number, to: number) => ({ a: a.slice(from, to), b: b.slice(from, to) });
  return { parts: { fit: part(0, fitted), held: part(fitted, a.length) }, fitted, heldOut };
}

/** How far dot products of items differ, after the best scale: as they are, and about the mean. */
function gramDifference(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  const [left, right] = [a.slice(0, ANCHORS), b.slice(0, ANCHORS)];
  const cosine = Math.min(linearCka(left, right, false), linearCka(left, right));
  return Math.sqrt(Math.max(0, 1 - cosine ** 2));
}

function itemsOf(
  { overlaps, nearInA, nearInB }: Agreement,
  anchors: Uint32Array,
  idOf: (i: number) => string | number,
  popularityOf: (i: number) => number | null,
): ItemAgreement[] {
  return Array.from(anchors, (anchor, i) => ({
    id: idOf(anchor),
    overlap: overlaps[i],
    popularity: popularityOf(anchor),
    inA: Array.from(nearInA[i], idOf),
    inB: Array.from(nearInB[i], idOf),
  }));
}

/** Options for {@linkcode compareEmbeddings}. */
export interface CompareOptions {
  /** What A calls its items; items are matched by ids where both sides have them. */
  idsOfA?: readonly (string | number)[];
  /** What B calls its items. */
  idsOfB?: readonly (string | number)[];
  /** How popular each item of A is, in any unit. */
  popularity?: ArrayLike<number>;
  /** How many nearest neighbors to compare. @default {10} */
  neighbors?: number;
  /** Among how many random items neighbors are looked for. @default {5000} */
  sample?: number;
  /** The same seed gives the same report, to the last digit. @default {"cosine-lab"} */
  seed?: string;
  /** Called with how many hundredths of the work are done. */
  onProgress?: (done: number, total: number) => void;
}

/** The options with their defaults. */
type FullCompareOptions =
  & Required<Pick<CompareOptions, "neighbors" | "sample" | "seed" | "onProgress">>
  & Pick<CompareOptions, "idsOfA" | "idsOfB" | "popularity">;

/** Fills in the defaults of {@linkcode CompareOptions}, and checks them. */
function compareOptions(options: CompareOptions, rowsOfA: number): FullCompareOptions {
  const action = "compare embeddings";
  const all = checkedOptions(action, options, {
    idsOfA: anything<CompareOptions["idsOfA"]>(),
    idsOfB: anything<CompareOptions["idsOfB"]>(),
    popularity: anything<CompareOptions["popularity"]>(),
    ...SEARCH,
    onProgress: anything<NonNullable<CompareOptions["onProgress"]>>(() => {}),
  });
  if (all.popularity !== undefined) {
    assertNumberPerRow(action, "popularity", all.popularity, rowsOfA, -Infinity, "items of A");
  }
  return all;
}

/** How many items an M is fitted on for each dimension, and one for a translation, at least. */
const ITEMS_PER_DIMENSION = 1.25;
/** On how many items a map is measured, at least. */
const LEAST_HELD_OUT = 10;
/** About how many matrices of dimensions x dimensions it takes to fit maps. */
const MATRICES = 32;
/** About how often the vectors that were drawn are in memory. */
const COPIES = 3;

/** How much of two sets of embeddings is compared, and what that takes. */
interface ComparisonSize {
  /** How many items maps are fitted on at least. */
  needed: number;
  /** How many items are drawn at most. */
  drawn: number;
  /** About how many bytes of memory it takes. */
  bytes: number;
}

/** The size of a set of embeddings. */
interface Size {
  rows: number;
  columns: number;
}

/**
 * How many items a comparison draws, and about how much memory it takes; maps are fitted only where
 * there are enough items to measure them, too.
 */
export function comparisonSize(a: Size, b: Size, sample: number): ComparisonSize {
  const widest = Math.max(a.columns, b.columns);
  const needed = Math.ceil(ITEMS_PER_DIMENSION * (widest + 1));
  const drawn = Math.max(sample, 2 * needed);
  const items = Math.min(a.rows, b.rows, drawn);
  const maps = items < needed + LEAST_HELD_OUT ? 0 : MATRICES * widest ** 2;
  return { needed, drawn, bytes: 8 * (COPIES * items * (a.columns + b.columns) + maps) };
}

/** Random items of both sides. */
interface MatchedSample {
  /** Which row of A each of them is. */
  rowsOfA: Uint32Array;
  /** Their vectors, each side scaled to a root mean square norm of 1. */
  a: Float64Array[];
  b: Float64Array[];
}

/**
 * Draws items that both sides have, and reads their vectors, in a random order that does not depend
 * on how either file is ordered beyond the order of A.
 */
function matchedSample(
  a: EmbeddingRows,
  b: EmbeddingRows,
  { rowsOfA, rowsOfB }: Pick<ItemMatch, "rowsOfA" | "rowsOfB">,
  size: number,
  random: () => number,
): MatchedSample {
  const drawn = shuffle(drawWithoutReplacement(rowsOfA.length, size, random), random);
  const ofA = drawn.map((i) => rowsOfA[i]);
  return {
    rowsOfA: ofA,
    a: scaled(rowsAt(a, ofA)),
    b: scaled(rowsAt(b, drawn.map((i) => rowsOfB[i]))),
  };
}

function scaled(rows: Float64Array[]): Float64Array[] {
  let largest = 0, squares = 0;
  for (const row of rows) for (const x of row) largest = Math.max(largest, Math.abs(x));
  for (const row of rows) for (const x of row) squares += (x / largest) ** 2;
  const norm = Math.sqrt(squares / rows.length);
  for (const row of rows) for (let c = 0; c < row.length; c++) row[c] = row[c] / largest / norm;
  return rows;
}

const GROUPS = 5;

/** The overlap of neighbors by popularity: rare items are where training has the least to go by. */
function overlapByPopularity(
  overlaps: Float64Array,
  popularity: Float64Array,
  seed: string,
): NonNullable<ComparisonReport["popularity"]> {
  const varies = (values: Float64Array) => values.some((value) => value !== values[0]);
  const order = Uint32Array.from(popularity, (_, i) => i)
    .sort((i, j) => popularity[i] - popularity[j] || i - j);
  const count = Math.min(GROUPS, order.length);
  const groups = Array.from({ length: count }, (_, g) => {
    const items = order.subarray(
      Math.round(g * order.length / count),
      Math.round((g + 1) * order.length / count),
    );
    return {
      from: popularity[items[0]],
      to: popularity[items[items.length - 1]],
      items: items.length,
      ...bootstrapMean(Array.from(items, (i) => overlaps[i]), { seed: `${seed} popularity ${g}` }),
    };
  });
  const correlation = varies(overlaps) && varies(popularity)
    ? spearman(overlaps, popularity)
    : null;
  return { correlation, groups };
}
