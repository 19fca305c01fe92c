import seedrandom from "seedrandom";
import { e, onProgress, x } from "./sample.ts";
import { type ValidCall, withOptions } from "./valid_call.ts";

const objective = { objective: "denoising", lambda: 5 };
const trained = { rank: 2, learningRate: 0.1, startScale: 0.1, seed: "a" };

/** A call of everything that `cosine-lab/training` exports. */
export const training: Record<string, ValidCall> = {
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
  randomNormal: withOptions({ deviation: 2 }, seedrandom.alea("a")),
  sampledDropoutLoss: withOptions({ rate: 0.5, samples: 2, seed: "a" }, x, e),
  trainEmbeddings: withOptions({
    ...objective,
    ...trained,
    maxSteps: 2,
    tolerance: 0.1,
    optimizer: "adam",
    startBalance: 1,
    onProgress,
  }, x),
  trainWithDropout: withOptions({ rate: 0.5, ...trained, steps: 2 }, x),
};
