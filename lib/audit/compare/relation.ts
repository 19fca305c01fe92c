import type { MeanInterval } from "../../evaluation/bootstrap.ts";
import type { Alignment, SharedDirections } from "./agreement.ts";
import type { LooseMatches, RowChanges, RowShift } from "./matched_rows.ts";

/**
 * How two sets of embeddings of the same items are related.
 *
 * - `"identical"`: all rows that are matched are the same numbers.
 * - `"reordered"`: rows stand for other items: the files differ in their order, or one is shifted.
 * - `"truncated"`: one is the first coordinates of the other, each row up to its length.
 * - `"rotation"`: cosines agree: one is the other, rotated or reflected, scaled or normalized.
 * - `"linear"`: an invertible M takes one to the other, and no rotation does.
 * - `"affine"`: it takes a translation, too.
 * - `"different"`: none of these.
 */
export type Relation =
  | "identical"
  | "reordered"
  | "truncated"
  | "rotation"
  | "linear"
  | "affine"
  | "different";

/** The neighbors of one item in both. */
export interface ItemAgreement {
  id: string | number;
  /** The share of the nearest neighbors that both agree on. */
  overlap: number;
  popularity: number | null;
  /** The nearest neighbors by cosine in A, nearest first. */
  inA: (string | number)[];
  inB: (string | number)[];
}

/** What {@linkcode compareEmbeddings} finds; a plain object, which JSON keeps as it is. */
export interface ComparisonReport {
  /** The version of this schema. */
  schema: "cosine-lab/comparison/1";
  /** Rows and columns, and rows of zeros, which have no direction. */
  a: { items: number; dimensions: number; zeroRows: number };
  b: { items: number; dimensions: number; zeroRows: number };
  /** By what items were matched, and how many are in both and not zero in either. */
  matched: { by: "ids" | "rows"; items: number };
  /** What became of the rows: how many are identical, moved to another item, or changed. */
  rows: RowChanges;
  /** What ids would match without blanks, case, a prefix or their end; null where that gains nothing. */
  looseIds: LooseMatches | null;
  /** Null where there are too few items to tell. */
  relation: Relation | null;
  /** Whether a vector of A may be compared with one of B without a map. */
  comparable: boolean;
  /** The relation, and what follows from it, in words. */
  summary: string;
  /**
   * The mean share of the nearest neighbors by cosine that both agree on, over items, with its 95 %
   * bootstrap interval.
   */
  overlap: MeanInterval;
  /** The root mean square difference of cosines, over pairs of random items. */
  cosineDifference: number;
  /** Linear centered kernel alignment. */
  cka: number;
  /** What maps from A to B leave, on held-out items; null where there are too few. */
  alignment: Alignment | null;
  /** The same numbers after the items of B were shuffled: what unrelated embeddings give. */
  floor: { overlap: number; cosineDifference: number; cka: number; alignment: Alignment | null };
  /** Agreement by popularity, from the least popular fifth of the items on; null without it. */
  popularity:
    | {
      correlation: number | null;
      groups: (MeanInterval & { from: number; to: number; items: number })[];
    }
    | null;
  /** Agreement item by item. */
  items: ItemAgreement[];
  /** How it was measured. */
  sample: {
    seed: string;
    neighbors: number;
    /** Among how many random items neighbors were looked for. */
    items: number;
    /** Of how many items the neighbors were compared. */
    anchors: number;
    /** On how many items maps were fitted, and measured. */
    fitted: number;
    heldOut: number;
  };
  /** The thresholds behind the relation. */
  thresholds: { name: string; value: number }[];
}

/** What the relations are decided by, as a report names it. */
const LIMITS = {
  // Copies in int8 leave about 0.01, in int4 0.2.
  residual: { name: "largest residual after a rotation", value: 0.05 },
  overlap: { name: "least overlap for a rotation", value: 0.8 },
  // Trainings of Eq. 2 that stopped early, whose cosines are no choice, share some 0.97.
  shared: { name: "least share of the directions of each side for an M", value: 0.99 },
  remainder: { name: "largest share of what a rotation leaves that an M leaves", value: 0.5 },
  translation: { name: "least of a direction that a translation explains", value: 0.1 },
  found: { name: "least share of rows that are found again in another order", value: 0.9 },
  moved: { name: "least share of rows that moved in another order", value: 0.02 },
};

/** The thresholds behind a relation. */
export const THRESHOLDS: ComparisonReport["thresholds"] = Object.values(LIMITS);

/** How many items an M is fitted on for each dimension, and one for a translation, at least. */
export const ITEMS_PER_DIMENSION = 1.25;
/** On how many items a map is measured, at least. */
export const LEAST_HELD_OUT = 10;
/** Rows that were cut, and rescaled in single precision, keep cosines above this. */
export const LEAST_COSINE_OF_TRUNCATED = 0.9999;

/** What each relation means, and what it takes; null is that nothing can be told. */
export const RELATIONS: Record<Relation | "null", { means: string; takes: string }> = {
  identical: {
    means: "the same numbers, row by row",
    takes: "every row that is matched is equal, as float32 or float64",
  },
  reordered: {
    means: "the same vectors for other items: an order was lost, or one file is shifted",
    takes: `${percent(LIMITS.found.value)} of the rows of one file are found in the other, ` +
      `${
        percent(LIMITS.moved.value)
      } at other places, or all are; a shift (\`rows.shift\`) is found between two runs, too ` +
      "(by linear CKA, up to 3 rows)",
  },
  truncated: {
    means: "one is the first coordinates of the other",
    takes:
      `each row has a cosine above ${LEAST_COSINE_OF_TRUNCATED} with the other, cut to as many ` +
      "coordinates",
  },
  rotation: {
    means: "the same cosines: one model, rotated, reflected, scaled, normalized or rounded",
    takes:
      `the best rotation leaves at most ${LIMITS.residual.value} of the rows, or of the rows made as ` +
      `long as 1; and neighbors overlap by at least ${LIMITS.overlap.value}`,
  },
  linear: {
    means: "an invertible matrix M apart, and cosines differ",
    takes:
      `${
        percent(LIMITS.shared.value)
      } of the directions of each side are a linear function of the ` +
      `other's, and M leaves at most ${LIMITS.remainder.value} of what the best rotation leaves`,
  },
  affine: {
    means: "a translation of all items apart, or M and a translation, and cosines differ",
    takes:
      `the same, where the translation explains more than ${LIMITS.translation.value} of a direction`,
  },
  different: { means: "none of these", takes: "the sentence says what was found instead" },
  null: {
    means: "too few items to tell",
    takes:
      `an M takes ${ITEMS_PER_DIMENSION} items for each dimension, and ${LEAST_HELD_OUT} to be ` +
      "measured on",
  },
};

/** The relation that the rows alone show: the same numbers, in the same order or in another one. */
export function relationOfRows(rows: RowChanges, matched: number): Relation | null {
  if (rows.identical === matched) return "identical";
  if (rows.moved > 0 && rows.changed === 0) return "reordered";
  const found = rows.identical + rows.moved >= LIMITS.found.value * matched;
  return found && rows.moved >= LIMITS.moved.value * matched ? "reordered" : null;
}

/** What a relation that takes maps is decided by. */
interface Measured {
  alignment: Alignment | null;
  /** The mean overlap of neighbors. */
  overlap: number;
  /** What a rotation leaves of the rows, and of the rows made as long as 1. */
  rotation: number;
  ofDirections: () => number;
}

/**
 * Decides how two sets of embeddings are related that are not the same numbers.
 *
 * "rotation" takes neighbors that agree, besides a small residual: where a few directions hold most of
 * the variance, they hide in the residual that all others differ. "linear" and "affine" take nearly
 * every direction of both sides to be a function of the other, whatever its variance, and a rotation to
 * leave more: where it leaves as little, what is left is noise, and no choice.
 *
 * @returns The relation; null where there are too few items to tell.
 */
export function relationOf(
  { alignment, overlap, rotation, ofDirections }: Measured,
): Relation | null {
  const agree = overlap >= LIMITS.overlap.value;
  if (rotation <= LIMITS.residual.value) return agree ? "rotation" : "different";
  if (agree && ofDirections() <= LIMITS.residual.value) return "rotation";
  if (alignment === null) return null;
  const { residual, linear, affine } = alignment;
  const translation = unexplained(linear) - unexplained(affine);
  const [relation, shared, left] = translation > LIMITS.translation.value
    ? ["affine" as const, affine, residual.affine]
    : ["linear" as const, linear, residual.linear];
  return sharedShare(shared) >= LIMITS.shared.value && left <= LIMITS.remainder.value * rotation
    ? relation
    : "different";
}

/** The share of the directions that both sides have in common, of the side that has less. */
function sharedShare(shared: SharedDirections): number {
  const { ofA, directionsOfA, ofB, directionsOfB } = shared;
  return directionsOfA > 0 && directionsOfB > 0
    ? Math.min(ofA / directionsOfA, ofB / directionsOfB)
    : 0;
}

function unexplained({ ofA, directionsOfA, ofB, directionsOfB }: SharedDirections): number {
  return Math.max(directionsOfA - ofA, directionsOfB - ofB);
}

type Unsaid = Omit<ComparisonReport, "summary">;

/** Whether only the lengths of rows differ beside the coordinates, as after one file was normalized. */
export function differsInLengths({ relation, alignment }: Unsaid): boolean {
  return relation === "rotation" && alignment !== null &&
    alignment.residual.rotation > LIMITS.residual.value;
}

/** Whether enough rows stayed the same numbers, and enough did not, to say that rows were replaced. */
export function isPartlyReplaced({ relation, rows, matched }: Unsaid): boolean {
  return relation === "different" && rows.identical >= LEAST_KEPT * matched.items;
}

/** The least share of identical rows that "partly replaced" is said with. */
const LEAST_KEPT = 0.05;

/** Says how two sets of embeddings are related, what follows for their cosines, and whether one lost rows. */
export function relationSentence(report: Unsaid): string {
  const { a, b } = report;
  const lost = a.zeroRows === b.zeroRows
    ? ""
    : ` A has ${count(a.zeroRows)} rows of zeros and B ${
      count(b.zeroRows)
    }: they are not compared.`;
  return relationOfItems(report) + lost;
}

function relationOfItems(report: Unsaid): string {
  const { relation, overlap, matched, floor, sample, rows, a, b, comparable, cka } = report;
  const agree = `${percent(overlap.mean)} of the ${sample.neighbors} nearest neighbors agree`;
  const chance = `${agree}; by chance ${percent(floor.overlap)}`;
  switch (relation) {
    case "identical":
      return matched.items < Math.max(a.items, b.items)
        ? `The ${
          count(matched.items)
        } items in both have the same vectors; nothing is known of the ` +
          `others: A has ${count(a.items)} items, B ${count(b.items)}.`
        : `The same vectors: all ${count(matched.items)} rows hold the same numbers in both.`;
    case "reordered":
      if (rows.shift !== null) return shiftSentence(report, rows.shift);
      return `The same vectors in another order: ${count(rows.moved)} of ` +
        `${count(rows.identical + rows.moved)} vectors that are in both stand for another item` +
        (matched.by === "rows"
          ? ". Rows were matched by their position: give ids of both files (--ids, --ids-b)."
          : ", although their ids match: one of the two files has its ids in the wrong order.");
    case "truncated": {
      const [short, long] = a.dimensions < b.dimensions ? ["A", "B"] : ["B", "A"];
      const size = Math.min(a.dimensions, b.dimensions);
      return `${short} is ${long} cut to its first ${size} coordinates, and lacks what the others hold ` +
        `(${agree}). Before a vector of ${long} is compared with one of ${short}, cut it to ${size}, too.`;
    }
    case "rotation": {
      const lengths = differsInLengths(report)
        ? "; only lengths differ, as after one file was normalized"
        : "";
      return comparable
        ? `The same model in the same coordinates: cosines agree, also between a vector of A and one of B ` +
          `(${agree})${lengths}.`
        : `The same model in other coordinates: cosines agree within each file (${agree})${lengths}. But a ` +
          "vector of A must not be compared with one of B before alignment (--map FILE writes the map).";
    }
    case "linear":
      return "A matrix M takes A to B, and no rotation does: both hold the same information, and their " +
        `cosines differ (${agree}). If training left M open, as on dot products alone, cosines are a choice.`;
    case "affine":
      return isRotated(cka)
        ? "The same but for one vector that was added to all items, such as a mean that was removed, and a " +
          `rotation at most: cosines differ (${agree}). If training left that vector open, as a softmax does, ` +
          "cosines are a choice."
        : `A matrix M and a translation of all items take A to B: both hold the same information, and their ` +
          `cosines differ (${agree}). If training left both open, as a softmax does, cosines are a choice.`;
    case null:
      return "Too few items to tell how the two are related: it takes more than " +
        `${ITEMS_PER_DIMENSION} for each dimension, and there are ${
          count(matched.items)
        } in both (${chance}).`;
    case "different":
      return `${differenceOf(report)} (${chance}).${orderHint(report)}`;
  }
}

/** Says in what way two sets are different. */
function differenceOf(report: Unsaid): string {
  const { alignment } = report;
  if (isPartlyReplaced(report)) return replacedSentence(report);
  if (alignment === null) return "Different models";
  const { residual, affine: { ofA, directionsOfA, ofB, directionsOfB } } = alignment;
  if (residual.rotation <= LIMITS.residual.value) {
    return `Different: a rotation leaves only ${
      percent(residual.rotation)
    } of B's spread, but that is what ` +
      "tells neighbors apart";
  }
  const fromA = ofB >= LIMITS.shared.value * directionsOfB,
    fromB = ofA >= LIMITS.shared.value * directionsOfA;
  if (fromA !== fromB) {
    const [part, whole] = fromA ? ["B", "A"] : ["A", "B"];
    return `Different models: ${part} is a linear function of ${whole}, and lacks part of it`;
  }
  if (
    residual.rotation <= MOST_NOISE && residual.affine > LIMITS.remainder.value * residual.rotation
  ) {
    return `Different by noise or coarse rounding: a rotation leaves ${
      percent(residual.rotation)
    } of B's ` +
      "spread, and no matrix M leaves much less";
  }
  return `Different models: the best matrix M and translation explain ` +
    `${percent(sharedShare(alignment.affine))} of the directions`;
}

/** Below this residual, what a rotation leaves is called noise where no M leaves much less. */
const MOST_NOISE = 0.5;

/** Changed rows that keep less of their cosine with what they were, beyond chance, are another model's. */
const LEAST_LIKENESS = 0.2;

/** Says how many rows were replaced, and whether by another model. */
function replacedSentence({ rows, matched }: Unsaid): string {
  const { identical, changedLikeness, changedRun } = rows;
  const others = rows.changed + rows.moved;
  const where = changedRun === null || others < 2
    ? ""
    : `, from ${changedRun.first} to ${changedRun.last}`;
  const sentence =
    `Partly replaced: ${count(identical)} of ${count(matched.items)} rows hold the same ` +
    `numbers in both files, and ${count(others)} do not${where}`;
  if (changedLikeness === null) return sentence;
  const { cosine, chance, cka } = changedLikeness;
  const measured = `mean cosine with what they were ${cosine.toFixed(2)}, by chance ${
    chance.toFixed(2)
  }`;
  if (cosine - chance >= LEAST_LIKENESS * (1 - chance)) {
    return `${sentence}; the new vectors resemble the old ones (${measured}): items that were edited, or a ` +
      "model that was trained on";
  }
  const kind = isRotated(cka)
    ? `are the old ones in other coordinates (linear CKA ${cka.toFixed(3)})`
    : `have nothing to do with the old ones (${measured})`;
  return `${sentence}; the new vectors ${kind}: if all of B should be one model, embed all items again`;
}

/** Whether a rotation and a translation explain what linear CKA was measured on. */
function isRotated(cka: number): boolean {
  return Math.sqrt(1 - cka ** 2) <= LIMITS.residual.value;
}

/** Where nothing but the order of the rows may be different. */
function orderHint({ matched, overlap, floor }: Unsaid): string {
  return matched.by === "rows" && overlap.mean < 2 * floor.overlap
    ? " Items were matched row by row: if the files list them in different orders, they need ids."
    : "";
}

/** How far a file is shifted, in words. */
export function rowsOf({ offset }: Pick<RowShift, "offset">): string {
  return Math.abs(offset) === 1 ? "one row" : `${Math.abs(offset)} rows`;
}

/** Says by how many rows a file is shifted, and what to do. */
function shiftSentence(
  { matched, cka }: Unsaid,
  { offset, rows, cka: shiftedCka }: RowShift,
): string {
  const size = rowsOf({ offset });
  const other = `i ${offset < 0 ? "−" : "+"} ${Math.abs(offset)}`;
  const measured = shiftedCka === null
    ? `${count(rows)} of ${count(matched.items)} rows are the same`
    : `linear CKA is ${shiftedCka.toFixed(3)} then, and ${cka.toFixed(3)} as they are`;
  return matched.by === "rows"
    ? `Shifted by ${size}: row i of A is row ${other} of B (${measured}). Rows were matched by their ` +
      "position: mend the file that has a row too many or too few, or give ids of both files " +
      "(--ids, --ids-b)."
    : `The ids of one file are shifted by ${size} against its vectors: B gives the item in row ${other} ` +
      `of A the vector that A has in row i (${measured}).`;
}

/** A number with separators of thousands. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** A share in percent: only what is all or nothing is 100 % or 0 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return "less than 0.1 %";
  if (share >= 0.9995 && share < 1) return "more than 99.9 %";
  const digits = share > 0 && share < 0.01 || share > 0.99 && share < 1 ? 1 : 0;
  return `${(100 * share).toFixed(digits)} %`;
}
