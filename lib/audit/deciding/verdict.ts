import type { Findings } from "../findings.ts";
import { adviceOf } from "./advice.ts";
import { followsFrom } from "./declaration.ts";
import { flagsOf, type VerdictFlag } from "./flags.ts";
import { headlineOf } from "./headline.ts";
import { levelOf, type VerdictLevel } from "./level.ts";
import { measurementsOf } from "./measurements.ts";
import { type Suggestion, suggestionsOf } from "./suggestions.ts";
import { type Threshold, thresholds } from "./thresholds.ts";
import { unknownsOf } from "./unknowns.ts";

/** The verdict of an audit, in plain words. */
export interface Verdict {
  level: VerdictLevel;
  flags: VerdictFlag[];
  /** The verdict in a sentence or two, without theory. */
  headline: string;
  /** What follows from how the model was trained, as declared. */
  declared: string[];
  /** What was measured, whatever was declared. */
  measured: string[];
  /** What neither the vectors nor the declaration can tell. */
  unknown: string[];
  /** Corrections that what was measured gives a reason to try. */
  corrections: Suggestion[];
  /** What to do next. */
  advice: string[];
  /** Where lines were drawn, and why there. */
  thresholds: Threshold[];
}

/** Draws the conclusions from what an audit measured. */
export function verdictOf(findings: Findings): Verdict {
  const level = levelOf(findings);
  const flags = flagsOf(findings);
  const corrections = suggestionsOf(findings, level, flags);
  return {
    level,
    flags,
    headline: headlineOf(findings, level, flags),
    declared: followsFrom(findings),
    measured: measurementsOf(findings, flags),
    unknown: unknownsOf(findings, level, flags),
    corrections,
    advice: adviceOf(findings, level, flags, corrections),
    thresholds: Object.values(thresholds),
  };
}
