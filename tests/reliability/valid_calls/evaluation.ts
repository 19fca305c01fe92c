import { e, labels, s, x } from "./sample.ts";
import { call, type ValidCall, withOptions } from "./valid_call.ts";

/** A call of everything that `cosine-lab/evaluation` exports. */
export const evaluation: Record<string, ValidCall> = {
  bootstrapMean: withOptions({ seed: "a", samples: 10, level: 0.9 }, [1, 2, 3]),
  evaluateRanking: call(e, x, x),
  holdOutItems: withOptions({ share: 0.2, seed: "a" }, x),
  ndcgAtK: call([1, 2], new Set([1]), 2),
  pairedDifference: call({ values: [1, 2] }, { values: [2, 4] }),
  rankingAccuracy: call((_: number, scores: Float64Array) => void scores.fill(1), x, x),
  recallAtK: call([1, 2], new Set([1]), 2),
  spearman: call([1, 2, 3], [1, 3, 2]),
  splitUsers: withOptions({ validation: 5, test: 5, seed: "a" }, x),
  withinClusterSimilarity: call(s, labels),
};
