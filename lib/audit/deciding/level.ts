import type { Findings } from "../findings.ts";
import { thresholds } from "./thresholds.ts";

/**
 * What cosines of the embeddings are worth.
 *
 * - `"too-small"`: too few different items to say anything.
 * - `"noise"`: the cosines cannot be told from those of random vectors.
 * - `"arbitrary"`: as declared, training left them open: they are a choice nobody made.
 * - `"undetermined"`: nothing was declared, and vectors do not tell how they were trained.
 * - `"regularization-dependent"`: as declared, set by how strongly each side was regularized.
 * - `"no-warning"`: as declared, cosine is what the vectors were trained for.
 */
export type VerdictLevel = typeof LEVELS[number];

/** All levels, the most limiting first. */
export const LEVELS = [
  "too-small",
  "noise",
  "arbitrary",
  "undetermined",
  "regularization-dependent",
  "no-warning",
] as const;

/** What the declaration says, unless there is too little to say anything about. */
export function levelOf(findings: Findings): VerdictLevel {
  const { duplicates, dimensions, noise, trained } = findings;
  if (duplicates.distinct < thresholds.items.value || dimensions < 2) return "too-small";
  if (noise.noise && !labelsTell(findings)) return "noise";
  switch (trained) {
    case "product":
    case "softmax":
    case "sum":
      return "arbitrary";
    case "factors":
      return "regularization-dependent";
    case "cosine":
      return "no-warning";
    case "unknown":
      return "undetermined";
  }
}

/** Whether neighbors share their labels more often than chance explains: then cosines are no noise. */
function labelsTell({ labels, sample, noise }: Findings): boolean {
  if (labels === null) return false;
  const { chance, changes } = labels;
  const error = Math.sqrt(chance * (1 - chance) / sample.anchors);
  return changes[0].precision - chance > noise.limit * error;
}
