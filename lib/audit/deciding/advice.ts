import type { Findings } from "../findings.ts";
import type { VerdictFlag } from "./flags.ts";
import type { VerdictLevel } from "./level.ts";
import type { Suggestion } from "./suggestions.ts";

/** What to do next, in the order in which it is worth doing. */
export function adviceOf(
  { trained, labels, users }: Findings,
  level: VerdictLevel,
  flags: readonly VerdictFlag[],
  suggestions: readonly Suggestion[],
): string[] {
  const advice: string[] = [];
  if (level === "too-small") return ["Audit a file with more items."];
  if (level === "noise") {
    return [
      "Check that the file holds what it should: trained vectors, not initial ones, and rows that " +
      "are items.",
    ];
  }
  if (level === "undetermined") {
    advice.push("Find out how the model was trained, and declare it with `--trained`.");
  }
  if (level === "arbitrary" || level === "undetermined") {
    advice.push(
      "Train the model a second time with another seed, and let `audit compare` measure how far two " +
        "runs come apart: it needs no theory, and is no bound on what is free.",
    );
  }
  if (suggestions.length > 0 || level === "arbitrary") {
    advice.push(
      labels === null
        ? "Choose a correction by evidence: `audit fix` takes `--labels`, or `--pairs` of ids that " +
          "belong together, and reports on the half that it did not choose by."
        : "Let `audit fix --labels` choose a correction on half of the labels, and report on the " +
          "other.",
    );
  }
  if (level === "arbitrary" && trained !== "sum") {
    advice.push(
      users === null
        ? "Compare items by the predictions made for them, which are the same in every equally " +
          "good model: give `--users`, and it is measured here."
        : "Compare items by the predictions made for them: they are the same in every equally " +
          "good model.",
      "Or train again, on cosines or with weight decay on both sides.",
    );
  }
  if (trained === "sum") {
    advice.push(
      "Keep both terms, W and W̃, of the next training: what is free can then be measured.",
    );
  }
  if (level === "regularization-dependent") {
    advice.push(
      "Train with several strengths of the decay, and use neighbors that do not depend on it.",
    );
  }
  if (flags.includes("popularity")) {
    advice.push(
      "Reduce the popularity bias before or while training, not after: standardize the data, weight " +
        "by inverse propensity, or sample negatives by popularity to the power of 3/4.",
    );
  }
  return advice;
}
