/**
 * How far the free matrix D, or M, can push a cosine, a clustering, a nearest neighbor. Beyond the paper.
 *
 * @module
 */
export { attainableInterval, type Interval } from "./attainable_interval.ts";
export {
  type AttainableIntervals,
  attainableIntervals,
  type AttainableIntervalsOptions,
  type IntervalSummary,
  intervalSummary,
  type IntervalSummaryOptions,
} from "./attainable_intervals.ts";
export { type ExtremeMixing, extremeMixing } from "./extreme_mixing.ts";
export { type ExtremeOptions, type ExtremeScaling, extremeScaling } from "./extreme_scaling.ts";
export {
  type Freedom,
  type FreedomOptions,
  invariantProduct,
  mixingMatrix,
  randomScaling,
  type RandomScalingOptions,
  type RelativeCondition,
  relativeCondition,
} from "./freedom.ts";
export {
  type NeighborCertificate,
  type NeighborReach,
  neighborReach,
  type NeighborReachOptions,
} from "./neighbor_reach.ts";
