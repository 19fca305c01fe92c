import type { MeanInterval } from "../../evaluation/bootstrap.ts";
import type { Alignment, SharedDirections } from "./alignment.ts";
import type { LooseMatches, RowChanges, RowShift } from "./matched_rows.ts";

/**
 * How two sets of embeddings of the same items are related.
 *
 * - `"rotation"`: one is the other, rotated or reflected and scaled: cosines agree.
 * - `"linear"`: an invertible M takes one to the other, and no rotation does.
 * - `"affine"`: it takes a translation, too.
 * - `"different"`: none of these.
 * - `"identical"`: all rows that are matched are the same numbers.
 * - `"reordered"`: rows stand for other items: the files differ in their order, or one is shifted.
 * - `"truncated"`: one is the first coordinates of the other, each row up to its length.
 */
export type Relation =
  | "rotation"
  | "linear"
  | "affine"
  | "different"
  | "identical"
  | "reordered"
  | "truncated";

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
  /** What ids would match without blanks, case or a prefix; null where that gains nothing. */
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

/** A residual up to this counts as a rotation: int8 copies leave about 0.01, int4 copies 0.2. */
const LARGEST_ROTATION_RESIDUAL = 0.05;
/** The least overlap of neighbors that "cosines agree" is said with. */
const LEAST_ROTATION_OVERLAP = 0.8;
/**
 * The least share of the directions of each side that "the same up to M" is said with.
 * Trainings of Eq. 2 that stopped early, whose cosines are no choice, share some 0.97.
 */
const LEAST_SHARED = 0.99;
/** M does what no rotation does where it leaves at most this share of what the best rotation leaves. */
const LARGEST_REMAINDER = 0.5;
/** A translation is needed where it explains more than this much of a direction. */
const LEAST_TRANSLATION = 0.1;

/** The thresholds, as a report names them. */
export const THRESHOLDS = [
  { name: "largest residual after a rotation", value: LARGEST_ROTATION_RESIDUAL },
  { name: "least overlap for a rotation", value: LEAST_ROTATION_OVERLAP },
  { name: "least share of the directions of each side for an M", value: LEAST_SHARED },
  { name: "largest share of what a rotation leaves that an M leaves", value: LARGEST_REMAINDER },
  { name: "least of a direction that a translation explains", value: LEAST_TRANSLATION },
];

/** The least share of the rows that are found again, and of those that moved, of a reordered file. */
const LEAST_FOUND = 0.9, LEAST_MOVED = 0.02;

/** The relation that the rows alone show: the same numbers, in the same order or in another one. */
export function relationOfRows(rows: RowChanges, matched: number): Relation | null {
  if (rows.identical === matched) return "identical";
  const found = rows.identical + rows.moved >= LEAST_FOUND * matched;
  return found && rows.moved >= LEAST_MOVED * matched ? "reordered" : null;
}

/**
 * Decides how two sets of embeddings are related.
 *
 * "rotation" takes neighbors that agree, besides a small residual: where a few directions hold most of
 * the variance, they hide in the residual that all others differ. "linear" and "affine" take nearly
 * every direction of both sides to be a function of the other, whatever its variance, and a rotation to
 * leave more: where it leaves as little, what is left is noise, and no choice.
 *
 * @param alignment What maps leave, on held-out items; null where there are too few to fit one.
 * @param overlap The mean overlap of neighbors.
 * @param gramDifference How far the dot products of items differ: what no rotation changes, and takes
 * no fit.
 * @returns The relation; null where there are too few items to tell.
 */
export function relationOf(
  alignment: Alignment | null,
  overlap: number,
  gramDifference: number,
): Relation | null {
  const rotation = alignment?.residual.rotation ?? gramDifference;
  if (rotation <= LARGEST_ROTATION_RESIDUAL) {
    return overlap >= LEAST_ROTATION_OVERLAP ? "rotation" : "different";
  }
  if (alignment === null) return null;
  const { residual, linear, affine } = alignment;
  const translation = unexplained(linear) - unexplained(affine);
  const [relation, shared, left] = translation > LEAST_TRANSLATION
    ? ["affine" as const, affine, residual.affine]
    : ["linear" as const, linear, residual.linear];
  return sharedShare(shared) >= LEAST_SHARED && left <= LARGEST_REMAINDER * rotation
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

/** Says how two sets of embeddings are related, and what follows for their cosines. */
export function relationSentence(report: Omit<ComparisonReport, "summary">): string {
  const { relation, alignment, overlap, matched, floor, sample, rows, a, b, comparable } = report;
  const agree = `${percent(overlap.mean)} of the ${sample.neighbors} nearest neighbors agree`;
  switch (relation) {
    case "identical":
      return matched.items < Math.max(a.items, b.items)
        ? `The same vectors in the ${matched.items} items that were matched, and nothing is known of the ` +
          `others: A has ${a.items} items, and B ${b.items}.`
        : `The same vectors in both: all ${matched.items} rows are identical.`;
    case "reordered":
      if (rows.shift !== null) return shiftSentence(report, rows.shift);
      return `The same vectors in another order: ${rows.moved} of ${
        rows.identical + rows.moved
      } rows ` +
        `that are in both files stand for another item` +
        (matched.by === "rows"
          ? ". Rows were matched by their position: give ids of both files (--ids, --ids-b)."
          : ", although their ids match: one of the two files has its ids in the wrong order.");
    case "truncated":
      return `One is the first ${
        Math.min(a.dimensions, b.dimensions)
      } coordinates of the other, and lacks what the rest holds (${agree}). A vector of one can be ` +
        `compared with a vector of the other only after the longer one is cut.`;
    case "rotation":
      return comparable
        ? `The same model, in the same coordinates: cosines agree (${agree}).`
        : `The same model, rotated: cosines agree within each file (${agree}); a vector of A must ` +
          `not be compared with one of B before alignment (--map FILE writes the map).`;
    case "linear":
      return `The same up to an invertible matrix M, and not up to a rotation: what is linear in the ` +
        `vectors is the same in both, and cosines are a choice (${agree}).`;
    case "affine":
      return `The same up to an invertible matrix M and a translation of all items: cosines are a ` +
        `choice (${agree}).`;
    case null:
      return `Too few items to tell: an M takes more than 1.25 items for each dimension, and there are ` +
        `${matched.items} in both (${agree}).`;
  }
  const chance = `${agree}; of rows paired at random ${percent(floor.overlap)}`;
  if (alignment !== null && alignment.residual.rotation <= LARGEST_ROTATION_RESIDUAL) {
    return `Different: a rotation leaves ${
      percent(alignment.residual.rotation)
    } of the spread, but ` +
      `that is what tells neighbors apart (${chance}).`;
  }
  const part = partOf(report);
  if (part !== null) return `Different models: ${part} (${chance}).`;
  if (alignment !== null && isNoise(alignment)) {
    return `Different, and not by an M: a rotation leaves ` +
      `${percent(alignment.residual.rotation)} of the spread, and no M leaves much less, as with ` +
      `noise or coarse rounding (${chance}).`;
  }
  const explained = alignment === null
    ? ""
    : `: the best M and translation explain ${percent(sharedShare(alignment.affine))} of their ` +
      "directions";
  const order = matched.by === "rows" && overlap.mean < 2 * floor.overlap
    ? " Items were matched row by row: if the files list them in different orders, they need ids."
    : "";
  return `Different models${explained} (${chance}).${order}`;
}

/** How far a file is shifted, in words. */
export function rowsOf({ offset }: Pick<RowShift, "offset">): string {
  return Math.abs(offset) === 1 ? "one row" : `${Math.abs(offset)} rows`;
}

/** Says by how many rows a file is shifted, and what to do. */
function shiftSentence(
  { matched, cka }: Omit<ComparisonReport, "summary">,
  { offset, rows, cka: shiftedCka }: RowShift,
): string {
  const size = rowsOf({ offset });
  const other = `i ${offset < 0 ? "−" : "+"} ${Math.abs(offset)}`;
  const measured = shiftedCka === null
    ? `${rows.toLocaleString("en")} of ${matched.items.toLocaleString("en")} rows are the same`
    : `linear CKA is ${shiftedCka.toFixed(3)} then, and ${cka.toFixed(3)} as they are`;
  return matched.by === "rows"
    ? `Shifted by ${size}: row i of A is row ${other} of B (${measured}). Rows were matched by their ` +
      "position: mend the file that has a row too many or too few, or give ids of both files " +
      "(--ids, --ids-b)."
    : `The ids of one file are shifted by ${size} against its vectors: B gives the item in row ${other} ` +
      `of A the vector that A has in row i (${measured}).`;
}

/** Says where one side is a function of the other, and not the other way round. */
function partOf({ alignment }: Omit<ComparisonReport, "summary">): string | null {
  if (alignment === null) return null;
  const { ofA, directionsOfA, ofB, directionsOfB } = alignment.affine;
  const fromA = ofB >= LEAST_SHARED * directionsOfB, fromB = ofA >= LEAST_SHARED * directionsOfA;
  if (fromA === fromB) return null;
  return fromA
    ? "B is a function of A, and lacks part of it"
    : "A is a function of B, and lacks part of it";
}

/** Below this residual, what a rotation leaves is called noise where no M leaves much less. */
const MOST_NOISE = 0.5;

function isNoise({ residual }: Alignment): boolean {
  return residual.rotation <= MOST_NOISE &&
    residual.affine > LARGEST_REMAINDER * residual.rotation;
}

function percent(share: number): string {
  return share > 0 && share < 0.01 || share > 0.99 && share < 1
    ? `${(100 * share).toFixed(1)} %`
    : `${(100 * share).toFixed(0)} %`;
}
