import type { Matrix } from "ml-matrix";
import type { AuditedFile, FullAuditOptions } from "../audit_options.ts";
import type { CorrectionName } from "../fix/corrections.ts";
import type { EmbeddingRows, RowSample, RowScan } from "../rows.ts";
import type { CanonicalSample, CenteredAxes } from "./canonical_sample.ts";
import type { DeclaredTraining, FreeGroup } from "./free_group.ts";

/** A number without a fraction: the report's JSON schema says so. */
export type Integer = number;

/** One line that the verdict draws. */
export interface Threshold {
  name: string;
  value: number;
  source: string;
}

/** What a report says before anything is measured. */
export interface Shared {
  items: number;
  dimensions: number;
  /** Rows of zeros: they have no direction, and their cosines are 0 by convention. */
  zeroRows: Integer;
  /** How the model was trained, as declared. */
  trained: DeclaredTraining;
  /** Whether the model has a bias for each item and each user, as declared. */
  biases: boolean;
  /** What is known of the file; null where the vectors are not from one. */
  file: AuditedFile | null;
  /** What training leaves free, by what was declared; null where nothing was. */
  group: FreeGroup | null;
  /** What part of the items the measurements on neighbors and pairs are of. */
  sample: { items: number; anchors: number; neighbors: number; pairs: number; seed: string };
  /** Whether the context vectors of a sum were given, so that its members are exact. */
  contexts: boolean;
}

/** When a flag is up, and what follows. */
export interface FlagRule<Value> {
  /**
   * `"fault"`: the file is not what it should be, and nothing else counts before that is mended.
   * `"serious"`: cosines should not be used without knowing it. `"note"`: good to know.
   */
  kind: "fault" | "serious" | "note";
  /** What it stands for, in a few words to be put behind its name. */
  means: string;
  /** When it is raised, for the manual; numbers come from where `raised` has them. */
  when: string;
  /** Where the line is drawn, and why there; a flag that says only that something is there has none. */
  threshold?: Threshold;
  raised(value: Value, findings: Shared): boolean;
  /** Whether a note is serious, where much of the file is concerned. */
  serious?(value: Value, findings: Shared): boolean;
  /** Whether it is a fault, where it decides everything that is measured. */
  fault?(value: Value, findings: Shared): boolean;
  /** Whether the headline asks a question about the file, and names no problem. */
  asks?: boolean;
  /** Whether the numbers are none, so that only flags mean anything that hold of bytes as well. */
  misread?: boolean;
  /** Whether it says something of the file whatever its numbers are. */
  holdsAnyway?: boolean;
  /** What the headline says of it; flags that are only notes have none. */
  headline?(value: Value, findings: Shared): string;
  /** What to do about it. */
  advice?(value: Value, findings: Shared): string;
}

/** A line of the table of numbers: its name, and its values in order. */
export type NumberLine = [name: string, ...values: (number | string)[]];

/** One measure: everything that the audit knows about it. */
export interface Measure<
  Key extends string,
  Value,
  Flag extends string = never,
  Others extends object = object,
> {
  /** Its name in the report's JSON. */
  readonly key: Key;
  /** Whether its sentences are about the file as a whole, or about what the vectors show. */
  readonly section: "file" | "vectors";
  measure(context: AuditContext): Value;
  readonly flags?: Readonly<Record<Flag, FlagRule<Value>>>;
  /** Lines that it draws and that raise no flag. */
  readonly thresholds?: readonly Threshold[];
  /** What was measured, in sentences, where it is worth one. */
  sentences?(value: Value, findings: Shared & Others, flags: readonly string[]): string[];
  numbers?(value: Value): NumberLine[];
}

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

/** The changes of embeddings that the audit looks at: corrections by the names that `audit fix` takes. */
export type ChangeKey =
  | "cosine"
  | "dot"
  | `stretched-${number}`
  | "leveled"
  | "squared"
  | "moved-by-mean"
  | "moved"
  | CorrectionName
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
  items: Integer;
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
  classes: Integer;
  /** Over how many items of the sample AUC is computed. */
  items: Integer;
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
  histogram: { from: number; to: number; count: Integer }[];
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
  users: Integer;
  /** How many rows of users are zero. */
  zeroRows: Integer;
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
  read: { users: Integer; items: Integer };
}

/** Rows of the file that something is said of. */
export interface RowList {
  /** How many there are. */
  count: Integer;
  /** The first thousand of them, counted from 0. */
  rows: Integer[];
  /** What the file calls them; their rows where it has no ids. */
  ids: (string | number)[];
  /** The last of all of them; null where there are none. */
  last: Integer | null;
}

/** How many rows are named in the JSON, and in a sentence. */
const LISTED = 1000, SAID = 3;

/** What the file calls a row; its number where it has no ids. */
export const idOf = ({ ids }: FullAuditOptions, row: number): string | number => ids?.[row] ?? row;

/** Names rows, given in ascending order. */
export function rowList({ options }: AuditContext, rows: ArrayLike<number>): RowList {
  const named = Array.from({ length: Math.min(LISTED, rows.length) }, (_, i) => rows[i]);
  return {
    count: rows.length,
    rows: named,
    ids: named.map((row) => idOf(options, row)),
    last: rows.length === 0 ? null : rows[rows.length - 1],
  };
}

/** Rows that follow each other, for a sentence: "rows 300 to 599", or "row 7". */
export function rowRange(from: number, to: number): string {
  return from === to ? `row ${from}` : `rows ${from} to ${to}`;
}

/**
 * The first of them for a sentence: "a, b, c and 27 more", or "rows 0, 4, 9 and 27 more"; more than
 * three that follow each other are "rows 300 to 599".
 */
export function firstOf(
  { rows, ids, count, last }: Omit<RowList, "last"> & { last?: number | null },
): string {
  if (count > SAID && last != null && last - rows[0] + 1 === count) return rowRange(rows[0], last);
  const shown = ids.slice(0, Math.min(SAID, count)), more = count - shown.length;
  const named = listed(more > 0 ? [...shown, `${more.toLocaleString("en")} more`] : shown);
  return shown.some((id, i) => id !== rows[i]) ? named : `${count === 1 ? "row" : "rows"} ${named}`;
}

/** A row for a sentence: "row 7", or "row 7 (its id)" where the file has ids. */
export function rowName(row: number, id: string | number): string {
  return id === row ? `row ${row}` : `row ${row} (${id})`;
}

/** A share as a percentage; below one with a digit more, and above 0 at least 0.1. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value > 0 && value < 0.05) return "0.1 %";
  return `${value.toFixed(share > 0 && value < 0.95 ? 1 : 0)} %`;
}

/** A share with its 95 % interval, as "37 % (± 3)", or "37 % (± 3 points)". */
export function percentWithin(share: number, error: number, unit?: string): string {
  const within = Math.max(1, Math.ceil(196 * error));
  return `${percent(share)} (± ${unit === undefined ? within : counted(within, unit)})`;
}

/** Three significant digits. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A list in words: "a, b and c". */
export function listed(words: readonly (string | number)[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** "1 row", "2 rows". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** A number with so many digits after the point; no zero is negative. */
export function decimal(value: number, digits = 2): string {
  const text = value.toFixed(digits);
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text;
}
