/**
 * What to do instead of the cosine of learned embeddings (section 3).
 *
 * @module
 */
export { type BalancedFactors, balancedFactors } from "./canonical_items.ts";
export { canonicalItems, type GramUsers } from "./canonical_items.ts";
export { cooccurrenceCounts, type PairWeighting } from "./pmi.ts";
export { equivalentEmbeddings, type EquivalentOptions } from "./equivalents.ts";
export {
  type EquivalentNetwork,
  type EquivalentNetworkOptions,
  equivalentNetworks,
} from "./equivalents.ts";
export { gramCosines } from "./yardsticks.ts";
export { type InversePropensityOptions, inversePropensityScaling } from "./prepared_data.ts";
export { type MeasuredScaling, measuredScaling } from "./canonical_items.ts";
export { neighborRanking, type NeighborRankingOptions } from "./rankings.ts";
export { originalSpaceItems, originalSpaceUsers } from "./original_space.ts";
export { planeItems, type PlanePoint } from "./canonical_items.ts";
export { pmiEmbeddings, type PmiEmbeddingsOptions } from "./pmi.ts";
export { pmiMatrix, type PmiOptions } from "./pmi.ts";
export { type Preparation, prepareData, type PreparedData } from "./prepared_data.ts";
export { removeTopDirections, type RemoveTopDirectionsOptions } from "./corrections.ts";
export { type LambdaSearch, searchLambda, type TriedLambda } from "./tune_models.ts";
export { type SimilaritySpread, similaritySpread } from "./yardsticks.ts";
export {
  type SimilarityYardsticks,
  similarityYardsticks,
  type YardstickOptions,
} from "./yardsticks.ts";
export { skipGramLoss } from "./skip_gram.ts";
export type { NegativeSamplingOptions, SkipGramOptions } from "./skip_gram.ts";
export { spectralRanking } from "./rankings.ts";
export { standardizedGram } from "./prepared_data.ts";
export { standardizeItems } from "./corrections.ts";
export { type SkipGram, type SkipGramVectors, trainSkipGram } from "./skip_gram.ts";
export {
  type TrainedNormalization,
  trainNormalized,
  type TrainNormalizedOptions,
} from "./train_normalized.ts";
export { translateItems } from "./equivalents.ts";
export { type TunedModel, type TunedModels, tuneModels } from "./tune_models.ts";
export { whitenItems } from "./corrections.ts";
