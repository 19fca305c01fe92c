import type { Findings } from "../findings.ts";
import type { VerdictFlag } from "./flags.ts";
import { balanced } from "./flags.ts";
import type { VerdictLevel } from "./level.ts";

/** What neither the vectors nor the declaration can tell. */
export function unknownsOf(
  findings: Findings,
  level: VerdictLevel,
  flags: readonly VerdictFlag[],
): string[] {
  const { trained, users, labels, queries, items, zeroRows, sample } = findings;
  const unknown: string[] = [];
  if (level === "too-small") return ["With so few items every figure below may be chance."];
  if (level === "noise") {
    unknown.push(
      "Whether there is anything in these vectors that is finer than chance hides: it would take " +
        "more items, labels, or pairs that belong together.",
    );
  }
  if (trained === "unknown") {
    unknown.push(
      flags.includes("unit-norm")
        ? "How the model was trained. One length does not tell: contrastive models normalize while " +
          "they train, and many pipelines normalize afterwards, which closes nothing."
        : "How the model was trained. No measurement on the vectors can tell.",
    );
  } else {
    unknown.push("Whether the declaration is right: nothing here proves it.");
  }
  if (users !== null && trained !== "cosine") unknown.push(usersUnknown(users, trained));
  if (trained === "sum" && !findings.contexts) {
    unknown.push(
      "The two terms of the sum: both are taken to be its halves, which may understate what is free. " +
        "Give `--users` the context vectors, and the terms are as they were.",
    );
  }
  if (trained === "sum") {
    unknown.push(
      "Whether the model has a bias for each vector, as GloVe has: then one vector added to all of " +
        'them is free as well, and "mean removed" is no correction but an equally good model.',
    );
  }
  if (labels === null && queries?.ndcg == null) {
    unknown.push(
      "Whether neighbors by cosine are what you look for: that takes labels, or pairs that belong " +
        "together.",
    );
  }
  if (sample.items < items - zeroRows) {
    unknown.push(
      `Neighbors among all ${items.toLocaleString("en")} items: they were looked for among ` +
        `${sample.items.toLocaleString("en")} random ones.`,
    );
  }
  return unknown;
}

function usersUnknown(users: NonNullable<Findings["users"]>, trained: string): string {
  if (balanced(users)) {
    return "Whether the model had weight decay: sides balance too where a singular value " +
      "decomposition was split evenly, or training began small and stopped early.";
  }
  return "Whether these are all users, and whether the decay was scaled by counts: a part of the " +
    "users, or other weights, do not balance" +
    (trained === "factors" ? ", so that this does not contradict the declaration." : ".");
}
