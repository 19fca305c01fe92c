/** A distribution in a form that is drawn from in constant time: {@linkcode aliasTable}. */
export interface AliasTable {
  /** The share of each column that is its own, of 2³². */
  thresholds: Uint32Array;
  /** Whose the rest of each column is. */
  aliases: Uint32Array;
}

/**
 * Builds Walker's alias table of a distribution (Walker, 1977; Vose, 1991): draw one of its p columns
 * uniformly, and then its own index or its alias.
 *
 * @param probabilities At least one, adding up to 1.
 * @returns The table; each probability is met to 2⁻³²/p.
 *
 * @example
 * ```ts
 * import { aliasTable } from "./alias_table.ts";
 * import assert from "node:assert/strict";
 *
 * const { thresholds, aliases } = aliasTable(Float64Array.of(0.25, 0.75));
 * assert.deepEqual([thresholds[0], aliases[0]], [2 ** 31, 1]);
 * ```
 */
export function aliasTable(probabilities: Float64Array): AliasTable {
  const p = probabilities.length;
  // A column that is all its own has itself for an alias, and needs no threshold of 2³².
  const thresholds = new Uint32Array(p).fill(0xffffffff);
  const aliases = new Uint32Array(p).map((_, i) => i);
  const heights = probabilities.map((probability) => probability * p);
  const low: number[] = [], high: number[] = [];
  heights.forEach((height, i) => (height < 1 ? low : high).push(i));
  while (low.length > 0 && high.length > 0) {
    const short = low.pop()!, tall = high[high.length - 1];
    thresholds[short] = Math.min(0xffffffff, Math.round(heights[short] * 2 ** 32));
    aliases[short] = tall;
    heights[tall] -= 1 - heights[short];
    if (heights[tall] < 1) low.push(high.pop()!);
  }
  return { thresholds, aliases };
}
