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
export type { CompressedRows } from "./linalg/compressed_rows.ts";
export { gram } from "./linalg/gram.ts";
export { type Eigensolver, eigensolver } from "./linalg/symmetric_eigen.ts";
export type { SVDProgress } from "./linalg/block_lanczos.ts";
export { type SVD, truncatedSVD, type TruncatedSVDOptions } from "./linalg/truncated_svd.ts";

// Sections 2.1 to 2.3: the two models
export type { Embeddings } from "./solvers/embeddings.ts";
export type { SolverOptions } from "./solvers/scaled_vectors.ts";
export { denoisingEmbeddings } from "./solvers/denoising_embeddings.ts";
export { denoisingSpectrum } from "./solvers/denoising_spectrum.ts";
export { weightDecayEmbeddings } from "./solvers/weight_decay_embeddings.ts";
export { denoisingLoss, weightDecayLoss } from "./solvers/losses.ts";
export { rescale } from "./solvers/rescale.ts";
export { rotate } from "./solvers/rotate.ts";
export { userEmbeddings } from "./solvers/user_embeddings.ts";

// Sections 2.1 and 4: cosine similarity, and how well it recovers known clusters
export { cosineSimilarity } from "./similarity/cosine_similarity.ts";
export { clusterSimilarity } from "./similarity/cluster_similarity.ts";
export { meanSimilarity } from "./similarity/mean_similarity.ts";
export { nearestNeighbors } from "./similarity/nearest_neighbors.ts";
export { neighborOverlap } from "./similarity/neighbor_overlap.ts";
export { neighborPrecision } from "./similarity/neighbor_precision.ts";
export { rankCorrelation } from "./similarity/rank_correlation.ts";
export { sameClusterAuc } from "./similarity/same_cluster_auc.ts";

// Section 4: the simulation
export { simulateInteractions, type Simulation } from "./simulator/simulate_interactions.ts";
export type { SimulationOptions } from "./simulator/simulation_options.ts";
