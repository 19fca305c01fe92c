import type { MeanInterval } from "../../evaluation/bootstrap.ts";
import type { Alignment } from "./alignment.ts";
import type { LooseMatches, RowChanges } from "./matched_rows.ts";

/**
 * How two sets of embeddings of the same items are related.
 *
 * - `"rotation"`: one is the other, rotated or reflected and scaled: cosines agree.
 * - `"linear"`: an invertible M takes one to the other, and no rotation does.
 * - `"affine"`: it takes a translation, too.
 * - `"different"`: none of these.
 * - `"identical"`: all rows that are matched are the same numbers.
 * - `"reordered"`: rows are the same numbers, and stand for other items: the files differ in their order.
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
