/**
 * Held-out accuracy: split users, hide a part of what they chose, rank the rest (section 2.1).
 *
 * @module
 */
export { bootstrapMean, type MeanInterval } from "./bootstrap_mean.ts";
export {
  chooseLambda,
  type ChooseLambdaOptions,
  type LambdaAccuracy,
  type LambdaChoice,
} from "./choose_lambda.ts";
export { evaluateRanking } from "./evaluate_ranking.ts";
export { holdOutItems, splitUsers } from "./hold_out.ts";
export {
  type Estimate,
  type RankingAccuracy,
  rankingAccuracy,
  type Scorer,
} from "./ranking_accuracy.ts";
export { ndcgAtK, recallAtK } from "./ranking_metrics.ts";
