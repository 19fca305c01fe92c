import { assertIdPerRow } from "../assert_side.ts";
import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { bootstrapMean } from "../../evaluation/bootstrap.ts";
import { type EmbeddingRows, embeddingRows } from "../embedding_rows.ts";
import { scanRows } from "../rows.ts";
import { type Agreement, agreement, shifted, shiftedAgreement } from "./agreement.ts";
import { alignment } from "./alignment.ts";
import { type CompareOptions, compareOptions } from "./compare_options.ts";
import { comparisonSize, LEAST_HELD_OUT } from "./comparison_size.ts";
import type { ComparisonReport, ItemAgreement } from "./comparison_report.ts";
import { linearCka } from "./linear_cka.ts";
import { type ItemMatch, matchItems } from "./match_items.ts";
import { type MatchedSample, matchedSample } from "./matched_sample.ts";
import { overlapByPopularity } from "./overlap_by_popularity.ts";
import { relationOf, THRESHOLDS } from "./relation.ts";
import { relationSentence } from "./relation_sentence.ts";

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
  const [scanOfA, scanOfB] = [scanRows("A", ofA), scanRows("B", ofB)];
  const used = withDirection(match, scanOfA.norms, scanOfB.norms);
  const items = used.rowsOfA.length;
  if (items < neighbors + 2) {
    throw new RangeError(
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
  const report = {
    schema: "cosine-lab/comparison/1" as const,
    a: { items: ofA.rows, dimensions: ofA.columns, zeroRows: scanOfA.zeroRows },
    b: { items: ofB.rows, dimensions: ofB.columns, zeroRows: scanOfB.zeroRows },
    matched: { by: match.by, items },
    relation: relationOf(aligned, overlap.mean, gramDifference(gallery.a, gallery.b)),
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
