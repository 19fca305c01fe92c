/**
 * How far the free matrix D can push a cosine, a clustering, a nearest neighbor. Beyond the paper.
 *
 * @module
 */
export { attainableInterval, type Interval } from "./attainable_interval.ts";
export {
  type AttainableIntervals,
  attainableIntervals,
  type AttainableIntervalsOptions,
} from "./attainable_intervals.ts";
export {
  type ExtremeScaling,
  extremeScaling,
  type ExtremeScalingOptions,
  type ScalingObjective,
} from "./extreme_scaling.ts";
export type { Freedom, FreedomOptions } from "./freedom.ts";
export { mixingMatrix } from "./mixing_matrix.ts";
export {
  type NeighborCertificate,
  type NeighborReach,
  neighborReach,
  type NeighborReachOptions,
} from "./neighbor_reach.ts";
export { type RelativeCondition, relativeCondition } from "./relative_condition.ts";
