/** Labels as numbers, as the measures of `similarity/` take them, and what the numbers mean. */
export interface LabelCodes {
  /** The number of each label, in the order of the labels. */
  codes: Uint16Array;
  /** The distinct labels, in the order in which they appear first: `names[codes[i]]` is label i. */
  names: string[];
}

/**
 * Numbers labels from 0 in the order in which they appear.
 *
 * @param labels The labels, such as the group of each item.
 * @returns Their numbers and names.
 *
 * @example
 * ```ts
 * import { labelCodes } from "./label_codes.ts";
 * import assert from "node:assert/strict";
 *
 * const { codes, names } = labelCodes(["food", "flags", "food"]);
 * assert.deepEqual([[...codes], names], [[0, 1, 0], ["food", "flags"]]);
 * ```
 */
export function labelCodes(labels: readonly string[]): LabelCodes {
  const names = [...new Set(labels)];
  const positions = new Map(names.map((name, code) => [name, code]));
  return { codes: Uint16Array.from(labels, (label) => positions.get(label)!), names };
}
