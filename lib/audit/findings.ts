import type { Anisotropy } from "./measuring/anisotropy.ts";
import type { AttainableCosines } from "./measuring/attainable_cosines.ts";
import type { DuplicateRows } from "./measuring/duplicate_rows.ts";
import type { DeclaredTraining, FreeGroup } from "./measuring/free_group.ts";
import type { Hubness } from "./measuring/hubness.ts";
import type { LabelAgreement } from "./measuring/label_agreement.ts";
import type { NeighborChange } from "./measuring/neighbor_changes.ts";
import type { NeighborExample } from "./measuring/neighbor_examples.ts";
import type { NoiseTest } from "./measuring/noise_test.ts";
import type { NormSummary } from "./measuring/norm_summary.ts";
import type { PopularityRelation } from "./measuring/popularity_relation.ts";
import type { Quantization } from "./measuring/quantization.ts";
import type { QueryItems } from "./measuring/query_items.ts";
import type { RogueCoordinates } from "./measuring/rogue_coordinates.ts";
import type { UserBalance } from "./measuring/user_balance.ts";

/** All that was measured: numbers only. */
export interface Findings {
  /** The version of this format: a script that knows it can rely on the names. */
  schema: typeof SCHEMA;
  items: number;
  dimensions: number;
  /** Rows of zeros: they have no direction, and their cosines are 0 by convention. */
  zeroRows: number;
  /** How the model was trained, as declared. */
  trained: DeclaredTraining;
  /** What training leaves free, by what was declared; null where nothing was. */
  group: FreeGroup | null;
  /** What part of the items the measurements on neighbors and pairs are of. */
  sample: { items: number; anchors: number; neighbors: number; pairs: number; seed: string };
  norms: NormSummary;
  duplicates: DuplicateRows;
  /** How the numbers have been rounded to 8 bits or fewer; null where they show no sign of it. */
  quantization: Quantization | null;
  noise: NoiseTest;
  /** Spearman's correlation of dot product and cosine over random pairs; 1 where norms are equal. */
  dotCosineCorrelation: number | null;
  anisotropy: Anisotropy;
  /** IsoScore over the members of the free group that were measured; null where it cannot change. */
  isoScoreRange: { min: number; max: number } | null;
  rogueCoordinates: RogueCoordinates;
  hubness: Hubness;
  /** What is left of the nearest neighbors by cosine after each change. */
  neighbors: NeighborChange[];
  /** How far single cosines can be moved at worst; empty where training leaves them fixed. */
  attainable: AttainableCosines[];
  examples: NeighborExample[];
  labels: LabelAgreement | null;
  popularity: PopularityRelation | null;
  users: UserBalance | null;
  /** Whether the context vectors of a sum were given, so that its orbit is measured exactly. */
  contexts: boolean;
  queries: QueryItems | null;
}

/** The version of the format, which changes with the meaning of any name in it. */
export const SCHEMA = "cosine-lab/audit/1";
