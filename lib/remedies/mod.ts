/**
 * What to do instead of the cosine of learned embeddings (section 3).
 *
 * @module
 */
export { type BalancedFactors, balancedFactors } from "./balanced_factors.ts";
export { canonicalItems, type GramUsers } from "./canonical_items.ts";
export { cooccurrenceCounts, type PairWeighting } from "./cooccurrence_counts.ts";
export { equivalentEmbeddings, type EquivalentOptions } from "./equivalent_embeddings.ts";
export {
  type EquivalentNetwork,
  type EquivalentNetworkOptions,
  equivalentNetworks,
} from "./equivalent_networks.ts";
export { gramCosines } from "./gram_cosines.ts";
export { type InversePropensityOptions, inversePropensityScaling } from "./inverse_propensity.ts";
export { type MeasuredScaling, measuredScaling } from "./measured_scaling.ts";
export { neighborRanking, type NeighborRankingOptions } from "./neighbor_ranking.ts";
export { originalSpaceItems, originalSpaceUsers } from "./original_space.ts";
export { planeItems, type PlanePoint } from "./plane_items.ts";
export { pmiEmbeddings, type PmiEmbeddingsOptions } from "./pmi_embeddings.ts";
export { pmiMatrix, type PmiOptions } from "./pmi_matrix.ts";
export { type Preparation, prepareData, type PreparedData } from "./prepared_data.ts";
export { removeTopDirections, type RemoveTopDirectionsOptions } from "./remove_top_directions.ts";
export { type LambdaSearch, searchLambda, type TriedLambda } from "./search_lambda.ts";
export { type SimilaritySpread, similaritySpread } from "./similarity_spread.ts";
export {
  type SimilarityYardsticks,
  similarityYardsticks,
  type YardstickOptions,
} from "./similarity_yardsticks.ts";
export { skipGramLoss } from "./skip_gram_loss.ts";
export type { NegativeSamplingOptions, SkipGramOptions } from "./skip_gram_options.ts";
export { spectralRanking } from "./spectral_ranking.ts";
export { standardizedGram } from "./standardized_gram.ts";
export { standardizeItems } from "./standardize_items.ts";
export { type SkipGram, type SkipGramVectors, trainSkipGram } from "./train_skip_gram.ts";
export {
  type TrainedNormalization,
  trainNormalized,
  type TrainNormalizedOptions,
} from "./train_normalized.ts";
export { translateItems } from "./translate_items.ts";
export { type TunedModel, type TunedModels, tuneModels } from "./tune_models.ts";
export { whitenItems } from "./whiten_items.ts";
