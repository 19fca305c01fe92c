import { assertKnown } from "../../check/assert_known.ts";
import { assertNumber } from "../../check/assert_number.ts";
import type { Evidence } from "./evidence.ts";

/** Throws unless evidence is labels for all items, or pairs of items. */
export function assertEvidence(evidence: Evidence, items: number): void {
  const action = "choose a correction";
  assertKnown(action, evidence, ["labels", "pairs"]);
  if ("labels" in evidence === "pairs" in evidence) {
    throw new TypeError(`Cannot ${action}: evidence must be labels or pairs`);
  }
  if ("labels" in evidence) {
    if (evidence.labels.length === items) return;
    throw new RangeError(
      `Cannot ${action}: labels must have an entry for each of the ${items} items, they have ` +
        `${evidence.labels.length}`,
    );
  }
  const { first, second, weights } = evidence.pairs;
  if (first.length !== second.length || (weights ?? first).length !== first.length) {
    throw new RangeError(`Cannot ${action}: the lists of pairs must have one length`);
  }
  for (let i = 0; i < first.length; i++) {
    for (const row of [first[i], second[i]]) {
      if (Number.isInteger(row) && row >= 0 && row < items) continue;
      throw new RangeError(
        `Cannot ${action}: pairs must be of rows between 0 and ${items - 1}, pair ${i} has ${row}`,
      );
    }
    if (weights !== undefined) assertNumber(action, `weight ${i}`, weights[i], { above: 0 });
  }
}
