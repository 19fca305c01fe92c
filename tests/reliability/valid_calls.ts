import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import * as paper from "cosine-lab";
import * as networks from "cosine-lab/networks";
import { attainableIntervals } from "cosine-lab/arbitrariness";
import { cooccurrenceCounts, prepareData, trainSkipGram } from "cosine-lab/remedies";

/** Arguments that a function takes, and its options where it has some: always its last argument. */
export interface ValidCall {
  args: unknown[];
  options?: Record<string, unknown>;
}

const call = (...args: unknown[]): ValidCall => ({ args });
const withOptions = (options: Record<string, unknown>, ...args: unknown[]): ValidCall => ({
  args,
  options,
});

const { interactions: x, clusters: labels } = paper.simulateInteractions({
  users: 60,
  items: 8,
  clusters: 2,
});
const svd = paper.truncatedSVD(x);
const e = paper.denoisingEmbeddings(svd, { lambda: 5, rank: 3 });
const s = paper.cosineSimilarity(e.B);
const popularity = paper.gram(x).diag();
const users = { given: x, heldOut: x };
const network = networks.startAutoencoder(x, { hidden: [3] });
const linear = networks.startAutoencoder(x, {
  hidden: [3],
  activation: "linear",
  biases: { hidden: false },
});
const d = [1, 2, 3];
const extreme = {
  goal: "best",
  condition: 2,
  measure: "precision",
  neighbors: 2,
  starts: 1,
  steps: 2,
  seed: "a",
};
const skipGram = { rank: 2, epochs: 1 };
const prepared = prepareData(x, "as it is");
const wide = Matrix.eye(12);
const halves = wide.diag().map((_, i) => i % 2);
const objective = { objective: "denoising", lambda: 5 };
const trained = { rank: 2, learningRate: 0.1, startScale: 0.1, seed: "a" };
const autoencoder = {
  hidden: [2],
  activation: "linear",
  output: "dot",
  layerNormalization: false,
  biases: {},
  normalizeInput: true,
  dropout: 0,
  weightDecay: {},
  learningRate: 0.1,
  batchSize: 60,
  epochs: 1,
  validation: users,
  patience: 1,
  seed: "a",
  precision: "float64",
  threads: 1,
};
const equivalent = { scalings: 1, condition: 2, mixtures: 1, seed: "a" };
const pmi = { smoothing: 1, shift: 1, positive: true };
const sampling = { negatives: 1, noiseExponent: 1 };
const run = { precision: "float64", threads: 1 };
const counts = cooccurrenceCounts(x, "pairs");
const table = { columns: ["u", "i"], getColumn: () => ({ toArray: () => [1, 2] }) };

/** A call of every function that the pure entries export, by entry and name. */
export const validCalls: Record<string, Record<string, ValidCall>> = {
  "cosine-lab": {
    "Interactions.fromDense": call([[1, 0], [0, 1]]),
    "Interactions.fromDataFrame": call(table, { user: "u", item: "i" }),
    Interactions: call(x),
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
    meanSimilarity: call(s, labels),
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
      userExponent: 1,
      seed: "a",
    }),
    svdOfGram: call(paper.gram(x), 3),
    truncatedSVD: withOptions({ rank: 2, method: "gram", tolerance: 0.1 }, x),
    userEmbeddings: call(x, e),
    weightDecayEmbeddings: withOptions({ lambda: 5, rank: 2 }, svd),
    weightDecayLoss: call(x, e, 5),
  },
  "cosine-lab/evaluation": {
    bootstrapMean: withOptions({ seed: "a", samples: 10, level: 0.9 }, [1, 2, 3]),
    chooseLambda: withOptions({ objective: "denoising", lambdas: [1], rank: 2 }, svd, users),
    evaluateRanking: call(e, x, x),
    holdOutItems: withOptions({ share: 0.2, seed: "a" }, x),
    ndcgAtK: call([1, 2], new Set([1]), 2),
    pairedDifference: call({ values: [1, 2] }, { values: [2, 4] }),
    rankingAccuracy: call((_: number, scores: Float64Array) => void scores.fill(1), x, x),
    recallAtK: call([1, 2], new Set([1]), 2),
    spearman: call([1, 2, 3], [1, 3, 2]),
    splitUsers: withOptions({ validation: 5, test: 5, seed: "a" }, x),
    withinClusterSimilarity: call(s, labels),
  },
  "cosine-lab/training": {
    alternatingLeastSquares: withOptions({
      lambda: 5,
      rank: 2,
      seed: "a",
      maxRounds: 2,
      tolerance: 0.1,
    }, x),
    dropoutEmbeddings: withOptions({ rate: 0.5, rank: 2 }, x),
    dropoutLoss: withOptions({ rate: 0.5 }, x, e),
    lossGradient: withOptions(objective, x, e),
    lossHessian: withOptions(objective, x, e),
    sampledDropoutLoss: withOptions({ rate: 0.5, samples: 2, seed: "a" }, x, e),
    randomNormal: withOptions({ deviation: 2 }, seedrandom.alea("a")),
    trainEmbeddings: withOptions({
      ...objective,
      ...trained,
      maxSteps: 2,
      tolerance: 0.1,
      optimizer: "adam",
      startBalance: 1,
    }, x),
    trainWithDropout: withOptions({ rate: 0.5, ...trained, steps: 2 }, x),
  },
  "cosine-lab/arbitrariness": {
    attainableInterval: withOptions({ condition: 2, freedom: "scaling" }, d, [3, 2, 1]),
    attainableIntervals: withOptions({ condition: 2, freedom: "scaling" }, e.B),
    extremeMixing: withOptions(extreme, e, labels),
    extremeScaling: withOptions(extreme, e, labels),
    intervalSummary: withOptions({ quantiles: [0.5] }, attainableIntervals(e.B, { condition: 2 })),
    mixingMatrix: call(svd, e, 5),
    neighborReach: withOptions({ condition: 2, steps: 2, seed: "a" }, e.B, 1),
    randomScaling: withOptions({ condition: 2, seed: "a" }, 3),
    relativeCondition: call(e.B, e.B),
  },
  "cosine-lab/networks": {
    evaluateNetwork: withOptions(run, network, x, x),
    hiddenActivations: withOptions({ ...run, layer: 0 }, network, x),
    hiddenNorms: call(network),
    networkItemEmbeddings: withOptions({ precision: "float64" }, network),
    networkLoss: withOptions({ ...run, weightDecay: {} }, network, x),
    networkScores: withOptions(run, network, x),
    networkUserEmbeddings: withOptions(run, network, x),
    rescaleHidden: withOptions({ layer: 0, through: "weights" }, network, d),
    startAutoencoder: withOptions(autoencoder, x),
    trainAutoencoder: withOptions(autoencoder, x),
  },
  "cosine-lab/remedies": {
    balancedFactors: call(e),
    canonicalItems: withOptions({ exponent: 1 }, e.B, e.A),
    cooccurrenceCounts: call(x, "pairs"),
    equivalentEmbeddings: withOptions(equivalent, e),
    equivalentNetworks: withOptions({ ...equivalent, rotations: 1, translations: 1 }, linear, x),
    gramCosines: call(paper.gram(x)),
    inversePropensityScaling: withOptions({ itemExponent: 1, userExponent: 1 }, x),
    measuredScaling: call(e.A, svd),
    neighborRanking: withOptions({ neighbors: 2, of: "given" }, s, x, x),
    originalSpaceItems: call(x, e),
    originalSpaceUsers: call(x, e),
    planeItems: withOptions({ sigma: 0, dMat: 1, lambda: 5 }, svd),
    pmiEmbeddings: withOptions({ ...pmi, rank: 2, exponent: 1 }, counts),
    pmiMatrix: withOptions(pmi, counts),
    prepareData: call(x, "as it is"),
    removeTopDirections: withOptions({ directions: 1, center: true }, e.B),
    searchLambda: withOptions({ start: 1, steps: 2 }, () => 1),
    similaritySpread: call([wide, wide], halves),
    similarityYardsticks: withOptions({ labels, popularity }, s),
    skipGramLoss: withOptions(sampling, x, trainSkipGram(x, skipGram)),
    spectralRanking: call(prepared, svd, x, x),
    standardizeItems: call(e.B),
    standardizedGram: call(x),
    trainNormalized: withOptions({ rank: 2, epochs: 1 }, x, "none"),
    trainSkipGram: withOptions({
      ...skipGram,
      ...sampling,
      contexts: 1,
      learningRate: 0.1,
      seed: "a",
    }, x),
    translateItems: call(network, d),
    tuneModels: withOptions({ rank: 2 }, x, users),
    whitenItems: call(e.B, popularity),
  },
};
