/**
 * Held-out accuracy: split users, hide a part of what they chose, rank the rest (section 2.1). And
 * statistics of what was measured.
 *
 * @module
 */
export { bootstrapMean, type MeanInterval } from "./bootstrap.ts";
export {
  chooseLambda,
  type ChooseLambdaOptions,
  type HeldOutUsers,
  type LambdaAccuracy,
  type LambdaChoice,
} from "./choose_lambda.ts";
export { evaluateRanking } from "./ranking.ts";
export { holdOutItems, splitUsers } from "./hold_out.ts";
export { pairedDifference } from "./bootstrap.ts";
export { type Estimate, type RankingAccuracy, rankingAccuracy, type Scorer } from "./ranking.ts";
export { spearman } from "../similarity/ranks.ts";
export { withinClusterSimilarity } from "../similarity/clusters.ts";
export { ndcgAtK, recallAtK } from "./ranking.ts";
