import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import * as paper from "cosine-lab";
import * as networks from "cosine-lab/networks";
import { attainableIntervals } from "cosine-lab/arbitrariness";
import { cooccurrenceCounts, trainSkipGram } from "cosine-lab/remedies";

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
const extreme = { goal: "best", condition: 2, starts: 1, steps: 2 };
const skipGram = { rank: 2, epochs: 1 };
const remedy = { name: "one", freedom: "nothing", similarities: () => [s] };
const objective = { objective: "denoising", lambda: 5 };
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
    denoisingEmbeddings: withOptions({ lambda: 5 }, svd),
    denoisingLoss: call(x, e, 5),
    denoisingSpectrum: call(svd, 5),
    gram: call(x),
    itemAuc: call(s, labels),
    largestDifference: call(s, s),
    meanSimilarity: call(s, labels),
    modelingChoices: withOptions({}, svd),
    nearestNeighbors: call(s, 2),
    neighborOverlap: call(s, s, 2),
    neighborPrecision: call(s, labels, 2),
    popularityBias: call(s, popularity, 2),
    randomRotation: call(3, seedrandom.alea("a")),
    rankCorrelation: call(s, s),
    rankingAgreement: withOptions({}, s, s),
    rescale: call(e, d),
    rotate: call(e, Matrix.eye(3)),
    sameClusterAuc: call(s, labels),
    selectUsers: call(x, [0, 1]),
    simulateInteractions: withOptions({ users: 9, items: 5, clusters: 2 }),
    svdOfGram: call(paper.gram(x), 3),
    truncatedSVD: withOptions({ rank: 2 }, x),
    userEmbeddings: call(x, e),
    weightDecayEmbeddings: withOptions({ lambda: 5 }, svd),
    weightDecayLoss: call(x, e, 5),
  },
  "cosine-lab/evaluation": {
    bootstrapMean: withOptions({ seed: "a", samples: 10 }, [1, 2, 3]),
    chooseLambda: withOptions({ objective: "denoising", lambdas: [1] }, svd, users),
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
    alternatingLeastSquares: withOptions({ lambda: 5, rank: 2, maxRounds: 2 }, x),
    dropoutEmbeddings: withOptions({ rate: 0.5, rank: 2 }, x),
    dropoutLoss: withOptions({ rate: 0.5 }, x, e),
    lossGradient: withOptions(objective, x, e),
    lossHessian: withOptions(objective, x, e),
    sampledDropoutLoss: withOptions({ rate: 0.5, samples: 2, seed: "a" }, x, e),
    trainEmbeddings: withOptions({ ...objective, rank: 2, maxSteps: 2 }, x),
    trainWithDropout: withOptions({ rate: 0.5, rank: 2, steps: 2 }, x),
  },
  "cosine-lab/arbitrariness": {
    attainableInterval: withOptions({ condition: 2 }, d, [3, 2, 1]),
    attainableIntervals: withOptions({ condition: 2 }, e.B),
    extremeMixing: withOptions(extreme, e, labels),
    extremeScaling: withOptions(extreme, e, labels),
    intervalSummary: withOptions({}, attainableIntervals(e.B, { condition: 2 })),
    mixingMatrix: call(svd, e, 5),
    neighborReach: withOptions({ condition: 2, steps: 2 }, e.B, 1),
    randomScaling: withOptions({ condition: 2 }, 3),
    relativeCondition: call(e.B, e.B),
  },
  "cosine-lab/networks": {
    evaluateNetwork: withOptions({}, network, x, x),
    hiddenActivations: withOptions({}, network, x),
    hiddenNorms: call(network),
    networkItemEmbeddings: withOptions({}, network),
    networkLoss: withOptions({}, network, x),
    networkScores: withOptions({}, network, x),
    networkUserEmbeddings: withOptions({}, network, x),
    rescaleHidden: withOptions({}, network, d),
    startAutoencoder: withOptions({ hidden: [2] }, x),
    trainAutoencoder: withOptions({ hidden: [2], epochs: 1 }, x),
  },
  "cosine-lab/remedies": {
    balancedFactors: call(e),
    canonicalItems: withOptions({}, e.B, e.A),
    compareRemedies: withOptions({ k: 2 }, [remedy], [{ interactions: x, clusters: labels }]),
    cooccurrenceCounts: call(x, "pairs"),
    equivalentEmbeddings: withOptions({ random: 1 }, e),
    equivalentNetworks: withOptions({ random: 1 }, linear, x),
    gramCosines: call(paper.gram(x)),
    inversePropensityScaling: withOptions({}, x),
    measuredScaling: call(e.A, svd),
    neighborRanking: withOptions({ neighbors: 2 }, s, x, x),
    originalSpaceItems: call(x, e),
    originalSpaceUsers: call(x, e),
    planeItems: withOptions({ sigma: 0, dMat: 1, lambda: 5 }, svd),
    pmiEmbeddings: withOptions({ rank: 2 }, counts),
    pmiMatrix: withOptions({}, counts),
    remedyYardsticks: withOptions({ labels, popularity, k: 2, wideK: 3 }, [s]),
    removeTopDirections: withOptions({}, e.B),
    skipGramLoss: withOptions({}, x, trainSkipGram(x, skipGram)),
    standardRemedies: withOptions({}),
    standardizedGram: call(x),
    trainNormalized: withOptions({ rank: 2, epochs: 1, validation: 0.1 }, x, "none"),
    trainSkipGram: withOptions(skipGram, x),
    trainedRemedies: withOptions({}),
    translateItems: call(network, d),
  },
};
