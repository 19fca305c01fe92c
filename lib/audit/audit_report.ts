import type { Anisotropy } from "./anisotropy.ts";
import type { DeclaredTraining } from "./audit_options.ts";
import type { IntervalWidths } from "./interval_widths.ts";
import type { LabelAgreement } from "./label_agreement.ts";
import type { NeighborChange } from "./neighbor_changes.ts";
import type { NeighborExample } from "./neighbor_examples.ts";
import type { NormSummary } from "./norm_summary.ts";
import type { PopularityRelation } from "./popularity_relation.ts";
import type { UserBalance } from "./user_balance.ts";
import type { Verdict } from "./verdict.ts";

/** All that {@linkcode auditEmbeddings} found out: numbers only, the same as its JSON. */
export interface AuditReport {
  items: number;
  dimensions: number;
  /** Rows of zeros: they have no direction, and their cosines are 0 by convention. */
  zeroRows: number;
  /** How the model was trained, as declared. */
  trained: DeclaredTraining;
  /** What part of the items the measurements on neighbors and pairs are of. */
  sample: { items: number; anchors: number; neighbors: number; pairs: number; seed: string };
  norms: NormSummary;
  /** Spearman's correlation of dot product and cosine over random pairs; 1 where norms are equal. */
  dotCosineCorrelation: number | null;
  anisotropy: Anisotropy;
  /** What is left of the nearest neighbors by cosine after each change. */
  neighbors: NeighborChange[];
  intervals: IntervalWidths[];
  examples: NeighborExample[];
  labels: LabelAgreement | null;
  popularity: PopularityRelation | null;
  users: UserBalance | null;
  verdict: Verdict;
}
