import type { Findings } from "../findings.ts";
import { CORRECTIONS } from "../measuring/corrections.ts";
import { ORIGINAL_SPACE } from "../measuring/original_space.ts";
import type { VerdictFlag } from "./flags.ts";
import type { VerdictLevel } from "./level.ts";
import { decimal, percentWithin } from "./wording.ts";

/** A correction that what was measured gives a reason to try. */
export interface Suggestion {
  /** Its name, as `audit fix --correction` knows it. */
  correction: string;
  /** What the report calls it, among its changes. */
  change: string;
  /** Why to try it, and what it does, with numbers. */
  reason: string;
  /** The share of the nearest neighbors that stays. */
  overlap: number;
  /** The mean cosine of random pairs. */
  meanCosine: { before: number; after: number };
  /** AUC with the labels; null without labels. */
  auc: { before: number; after: number } | null;
}

/** What `audit fix` calls them. */
const NAMES: Record<string, string> = {
  [CORRECTIONS.mean]: "center",
  [CORRECTIONS.top1]: "remove-top-1",
  [CORRECTIONS.top3]: "remove-top-3",
  [CORRECTIONS.zScores]: "z-scores",
  [ORIGINAL_SPACE]: "canonical-1",
};

/** From these values on, a mean or top directions are worth removing, flagged or not. */
const COMMON_MEAN = 0.1, COMMON_TOP = 0.3;

/** Names the corrections to try. None is recommended: that takes evidence, as `audit fix` asks for. */
export function suggestionsOf(
  findings: Findings,
  level: VerdictLevel,
  flags: readonly VerdictFlag[],
): Suggestion[] {
  if (level === "too-small" || level === "noise" && !flags.includes("rogue-dimensions")) return [];
  const { anisotropy, rogueCoordinates } = findings;
  const reasons: [string, string][] = [];
  if (rogueCoordinates.coordinates.length > 0) {
    reasons.push([CORRECTIONS.zScores, "lets the other coordinates count as much"]);
  }
  const common = flags.includes("anisotropic") || flags.includes("popularity") ||
    anisotropy.meanCosine >= COMMON_MEAN || anisotropy.topDirections[1] >= COMMON_TOP;
  if (common) {
    reasons.push(
      [CORRECTIONS.mean, "takes out what all vectors share"],
      [CORRECTIONS.top1, "also takes out their strongest direction, which often is frequency"],
      [CORRECTIONS.top3, "takes out the three strongest (all-but-the-top)"],
    );
  }
  if (level === "arbitrary" || level === "undetermined") {
    reasons.push([ORIGINAL_SPACE, "is the same in every equally good model"]);
  }
  return reasons.flatMap(([change, why]) => suggestion(findings, change, why));
}

function suggestion(findings: Findings, name: string, why: string): Suggestion[] {
  const { neighbors, anisotropy, labels } = findings;
  const found = neighbors.find(({ change }) => change === name);
  if (found === undefined) return [];
  const auc = (name: string) => labels!.changes.find(({ change }) => change === name)!.auc;
  const meanCosine = { before: anisotropy.meanCosine, after: found.meanCosine! };
  const both = labels === null ? null : { before: auc("cosine"), after: auc(name) };
  const reason = `${name[0].toUpperCase()}${name.slice(1)}: ${why}. Mean cosine ` +
    `${decimal(meanCosine.before)} to ${decimal(meanCosine.after)}, keeps ` +
    `${percentWithin(found.overlap, found.error)} of the nearest neighbors` +
    (both === null ? "." : `, AUC ${decimal(both.before, 3)} to ${decimal(both.after, 3)}.`);
  return [{
    correction: NAMES[name],
    change: name,
    reason,
    overlap: found.overlap,
    meanCosine,
    auc: both,
  }];
}
