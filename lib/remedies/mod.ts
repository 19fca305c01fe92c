/**
 * What to do instead of the cosine of learned embeddings (section 3).
 *
 * @module
 */
export {
  type MeasuredScaling,
  measuredScaling,
  planeItems,
  type PlanePoint,
} from "../solvers/plane.ts";

export {
  type BalancedFactors,
  balancedFactors,
  canonicalItems,
  type GramUsers,
} from "./canonical_items.ts";
export {
  cooccurrenceCounts,
  type PairWeighting,
  pmiEmbeddings,
  type PmiEmbeddingsOptions,
  pmiMatrix,
  type PmiOptions,
} from "./pmi.ts";
export {
  equivalentEmbeddings,
  type EquivalentNetwork,
  type EquivalentNetworkOptions,
  equivalentNetworks,
  type EquivalentOptions,
  translateItems,
} from "./equivalents.ts";
export {
  chanceOf,
  gramCosines,
  type KindYardsticks,
  kindYardsticks,
  type KnownKinds,
  type SimilaritySpread,
  similaritySpread,
  type SimilarityYardsticks,
  similarityYardsticks,
  type YardstickOptions,
} from "./yardsticks.ts";
export {
  type InversePropensityOptions,
  inversePropensityScaling,
  type Preparation,
  prepareData,
  type PreparedData,
  standardizedGram,
} from "./prepared_data.ts";
export { neighborRanking, type NeighborRankingOptions, spectralRanking } from "./rankings.ts";
export {
  removeTopDirections,
  type RemoveTopDirectionsOptions,
  standardizeItems,
  whitenItems,
} from "./item_corrections.ts";
export {
  type LambdaSearch,
  searchLambda,
  type SplitTruth,
  splitTruth,
  type TriedLambda,
  type TunedModel,
  type TunedModels,
  type TunedRank,
  type TunedRanks,
  tuneModels,
  tuneRanks,
} from "./tune_models.ts";
export {
  type NegativeSamplingOptions,
  type SkipGram,
  skipGramLoss,
  type SkipGramOptions,
  type SkipGramVectors,
  trainSkipGram,
} from "./skip_gram.ts";
export {
  type TrainedNormalization,
  trainNormalized,
  type TrainNormalizedOptions,
} from "./train_normalized.ts";
export {
  type ChoiceRow,
  choiceRow,
  chosenSimilarity,
  type KnownTruth,
  PLANE_CHOICES,
  type RecommendingRow,
  SIMILARITY_CHOICES,
  type SimilarityChoice,
  type UserRankings,
  userRankings,
} from "./choices.ts";
export {
  measureChoices,
  type MeasureChoicesOptions,
  type MeasuredChoices,
  type MeasuredModels,
  type MeasuredRank,
  type MeasuredSplit,
  type MeasuredSwap,
  type Remember,
  type ShortRow,
  type SplitRow,
  type Tuning,
} from "./measured_choices.ts";
