import { assertKnown } from "../../check.ts";
import { assertPairs } from "../assert_pairs.ts";
import { assertNumberPerRow } from "../assert_side.ts";
import type { Evidence } from "./evidence.ts";

/** Throws unless evidence is labels for all items, or pairs of items. */
export function assertEvidence(evidence: Evidence, items: number): void {
  const action = "choose a correction";
  assertKnown(action, evidence, ["labels", "pairs"]);
  if ("labels" in evidence === "pairs" in evidence) {
    throw new TypeError(`Cannot ${action}: evidence must be labels or pairs`);
  }
  if ("labels" in evidence) assertNumberPerRow(action, "labels", evidence.labels, items);
  else assertPairs(action, evidence.pairs, { first: items, second: items });
}
