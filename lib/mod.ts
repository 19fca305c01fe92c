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
export { centeredGram, type ColumnMoments, type GramData } from "./interactions/centered_gram.ts";
export type { Id } from "./interactions/ids.ts";
export { type InteractionColumns, Interactions } from "./interactions/interactions.ts";
export { dropRare, type MinimumCount, selectItems, selectUsers } from "./interactions/select.ts";
export type { CompressedRows } from "./linalg/compressed_rows.ts";
export { gram } from "./linalg/gram.ts";
export { largestDifference } from "./linalg/matrices.ts";
export { randomRotation } from "./linalg/random_rotation.ts";
export { type SVD, svdOfGram, truncatedSVD, type TruncatedSVDOptions } from "./linalg/svd.ts";

// Sections 2.1 to 2.3: the two models
export {
  denoisingEmbeddings,
  denoisingSpectrum,
  type ModelingChoices,
  modelingChoices,
  type ModelingChoicesOptions,
  type SolverOptions,
  weightDecayEmbeddings,
} from "./solvers/closed_forms.ts";
export { type Embeddings, rescale, rotate, userEmbeddings } from "./solvers/embeddings.ts";
export { denoisingLoss, weightDecayLoss } from "./solvers/losses.ts";

// Sections 2.1 and 4: cosine similarity, and how well it recovers known clusters
export { type ClusterRecovery, clusterRecovery, clusterSimilarity } from "./similarity/clusters.ts";
export { itemAuc, sameClusterAuc } from "./similarity/same_cluster_auc.ts";
export {
  type ClosedFormCosines,
  closedFormCosines,
  cosineSimilarity,
} from "./similarity/cosine_similarity.ts";
export {
  nearestNeighbors,
  neighborOverlap,
  neighborPrecision,
  popularityBias,
} from "./similarity/neighbors.ts";
export { rankCorrelation } from "./similarity/rank_correlation.ts";
export {
  type RankingAgreement,
  rankingAgreement,
  type RankingAgreementOptions,
} from "./similarity/ranking_agreement.ts";

// Sections 2.2, 2.3 and 3: one plane of similarities, and what no choice of D or M changes
export { planeItems, type PlanePoint } from "./solvers/plane.ts";
export { canonicalItems, type GramUsers } from "./remedies/canonical_items.ts";

// Section 4: the simulation
export {
  type SimulatedItems,
  type SimulatedUsers,
  simulateInteractions,
  type Simulation,
} from "./simulator/simulate_interactions.ts";
export type { SimulationOptions } from "./simulator/simulate_interactions.ts";
