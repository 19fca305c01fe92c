/**
 * What to do instead of the cosine of learned embeddings (section 3).
 *
 * @module
 */
export { type BalancedFactors, balancedFactors } from "./balanced_factors.ts";
export { canonicalItems, type GramUsers } from "./canonical_items.ts";
export {
  compareRemedies,
  type CompareRemediesOptions,
  type Remedy,
  type RemedyComparison,
  type RemedyData,
} from "./compare_remedies.ts";
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
export {
  type NeighborYardsticks,
  type OverScalings,
  remedyYardsticks,
  type YardstickOptions,
  type Yardsticks,
} from "./remedy_yardsticks.ts";
export { removeTopDirections, type RemoveTopDirectionsOptions } from "./remove_top_directions.ts";
export { skipGramLoss } from "./skip_gram_loss.ts";
export type { NegativeSamplingOptions, SkipGramOptions } from "./skip_gram_options.ts";
export { standardRemedies, type StandardRemediesOptions } from "./standard_remedies.ts";
export { standardizedGram } from "./standardized_gram.ts";
export { type SkipGram, type SkipGramVectors, trainSkipGram } from "./train_skip_gram.ts";
export {
  type TrainedNormalization,
  trainedRemedies,
  type TrainedRemediesOptions,
  trainNormalized,
  type TrainNormalizedOptions,
} from "./trained_remedies.ts";
export { translateItems } from "./translate_items.ts";
