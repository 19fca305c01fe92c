import { Matrix } from "ml-matrix";
import { gram } from "cosine-lab";
import { startAutoencoder } from "cosine-lab/networks";
import { cooccurrenceCounts, prepareData, trainSkipGram } from "cosine-lab/remedies";
import { autoencoder, d, e, labels, onProgress, popularity, s, svd, users, x } from "./sample.ts";
import { call, type ValidCall, withOptions } from "./valid_call.ts";

const network = startAutoencoder(x, { hidden: [3] });
const linear = startAutoencoder(x, {
  hidden: [3],
  activation: "linear",
  biases: { hidden: false },
});
const skipGram = { rank: 2, epochs: 1 };
const { scale, offset, rowMeans } = prepareData(x, "as it is");
const wide = Matrix.eye(12);
const halves = wide.diag().map((_, i) => i % 2);
const equivalent = { scalings: 1, condition: 2, mixtures: 1, seed: "a" };
const { learningRate, batchSize, patience, validation, seed } = autoencoder;
const pmi = { smoothing: 1, shift: 1, positive: true };
const { inputs, outputs } = trainSkipGram(x, skipGram);
const sampling = { negatives: 1, noiseExponent: 1 };
const counts = cooccurrenceCounts(x, "pairs");

/** A call of everything that `cosine-lab/remedies` exports. */
export const remedies: Record<string, ValidCall> = {
  balancedFactors: call(e),
  canonicalItems: withOptions({ exponent: 1 }, e.B, e.A),
  cooccurrenceCounts: call(x, "pairs"),
  equivalentEmbeddings: withOptions(equivalent, e),
  equivalentNetworks: withOptions({ ...equivalent, rotations: 1, translations: 1 }, linear, x),
  gramCosines: call(gram(x)),
  inversePropensityScaling: withOptions({ itemExponent: 1, userExponent: 1 }, x),
  measuredScaling: call(e.A, svd),
  neighborRanking: withOptions({ neighbors: 2, of: "given" }, s, x, x),
  planeItems: withOptions({ sigma: 0, dMat: 1, lambda: 5, rank: 2 }, svd),
  pmiEmbeddings: withOptions({ ...pmi, rank: 2, exponent: 1 }, counts),
  pmiMatrix: withOptions(pmi, counts),
  prepareData: call(x, "as it is"),
  removeTopDirections: withOptions({ directions: 1, center: true }, e.B),
  searchLambda: withOptions({ start: 1, steps: 2 }, () => 1),
  similaritySpread: call([wide, wide], halves),
  similarityYardsticks: withOptions({ labels, popularity }, s),
  skipGramLoss: withOptions(sampling, x, { inputs, outputs }),
  spectralRanking: call({ scale, offset, rowMeans }, svd, x, x),
  standardizeItems: call(e.B),
  standardizedGram: call(x),
  trainNormalized: withOptions(
    { rank: 2, epochs: 1, learningRate, batchSize, patience, validation, seed, onProgress },
    x,
    "none",
  ),
  trainSkipGram: withOptions({
    ...skipGram,
    ...sampling,
    contexts: 1,
    learningRate: 0.1,
    seed: "a",
    onProgress,
  }, x),
  translateItems: call(network, d),
  tuneModels: withOptions({ rank: 2, preparation: "as it is" }, x, users),
  whitenItems: call(e.B, popularity),
};
