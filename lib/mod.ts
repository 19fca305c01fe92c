/**
 * Is cosine-similarity of embeddings really about similarity?
 *
 * The library behind the notebooks that reproduce Steck, Ekanadham and Kallus (2024), in the order
 * of the paper. Shapes: X is n x p (users x items), A and B are p x k, similarity matrices are
 * rows x rows. `Matrix` is ml-matrix's.
 *
 * @module
 */

// Section 2: the data
export { type Id, type InteractionColumns, Interactions } from "./interactions/interactions.ts";
export { centeredGram } from "./interactions/centered_gram.ts";
export type { ColumnMoments } from "./interactions/column_moments.ts";
export { holdOutItems, splitUsers } from "./interactions/hold_out.ts";
export type { CompressedRows } from "./linalg/compressed_rows.ts";
export { gram } from "./linalg/gram.ts";
export { type Eigensolver, eigensolver } from "./linalg/symmetric_eigen.ts";
export type { SVDProgress } from "./linalg/block_lanczos.ts";
export { type SVD, svdOfGram } from "./linalg/svd_of_gram.ts";
export { truncatedSVD, type TruncatedSVDOptions } from "./linalg/truncated_svd.ts";
export { selectUsers } from "./interactions/select_users.ts";
export { largestDifference } from "./linalg/largest_difference.ts";
export { randomRotation } from "./linalg/random_rotation.ts";

// Sections 2.1 to 2.3: the two models
export type { Embeddings } from "./solvers/embeddings.ts";
export type { SolverOptions } from "./solvers/scaled_vectors.ts";
export { denoisingEmbeddings } from "./solvers/denoising_embeddings.ts";
export { denoisingSpectrum } from "./solvers/denoising_spectrum.ts";
export { weightDecayEmbeddings } from "./solvers/weight_decay_embeddings.ts";
export { denoisingLoss, weightDecayLoss } from "./solvers/losses.ts";
export type { Objective, ObjectiveOptions } from "./solvers/objective.ts";
export { lossGradient } from "./solvers/loss_gradient.ts";
export type { Optimizer } from "./solvers/optimizers.ts";
export {
  trainEmbeddings,
  type Training,
  type TrainingOptions,
} from "./solvers/train_embeddings.ts";
export {
  type ModelingChoice,
  modelingChoices,
  type ModelingChoicesOptions,
} from "./solvers/modeling_choices.ts";
export { rescale } from "./solvers/rescale.ts";
export { rotate } from "./solvers/rotate.ts";
export {
  alternatingLeastSquares,
  type AlternatingLeastSquaresOptions,
} from "./solvers/alternating_least_squares.ts";
export { dropoutLoss, sampledDropoutLoss } from "./solvers/dropout_loss.ts";
export { mixingMatrix } from "./solvers/mixing_matrix.ts";
export { evaluateRanking } from "./solvers/evaluate_ranking.ts";
export {
  type Estimate,
  type RankingAccuracy,
  rankingAccuracy,
  type Scorer,
} from "./solvers/ranking_accuracy.ts";
export { ndcgAtK, recallAtK } from "./solvers/ranking_metrics.ts";
export { userEmbeddings } from "./solvers/user_embeddings.ts";

// Sections 2.1 and 4: cosine similarity, and how well it recovers known clusters
export { cosineSimilarity } from "./similarity/cosine_similarity.ts";
export {
  type ClosedFormCosines,
  closedFormCosines,
  type Combinations,
} from "./similarity/closed_form_cosines.ts";
export {
  type RankingAgreement,
  rankingAgreement,
  type RankingAgreementOptions,
} from "./similarity/ranking_agreement.ts";
export { type ClusterRecovery, clusterRecovery } from "./similarity/cluster_recovery.ts";
export { clusterSimilarity } from "./similarity/cluster_similarity.ts";
export { meanSimilarity } from "./similarity/mean_similarity.ts";
export { nearestNeighbors } from "./similarity/nearest_neighbors.ts";
export { neighborOverlap } from "./similarity/neighbor_overlap.ts";
export { neighborPrecision } from "./similarity/neighbor_precision.ts";
export { popularityBias } from "./similarity/popularity_bias.ts";
export { rankCorrelation } from "./similarity/rank_correlation.ts";
export { sameClusterAuc } from "./similarity/same_cluster_auc.ts";

// Section 3: what to do instead
export { originalSpaceItems, originalSpaceUsers } from "./remedies/original_space.ts";
export { standardizedGram } from "./remedies/standardized_gram.ts";
export {
  type InversePropensityOptions,
  inversePropensityScaling,
} from "./remedies/inverse_propensity.ts";
export type { NegativeSamplingOptions, SkipGramOptions } from "./remedies/skip_gram_options.ts";
export { type SkipGram, type SkipGramVectors, trainSkipGram } from "./remedies/train_skip_gram.ts";
export { skipGramLoss } from "./remedies/skip_gram_loss.ts";
export { cooccurrenceCounts, type PairWeighting } from "./remedies/cooccurrence_counts.ts";
export { pmiMatrix, type PmiOptions } from "./remedies/pmi_matrix.ts";
export { pmiEmbeddings, type PmiEmbeddingsOptions } from "./remedies/pmi_embeddings.ts";
export {
  removeTopDirections,
  type RemoveTopDirectionsOptions,
} from "./remedies/remove_top_directions.ts";
export { type BalancedFactors, balancedFactors } from "./remedies/balanced_factors.ts";
export { equivalentEmbeddings, type EquivalentOptions } from "./remedies/equivalent_embeddings.ts";
export {
  type NeighborYardsticks,
  type OverScalings,
  remedyYardsticks,
  type YardstickOptions,
  type Yardsticks,
} from "./remedies/remedy_yardsticks.ts";
export {
  compareRemedies,
  type CompareRemediesOptions,
  type Remedy,
  type RemedyComparison,
  type RemedyData,
} from "./remedies/compare_remedies.ts";
export {
  type TrainedNormalization,
  trainedRemedies,
  type TrainedRemediesOptions,
  trainNormalized,
  type TrainNormalizedOptions,
} from "./remedies/trained_remedies.ts";
export {
  type EquivalentNetwork,
  type EquivalentNetworkOptions,
  equivalentNetworks,
} from "./remedies/equivalent_networks.ts";
export { translateItems } from "./remedies/translate_items.ts";
export { standardRemedies, type StandardRemediesOptions } from "./remedies/standard_remedies.ts";

// Section 4: the simulation
export {
  type NumberTable,
  simulateInteractions,
  type Simulation,
} from "./simulator/simulate_interactions.ts";
export type { SimulationOptions } from "./simulator/simulation_options.ts";

// Beyond the paper: real data
export { dropRare, type MinimumCount } from "./interactions/drop_rare.ts";
export {
  type ReadInteractions,
  readInteractions,
  type ReadOptions,
} from "./interactions/read_interactions.ts";
export type { Repeats } from "./interactions/repeats.ts";
export type { GramData } from "./interactions/gram_data.ts";
export {
  gramFromParquet,
  type ParquetGram,
  type ParquetOptions,
} from "./interactions/gram_from_parquet.ts";
export { type CountColumns, gramFromCounts } from "./interactions/gram_from_counts.ts";
export { gramQuery } from "./interactions/gram_query.ts";
export { selectItems } from "./interactions/select_items.ts";
export { type LabeledData, labeledData } from "./datasets/labeled_data.ts";
export {
  chooseLambda,
  type ChooseLambdaOptions,
  type LambdaAccuracy,
  type LambdaChoice,
} from "./solvers/choose_lambda.ts";
export { bootstrapMean, type MeanInterval } from "./similarity/bootstrap_mean.ts";
export { itemAuc } from "./similarity/item_auc.ts";
export { gramCosines } from "./similarity/gram_cosines.ts";
export {
  type EmojiInteractions,
  emojiInteractions,
  type EmojiOptions,
} from "./datasets/emoji_interactions.ts";
export { type EmojiLanguage, emojiLanguages } from "./datasets/emoji_languages.ts";
export {
  downloadMovieLens,
  type DownloadMovieLensOptions,
  movieLensLicence,
  type MovieLensName,
  movieLensNames,
} from "./datasets/download_movielens.ts";
export { type MovieLens, type MovieLensOptions, readMovieLens } from "./datasets/read_movielens.ts";

// Beyond linear models: autoencoders (section 5)
export {
  type AutoencoderTraining,
  type Epoch,
  trainAutoencoder,
} from "./networks/train_autoencoder.ts";
export { startAutoencoder } from "./networks/start_autoencoder.ts";
export type { AutoencoderOptions } from "./networks/autoencoder_options.ts";
export type {
  Activation,
  Affine,
  Architecture,
  HiddenLayer,
  LayerNormalization,
  Network,
} from "./networks/network.ts";
export type { Precision } from "./networks/variable.ts";
export type { NetworkRunOptions } from "./networks/run_network.ts";
export { networkLoss, type NetworkLossOptions, type WeightDecay } from "./networks/network_loss.ts";
export {
  hiddenActivations,
  networkItemEmbeddings,
  networkScores,
  networkUserEmbeddings,
} from "./networks/network_embeddings.ts";
export { evaluateNetwork } from "./networks/evaluate_network.ts";
export { rescaleHidden, type RescaleHiddenOptions } from "./networks/rescale_hidden.ts";
export { type HiddenNorms, hiddenNorms } from "./networks/hidden_norms.ts";
export { cachedTraining, type CachedTrainingOptions } from "./networks/cached_training.ts";

// Figures
export { chart, type ChartOptions } from "./plot/chart.ts";
export { Figure } from "./plot/figure.ts";
export { figure1 } from "./plot/figure1.ts";
export { heatmap } from "./plot/heatmap.ts";
export type { HeatmapsOptions, Panel } from "./plot/heatmaps.ts";
export { labeledMatrix } from "./plot/labeled_matrix.ts";
export { errorBound } from "./plot/error_bound.ts";
export { table } from "./plot/table.ts";
export { palette } from "./plot/palette.ts";

// Notebooks
export { type ProgressBar, progressBar } from "./jupyter/progress_bar.ts";

// Beyond the paper: how arbitrary is it?
export { attainableInterval, type Interval } from "./arbitrariness/attainable_interval.ts";
export {
  type AttainableIntervals,
  attainableIntervals,
  type AttainableIntervalsOptions,
} from "./arbitrariness/attainable_intervals.ts";
export type { Freedom, FreedomOptions } from "./arbitrariness/freedom.ts";
export {
  type ExtremeScaling,
  extremeScaling,
  type ExtremeScalingOptions,
  type ScalingObjective,
} from "./arbitrariness/extreme_scaling.ts";
export {
  type NeighborCertificate,
  type NeighborReach,
  neighborReach,
  type NeighborReachOptions,
} from "./arbitrariness/neighbor_reach.ts";
export { type RelativeCondition, relativeCondition } from "./arbitrariness/relative_condition.ts";
export {
  type InteractiveFigure,
  scalingSlider,
  type ScalingSliderOptions,
} from "./plot/scaling_slider.ts";

// Beyond the paper: the audit of embeddings of any origin
export { auditEmbeddings } from "./audit/audit_embeddings.ts";
export { auditHtml } from "./audit/html_report.ts";
export type { AuditOptions, DeclaredTraining } from "./audit/audit_options.ts";
export type { AuditReport } from "./audit/audit_report.ts";
export { auditSummary } from "./audit/audit_summary.ts";
export { type EmbeddingFile, openEmbeddings, type SideColumn } from "./audit/embedding_file.ts";
export type { EmbeddingRows, RowBlock } from "./audit/embedding_rows.ts";
export { InputError } from "./audit/input_error.ts";
export type { Verdict, VerdictLevel } from "./audit/verdict.ts";
