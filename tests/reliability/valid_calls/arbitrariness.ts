import { attainableIntervals } from "cosine-lab/arbitrariness";
import { d, e, labels, onProgress, svd } from "./sample.ts";
import { call, type ValidCall, withOptions } from "./valid_call.ts";

const extreme = {
  goal: "best",
  condition: 2,
  measure: "precision",
  neighbors: 2,
  starts: 1,
  steps: 2,
  seed: "a",
  onProgress,
};

/** A call of everything that `cosine-lab/arbitrariness` exports. */
export const arbitrariness: Record<string, ValidCall> = {
  attainableInterval: withOptions({ condition: 2, freedom: "scaling", onProgress }, d, [3, 2, 1]),
  attainableIntervals: withOptions({ condition: 2, freedom: "scaling", onProgress }, e.B),
  extremeMixing: withOptions(extreme, e, labels),
  extremeScaling: withOptions(extreme, e, labels),
  intervalSummary: withOptions({ quantiles: [0.5] }, attainableIntervals(e.B, { condition: 2 })),
  invariantProduct: call(e),
  mixingMatrix: call(svd, e, 5),
  neighborReach: withOptions({ condition: 2, steps: 2, seed: "a", onProgress }, e.B, 1),
  randomScaling: withOptions({ condition: 2, seed: "a" }, 3),
  relativeCondition: call(e.B, e.B),
};
