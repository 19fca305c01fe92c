import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { anything, checkedOptions } from "../../check.ts";
import { InputRangeError } from "../../errors.ts";
import { bootstrapMean } from "../../evaluation/bootstrap.ts";
import { hypot } from "../../math/elementary.ts";
import { shuffle } from "../../math/random.ts";
import { spearman } from "../../similarity/rank_correlation.ts";
import { assertIdPerRow, assertNumberPerRow, SEARCH } from "../audit_options.ts";
import type { Correction } from "../fix/corrections.ts";
import { cosine, unitRow } from "../neighbor_search.ts";
import {
  drawWithoutReplacement,
  type EmbeddingRows,
  embeddingRows,
  rowsAt,
  scanRows,
} from "../rows.ts";
import {
  agreement,
  alignment,
  fittedMap,
  linearCka,
  neighborLists,
  type PairedRows,
  rotationResidual,
  unpaired,
  unpairedLists,
} from "./agreement.ts";
import {
  changedLikeness,
  type ItemMatch,
  looseMatches,
  matchItems,
  rowChanges,
  rowShift,
  scaledRows,
} from "./matched_rows.ts";
import {
  type ComparisonReport,
  differsInLengths,
  ITEMS_PER_DIMENSION,
  LEAST_COSINE_OF_TRUNCATED,
  LEAST_HELD_OUT,
  relationOf,
  relationOfRows,
  relationSentence,
  THRESHOLDS,
} from "./relation.ts";

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
    action,
    options,
    ofA,
    ofB,
  );
  const match = matchItems(ofA.rows, ofB.rows, idsOfA, idsOfB);
  const { changes, changed } = rowChanges(ofA, ofB, match, idsOfA, idsOfB);
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
  const anchors = Math.min(ANCHORS, gallery.a.length);
  const lists = neighborLists(
    gallery,
    anchors,
    neighbors,
    (share) => onProgress(40 + Math.floor(55 * share), 100),
  );
  const pairs = () => seedrandom.alea(`${seed} pairs`);
  const { overlaps, ...found } = agreement(gallery, lists, pairs());
  const { overlaps: byChance, ...chance } = agreement(
    unpaired(gallery),
    unpairedLists(lists, gallery.b.length),
    pairs(),
  );
  const overlap = bootstrapMean(overlaps, { seed: `${seed} overlap` });
  const floor = {
    overlap: byChance.reduce((sum, share) => sum + share, 0) / byChance.length,
    ...chance,
    alignment: parts && alignment(unpaired(parts.fit), unpaired(parts.held)),
  };
  const relation = relationOfRows(changes, match.rowsOfA.length) ??
    (isTruncated(gallery) ? "truncated" as const : null) ??
    relationOf({
      alignment: aligned,
      overlap: overlap.mean,
      rotation: aligned?.residual.rotation ?? gramDifference(gallery),
      ofDirections: () =>
        parts === null
          ? gramDifference(unitRows(gallery))
          : rotationResidual(unitRows(parts.fit), unitRows(parts.held)),
    });
  // Files that differ in their numbers, too, may be shifted against each other.
  const shift = changes.shift ??
    (relation === "different" || relation === null
      ? rowShift(ofA, ofB, match, seedrandom.alea(`${seed} shift`))
      : null);
  const isChanged = (_: Float64Array, i: number) => changed.has(drawn.rowsOfA[i]);
  const rows = {
    ...changes,
    shift,
    changedLikeness: changedLikeness({
      a: drawn.a.filter(isChanged),
      b: drawn.b.filter(isChanged),
    }),
  };
  const ofDrawn = <T>(values: ArrayLike<T> | undefined) => (i: number) =>
    values?.[drawn.rowsOfA[i]];
  const popularityOf = ofDrawn(popularity), idOf = ofDrawn<string | number>(idsOfA);
  const nameOf = (i: number) => idOf(i) ?? drawn.rowsOfA[i];
  const report = {
    schema: "cosine-lab/comparison/1" as const,
    a: { items: ofA.rows, dimensions: ofA.columns, zeroRows: scanOfA.zeroRows },
    b: { items: ofB.rows, dimensions: ofB.columns, zeroRows: scanOfB.zeroRows },
    matched: { by: match.by, items },
    rows,
    looseIds: match.by === "ids" ? looseMatches(idsOfA!, idsOfB!) : null,
    relation: shift === null ? relation : "reordered" as const,
    comparable: areComparable(gallery),
    overlap,
    ...found,
    alignment: aligned,
    floor,
    popularity: popularity === undefined ? null : overlapByPopularity(
      overlaps,
      Float64Array.from(overlaps, (_, i) => popularityOf(i)!),
      seed,
    ),
    items: Array.from(overlaps, (share, i) => ({
      id: nameOf(i),
      overlap: share,
      popularity: popularityOf(i) ?? null,
      inA: Array.from(lists.inA[i], nameOf),
      inB: Array.from(lists.inB[i], nameOf),
    })),
    sample: { seed, neighbors, items: gallery.a.length, anchors, fitted, heldOut },
    thresholds: THRESHOLDS,
  };
  onProgress(100, 100);
  return { ...report, summary: relationSentence(report) };
}

const unitRows = ({ a, b }: PairedRows): PairedRows => ({ a: a.map(unitRow), b: b.map(unitRow) });

/** Whether one side is the first coordinates of the other, each row up to its length. */
function isTruncated({ a, b }: PairedRows): boolean {
  const k = Math.min(a[0].length, b[0].length);
  if (a[0].length === b[0].length) return false;
  return a.every((row, i) =>
    cosine(row.subarray(0, k), b[i].subarray(0, k)) > LEAST_COSINE_OF_TRUNCATED
  );
}

/** Whether a vector of A may be compared with one of B: the same item has about the same vector. */
function areComparable({ a, b }: PairedRows): boolean {
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
  const { idsOfA, idsOfB, sample, seed } = compareOptions(action, options, ofA, ofB);
  const { relation } = report;
  if (relation === null || relation === "different" || relation === "reordered") {
    throw new InputRangeError(
      `Cannot ${action}: no map takes A to B, they are ${relation ?? "too few to tell"}`,
    );
  }
  if (relation === "truncated" && ofA.columns < ofB.columns) {
    throw new InputRangeError(
      `Cannot ${action}: no map takes A to B, A is B cut to ${ofA.columns} coordinates: map B to A`,
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
  // A normalized file is mapped by directions; lengths that were lost cannot be mapped back.
  const normalize = (relation === "truncated" || differsInLengths(report)) && areUnit(rows.b);
  const kind = relation === "identical" ? "rotation" : relation;
  const { mean, matrix, offset } = kind === "truncated"
    ? { mean: null, matrix: Matrix.eye(ofA.columns, ofB.columns), offset: null }
    : fittedMap(normalize ? unitRows(rows) : rows, kind);
  return {
    version: 1,
    correction: `map-${kind}`,
    dimensions: ofA.columns,
    mean,
    scale: null,
    matrix: matrix.to2DArray(),
    offset,
    normalize,
    shrinkage: null,
    fittedOn: indices.length,
  };
}

/** Whether all rows but those of zeros have length 1, in single precision. */
function areUnit(rows: readonly Float64Array[]): boolean {
  return rows.every((row) => {
    const length = hypot(row);
    return length === 0 || Math.abs(length - 1) < 1e-3;
  });
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
function gramDifference({ a, b }: PairedRows): number {
  const [left, right] = [a.slice(0, ANCHORS), b.slice(0, ANCHORS)];
  const cosine = Math.min(linearCka(left, right, false), linearCka(left, right));
  return Math.sqrt(Math.max(0, 1 - cosine ** 2));
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

/** Fills in the defaults of {@linkcode CompareOptions}, and checks them. */
function compareOptions(
  action: string,
  options: CompareOptions,
  a: EmbeddingRows,
  b: EmbeddingRows,
) {
  const all = checkedOptions(action, options, {
    idsOfA: anything<CompareOptions["idsOfA"]>(),
    idsOfB: anything<CompareOptions["idsOfB"]>(),
    popularity: anything<CompareOptions["popularity"]>(),
    ...SEARCH,
    onProgress: anything<NonNullable<CompareOptions["onProgress"]>>(() => {}),
  });
  const { idsOfA, idsOfB, popularity } = all;
  if (popularity !== undefined) {
    assertNumberPerRow(action, "popularity", popularity, a.rows, -Infinity, "items of A");
  }
  if (idsOfA !== undefined) assertIdPerRow(action, "idsOfA", idsOfA, a.rows);
  if (idsOfB !== undefined) assertIdPerRow(action, "idsOfB", idsOfB, b.rows);
  return all;
}

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
    a: scaledRows(a, ofA),
    b: scaledRows(b, drawn.map((i) => rowsOfB[i])),
  };
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
