/**
 * Held-out accuracy: split users, hide a part of what they chose, rank the rest (section 2.1). And
 * statistics of what was measured.
 *
 * @module
 */
export { bootstrapMean, type MeanInterval } from "./bootstrap_mean.ts";
export {
  chooseLambda,
  type ChooseLambdaOptions,
  type HeldOutUsers,
  type LambdaAccuracy,
  type LambdaChoice,
} from "./choose_lambda.ts";
export { evaluateRanking } from "./evaluate_ranking.ts";
export { holdOutItems, splitUsers } from "./hold_out.ts";
export { pairedDifference } from "./paired_difference.ts";
export {
  type Estimate,
  type RankingAccuracy,
  rankingAccuracy,
  type Scorer,
} from "./ranking_accuracy.ts";
export { spearman } from "../similarity/spearman.ts";
export { withinClusterSimilarity } from "../similarity/within_cluster_similarity.ts";
export { ndcgAtK, recallAtK } from "./ranking_metrics.ts";
