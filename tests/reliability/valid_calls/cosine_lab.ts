import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import * as paper from "cosine-lab";
import { d, e, labels, onProgress, popularity, s, svd, table, x } from "./sample.ts";
import { call, type ValidCall, withOptions } from "./valid_call.ts";

const rows = {
  rows: 2,
  columns: 2,
  rowStarts: Uint32Array.of(0, 1, 2),
  columnIndices: Uint32Array.of(0, 1),
  values: Float64Array.of(1, 2),
};

/** A call of everything that `cosine-lab` exports. */
export const cosineLab: Record<string, ValidCall> = {
  "Interactions#toDense": call(x),
  "Interactions.fromDense": call([[1, 0], [0, 1]]),
  "Interactions.fromDataFrame": call(table, { user: "u", item: "i" }),
  Interactions: call(rows, { users: ["a", "b"], items: ["c", "d"] }),
  centeredGram: call(x, "columns"),
  closedFormCosines: call(x, e, d),
  clusterRecovery: withOptions({ neighbors: 2 }, s, labels),
  clusterSimilarity: call(labels),
  cosineSimilarity: call(e.B, e.A),
  denoisingEmbeddings: withOptions({ lambda: 5, rank: 2 }, svd),
  denoisingLoss: call(x, e, 5),
  denoisingSpectrum: call(svd, 5),
  gram: call(x),
  itemAuc: call(s, labels),
  largestDifference: call(s, s),
  modelingChoices: withOptions({ denoising: 5, weightDecay: 1, rank: 3 }, svd),
  nearestNeighbors: call(s, 2),
  neighborOverlap: call(s, s, 2),
  neighborPrecision: call(s, labels, 2),
  popularityBias: call(s, popularity, 2),
  randomRotation: call(3, seedrandom.alea("a")),
  rankCorrelation: call(s, s),
  rankingAgreement: withOptions({ tolerance: 0.1, top: 2 }, s, s),
  rescale: call(e, d),
  rotate: call(e, Matrix.eye(3)),
  sameClusterAuc: call(s, labels),
  selectUsers: call(x, [0, 1]),
  simulateInteractions: withOptions({
    users: 9,
    items: 5,
    clusters: 2,
    clusterProbabilities: [0.5, 0.5],
    clusterConcentration: 1,
    itemExponent: [0.5, 1],
    popularity: "zipf",
    preferences: "dirichlet",
    preferenceConcentration: 1,
    userExponent: 1,
    maxInteractions: 5,
    seed: "a",
  }),
  svdOfGram: call(paper.gram(x), 3),
  truncatedSVD: withOptions({ rank: 2, method: "gram", tolerance: 0.1, onProgress }, x),
  userEmbeddings: call(x, e),
  weightDecayEmbeddings: withOptions({ lambda: 5, rank: 2 }, svd),
  weightDecayLoss: call(x, e, 5),
};
