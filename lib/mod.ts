/**
 * Is cosine-similarity of embeddings really about similarity?
 *
 * What the paper of Steck, Ekanadham and Kallus (2024) needs, in its order. Pure: no files, no
 * native code, nothing of Deno's, so it runs in Deno, in Node and in a browser's worker. What goes
 * beyond is in sub-paths: `cosine-lab/remedies`, `/evaluation`, `/arbitrariness`, `/training`,
 * `/networks`, `/tables`, `/datasets`, `/notebook` and `/audit`.
 *
 * Shapes: X is n x p (users x items), A and B are p x k, similarity matrices are rows x rows.
 * `Matrix` is ml-matrix's.
 *
 * @module
 */

// Section 2: the data X, its Gram matrix and its singular value decomposition
export { centeredGram } from "./interactions/centered_gram.ts";
export type { ColumnMoments } from "./interactions/column_moments.ts";
export type { GramData } from "./interactions/gram_data.ts";
export type { Id } from "./interactions/index_ids.ts";
export { type InteractionColumns, Interactions } from "./interactions/interactions.ts";
export { selectUsers } from "./interactions/select_users.ts";
export type { CompressedRows } from "./linalg/compressed_rows.ts";
export { gram } from "./linalg/gram.ts";
export { largestDifference } from "./linalg/largest_difference.ts";
export { randomRotation } from "./linalg/random_rotation.ts";
export { type SVD, svdOfGram } from "./linalg/svd_of_gram.ts";
export { truncatedSVD, type TruncatedSVDOptions } from "./linalg/truncated_svd.ts";

// Sections 2.1 to 2.3: the two models
export { denoisingEmbeddings } from "./solvers/denoising_embeddings.ts";
export { denoisingSpectrum } from "./solvers/denoising_spectrum.ts";
export type { Embeddings } from "./solvers/embeddings.ts";
export { denoisingLoss, weightDecayLoss } from "./solvers/losses.ts";
export {
  type ModelingChoices,
  modelingChoices,
  type ModelingChoicesOptions,
} from "./solvers/modeling_choices.ts";
export { rescale } from "./solvers/rescale.ts";
export { rotate } from "./solvers/rotate.ts";
export type { SolverOptions } from "./solvers/scaled_vectors.ts";
export { userEmbeddings } from "./solvers/user_embeddings.ts";
export { weightDecayEmbeddings } from "./solvers/weight_decay_embeddings.ts";

// Sections 2.1 and 4: cosine similarity, and how well it recovers known clusters
export { type ClosedFormCosines, closedFormCosines } from "./similarity/closed_form_cosines.ts";
export { type ClusterRecovery, clusterRecovery } from "./similarity/cluster_recovery.ts";
export { clusterSimilarity } from "./similarity/cluster_similarity.ts";
export { cosineSimilarity } from "./similarity/cosine_similarity.ts";
export { itemAuc } from "./similarity/item_auc.ts";
export { meanSimilarity } from "./similarity/mean_similarity.ts";
export { nearestNeighbors } from "./similarity/nearest_neighbors.ts";
export { neighborOverlap } from "./similarity/neighbor_overlap.ts";
export { neighborPrecision } from "./similarity/neighbor_precision.ts";
export { popularityBias } from "./similarity/popularity_bias.ts";
export { rankCorrelation } from "./similarity/rank_correlation.ts";
export {
  type RankingAgreement,
  rankingAgreement,
  type RankingAgreementOptions,
} from "./similarity/ranking_agreement.ts";
export { sameClusterAuc } from "./similarity/same_cluster_auc.ts";

// Section 4: the simulation
export {
  type SimulatedItems,
  type SimulatedUsers,
  simulateInteractions,
  type Simulation,
} from "./simulator/simulate_interactions.ts";
export type { SimulationOptions } from "./simulator/simulation_options.ts";
