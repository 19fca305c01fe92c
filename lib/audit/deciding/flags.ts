import type { Findings } from "../findings.ts";
import { thresholds } from "./thresholds.ts";

/** What was measured, whatever was declared. */
export type VerdictFlag = typeof FLAGS[number];

/** All flags. */
export const FLAGS = [
  "rogue-dimensions",
  "anisotropic",
  "popularity",
  "hubs",
  "unit-norm",
  "unbalanced",
  "duplicates",
  "quantized",
] as const;

/** The flags that are up. */
export function flagsOf(findings: Findings): VerdictFlag[] {
  return FLAGS.filter((flag) => RAISED[flag](findings));
}

const RAISED: Record<VerdictFlag, (findings: Findings) => boolean> = {
  "rogue-dimensions": ({ rogueCoordinates }) => rogueCoordinates.coordinates.length > 0,
  anisotropic: ({ anisotropy }) => anisotropy.meanCosine >= thresholds.anisotropic.value,
  popularity: ({ popularity, items, zeroRows }) => {
    const correlation = Math.abs(popularity?.normCorrelation ?? 0);
    // Beyond what chance gives: its standard error is 1/√(items − 1).
    return correlation >= thresholds.popularity.value &&
      correlation * Math.sqrt(Math.max(1, items - zeroRows - 1)) >= 4;
  },
  hubs: ({ hubness }) => hubness.skewness >= thresholds.hubs.value,
  "unit-norm": ({ norms }) => norms.variation < thresholds.unitNorm.value,
  unbalanced: ({ users }) => users !== null && !balanced(users) && users.consistentAsPart !== true,
  duplicates: ({ duplicates }) => duplicates.repeated > 0,
  quantized: ({ quantization }) => quantization !== null,
};

/** Whether the sides balance, weighted or not. */
export function balanced(users: NonNullable<Findings["users"]>): boolean {
  return Math.min(users.imbalance, users.weightedImbalance ?? Infinity) <
    thresholds.balanced.value;
}
