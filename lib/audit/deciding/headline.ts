import type { Findings } from "../findings.ts";
import { balanced, type VerdictFlag } from "./flags.ts";
import type { VerdictLevel } from "./level.ts";
import { memberAt } from "./member_at.ts";
import { thresholds } from "./thresholds.ts";
import { counted, percent, percentWithin } from "./wording.ts";

/** The verdict in a sentence or two, for someone who knows none of the theory. */
export function headlineOf(
  findings: Findings,
  level: VerdictLevel,
  flags: readonly VerdictFlag[],
): string {
  switch (level) {
    case "too-small":
      return findings.dimensions < 2
        ? "Too small to say anything: in one dimension a cosine is no more than a sign."
        : `Too small to say anything: there are ${
          counted(findings.duplicates.distinct, "different vector")
        } in ${counted(findings.dimensions, "dimension")}, and it takes ${thresholds.items.value}.`;
    case "noise":
      return "These cosines cannot be told from those of random vectors.";
    case "arbitrary":
      return arbitrary(findings);
    case "regularization-dependent":
      return "These cosines are set by how strongly the two sides were regularized: another " +
        "strength gives other neighbors, and nothing in this file says which is right.";
    case "no-warning":
      return "No warning: cosine is what these vectors were trained for, as declared.";
    case "undetermined":
      return undetermined(findings, flags);
  }
}

function arbitrary(findings: Findings): string {
  const { lost, stable } = loss(findings);
  const halves = findings.trained === "sum" && !findings.contexts
    ? ", as far as sums alone can show"
    : "";
  return stable
    ? `Training leaves these cosines open. A model that fits exactly as well, its axes stretched up ` +
      `to 2 times, replaces few of the nearest neighbors${halves}: ${lost}.`
    : `Do not trust these cosines as they are: a model that fits exactly as well, its axes ` +
      `stretched up to 2 times, replaces ${lost} of the nearest neighbors.`;
}

function undetermined(findings: Findings, flags: readonly VerdictFlag[]): string {
  const { lost } = loss(findings);
  const { users } = findings;
  if (flags.includes("unit-norm")) {
    return "That all vectors have one length does not tell how they were trained. " +
      "If the model compares by cosine, all is well; if they were normalized after training on " +
      "dot products, that hid a freedom, and equally good models, their axes stretched up to 2 " +
      `times, replace ${lost} of the nearest neighbors.`;
  }
  if (users !== null && balanced(users)) {
    return "The two sides are consistent with decay on both, which would fix these " +
      "cosines, and no proof of it. Without such decay, equally good models, their axes stretched " +
      `up to 2 times, replace ${lost} of the nearest neighbors.`;
  }
  return "Vectors alone do not tell how they were trained. If on dot products " +
    "without a penalty on each side, these cosines are a choice nobody made, and equally good " +
    `models, their axes stretched up to 2 times, replace ${lost} of the nearest neighbors.`;
}

function loss(findings: Findings): { lost: string; stable: boolean } {
  const member = memberAt(findings, 2);
  if (member === null) return { lost: percent(0), stable: true };
  return {
    lost: percentWithin(1 - member.overlap, member.error),
    stable: member.overlap >= thresholds.stable.value,
  };
}
