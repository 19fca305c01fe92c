/**
 * Held-out accuracy: split users, hide a part of what they chose, rank the rest (section 2.1). And
 * statistics of what was measured.
 *
 * @module
 */
export { bootstrapMean, type MeanInterval, pairedDifference } from "./bootstrap.ts";
export { ndcgAtK, recallAtK } from "./ndcg.ts";
export {
  type Estimate,
  evaluateRanking,
  type RankingAccuracy,
  rankingAccuracy,
  type Scorer,
} from "./ranking.ts";
export { type HeldOutUsers, holdOutItems, splitUsers } from "./hold_out.ts";
export { spearman } from "../similarity/rank_correlation.ts";
export { withinClusterSimilarity } from "../similarity/clusters.ts";
export { type Taxonomy, wuPalmerSimilarity } from "../similarity/wu_palmer.ts";
export { chancePrecision } from "../similarity/neighbors.ts";
export { rankCorrelationInterval, sameClusterAucInterval } from "./item_intervals.ts";
export { swapWithin } from "./swap_within.ts";
