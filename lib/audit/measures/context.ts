import type { Matrix } from "ml-matrix";
import type { FullAuditOptions } from "../audit_options.ts";
import type { EmbeddingRows, RowSample, RowScan } from "../rows.ts";
import type { CanonicalSample, CenteredAxes } from "./canonical_sample.ts";
import type { FreeGroup } from "./free_group.ts";

/** What measures are made of: everything that more than one of them needs, computed once. */
export interface AuditContext {
  options: FullAuditOptions;
  items: EmbeddingRows;
  queries: EmbeddingRows | null;
  /** What training leaves free, by what was declared. */
  group: FreeGroup | null;
  /** One pass over all rows. */
  scan: RowScan;
  /** Random rows, none of them zero; in the file's coordinates, and in their principal axes. */
  sample: RowSample;
  canonical: CanonicalSample;
  centered: CenteredAxes;
  /** Random pairs of rows of the sample, and their dot products and cosines. */
  pairs: Uint32Array;
  dots: Float64Array;
  cosines: Float64Array;
  graph: NeighborGraph;
  /** How the users compare with the items; null where they were not given, or are a sum's contexts. */
  sides: { balance: UserBalance; userMoments: Matrix } | null;
  /** Whether the contexts of a sum were given. */
  contexts: boolean;
  /** The sample after each change, and what is left of neighbors. */
  changed: ChangedNeighbors;
  /** A generator for each stage: what one draws does not change the others. */
  random(stage: string): () => number;
}

/** Rows of the sample, at even distances, and the nearest of each among them. */
export interface NeighborGraph {
  /** Their places in the sample, ascending: the order of the file. */
  places: Uint32Array;
  /** How many neighbors each has. */
  count: number;
  /** The neighbors as places in `places`, nearest first: places x count. */
  neighbors: Uint32Array;
}

/** What is left of neighbors, and what else is collected while the sample is changed. */
export interface ChangedNeighbors {
  sample: { items: number; anchors: number; neighbors: number };
  neighbors: NeighborChange[];
  hubness: Hubness;
  isoScoreRange: { min: number; max: number } | null;
  examples: NeighborExample[];
  labels: LabelAgreement | null;
  /** The rows of the sample whose neighbors were looked for, and their nearest. */
  anchors: Uint32Array;
  lists: { cosine: Uint32Array; dot: Uint32Array };
}

/** The changes of embeddings that the audit looks at. */
export type ChangeKey =
  | "cosine"
  | "dot"
  | `stretched-${number}`
  | "leveled"
  | "squared"
  | "moved-by-mean"
  | "moved"
  | "center"
  | "remove-top-1"
  | "remove-top-3"
  | "z-scores"
  | "whitening"
  | "canonical-1"
  | "8-bits";

/** A way to change embeddings, and what is left of the nearest neighbors by cosine. */
export interface NeighborChange {
  /** Its name for programs, which does not change. */
  key: ChangeKey;
  /** What was changed, in words that may. */
  change: string;
  /**
   * What kind of change it is: another similarity; a member of the free group, as good a solution
   * as the one that was saved; a correction that people apply; a comparison that the group leaves
   * alone; or a coarser storage of the numbers.
   */
  kind: "measure" | "member" | "correction" | "invariant" | "storage";
  /** How far axes are stretched against each other, max / min; null where they are not. */
  condition: number | null;
  /** The share of the nearest neighbors that stays, between 0 and 1. */
  overlap: number;
  /** The standard error of the overlap: it is of some items only. */
  error: number;
  /** The mean cosine of random pairs after the change; null for dot products. */
  meanCosine: number | null;
}

/** How often rows are among the nearest neighbors of others. */
export interface Hubness {
  /** How many rows were compared, each with each: hubness grows with their number. */
  items: number;
  /** The skewness of how often they are neighbors; about 1/√neighbors by chance. */
  skewness: number;
  /** Of how many rows the most frequent neighbor is one, as a share. */
  largest: number;
  /** The skewness over the members of the free group that were measured; null without. */
  range: { min: number; max: number } | null;
}

/** The nearest neighbors of one item under several similarities, by their ids. */
export interface NeighborExample {
  item: string | number;
  /** Why this item: the most popular, or the longest; the median of them; the least. */
  choice: string;
  lists: { key: ChangeKey; change: string; neighbors: (string | number)[] }[];
}

/** How well similarities agree with known labels. */
export interface LabelAgreement {
  /** How many labels the sample has. */
  classes: number;
  /** Over how many items of the sample AUC is computed. */
  items: number;
  /** What the precision of random neighbors would be. */
  chance: number;
  /** For the cosine as it is, and after each change. */
  changes: {
    key: ChangeKey;
    change: string;
    /** {@linkcode sameClusterAuc}. */
    auc: number;
    /** The share of the nearest neighbors with the item's own label. */
    precision: number;
  }[];
  /**
   * The worst and best AUC that a search over M within the condition found; null where it would
   * take too long, or M is not free.
   */
  extremes: { condition: number; worst: number; best: number } | null;
}

/** What the norms of rows look like; rows of zeros are left out. */
export interface NormSummary {
  mean: number;
  min: number;
  max: number;
  p5: number;
  p50: number;
  p95: number;
  /** The standard deviation over the mean. */
  variation: number;
  /** The largest relative distance of a norm from their mean. */
  unevenness: number;
  /** How many norms are in each of thirty steps between the smallest and the largest. */
  histogram: { from: number; to: number; count: number }[];
}

/**
 * How the two sides of a model compare.
 *
 * Wherever the gradient of L(PQᵀ) + λ_P Σ w_u‖p_u‖² + λ_Q Σ w_i‖q_i‖² vanishes, whatever the loss L
 * of the dot products, Σ w_u p_u p_uᵀ and Σ w_i q_i q_iᵀ are proportional: from PᵀG Q = −λ_P·PᵀW P
 * and QᵀGᵀP = −λ_Q·QᵀW Q, with G the gradient of L, one side being the transpose of the other.
 *
 * So sides that balance are consistent with decay on both. They are no proof of it: an even split
 * of a singular value decomposition balances too. Sides that do not balance contradict no decay
 * either, where some of the users are missing or the decay had weights that are not known.
 */
export interface UserBalance {
  users: number;
  /** How many rows of users are zero. */
  zeroRows: number;
  norms: NormSummary;
  /**
   * ‖PᵀP − QᵀQ‖ over the larger of the two norms (Frobenius), both scaled to trace 1. 0 where the
   * sides are balanced.
   */
  imbalance: number;
  /** The same, users weighted by their counts and items by their popularity; null without both. */
  weightedImbalance: number | null;
  /**
   * Whether PᵀP ≤ QᵀQ (no direction has more users than items): what remains of the balance of a
   * decay of one strength on both sides, where only some of the users are there. Null where not
   * asked, since the sides balance.
   */
  consistentAsPart: boolean | null;
  /** How many users and items were multiplied out. */
  read: { users: number; items: number };
}
