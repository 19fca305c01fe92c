import { rowArrays, rowProducts } from "../linalg/products.ts";

/** How many rows are compared with all others at once. */
const BLOCK = 256;

/**
 * Finds the nearest neighbors of some rows among all rows by cosine. Of equal similarities the row
 * with the lower index comes first; a row of zeros has cosine 0 to all.
 *
 * @param rows The rows, all of one length.
 * @param anchors The rows whose neighbors are wanted.
 * @param count How many neighbors, less than there are rows.
 * @param onBlock Called with how many anchors are done.
 * @returns The neighbors of each anchor, nearest first, itself excluded.
 *
 * @example
 * ```ts
 * import { nearestByCosine } from "./nearest_by_cosine.ts";
 * import assert from "node:assert/strict";
 *
 * const rows = [[1, 0], [5, 1], [0, 3]].map((row) => Float64Array.from(row));
 * assert.deepEqual(nearestByCosine(rows, [0, 2], 1).map((near) => [...near]), [[1], [1]]);
 * ```
 */
export function nearestByCosine(
  rows: readonly Float64Array[],
  anchors: ArrayLike<number>,
  count: number,
  onBlock?: (done: number) => void,
): Uint32Array[] {
  const unit = rows.map(unitRow);
  const found: Uint32Array[] = [];
  for (let start = 0; start < anchors.length; start += BLOCK) {
    const block = Array.from(
      { length: Math.min(BLOCK, anchors.length - start) },
      (_, i) => anchors[start + i],
    );
    const products = rowArrays(rowProducts(block.map((anchor) => unit[anchor]), unit));
    products.forEach((row, i) => found.push(largest(row, block[i], count)));
    onBlock?.(found.length);
  }
  return found;
}

/** The row at length 1; zeros stay zeros. Scaled first, so that no square overflows. */
export function unitRow(row: Float64Array): Float64Array {
  let most = 0;
  for (const entry of row) most = Math.max(most, Math.abs(entry));
  if (most === 0) return new Float64Array(row.length);
  let squares = 0;
  for (const entry of row) squares += (entry / most) ** 2;
  const length = Math.sqrt(squares);
  return row.map((entry) => entry / most / length);
}

/** The places of the `count` largest entries, that at `self` excluded. */
function largest(row: Float64Array, self: number, count: number): Uint32Array {
  const places = new Uint32Array(count);
  const best = new Float64Array(count);
  let found = 0;
  for (let j = 0; j < row.length; j++) {
    if (found === count && row[j] <= best[count - 1] || j === self) continue;
    let place = found < count ? found++ : count - 1;
    for (; place > 0 && best[place - 1] < row[j]; place--) {
      best[place] = best[place - 1];
      places[place] = places[place - 1];
    }
    best[place] = row[j];
    places[place] = j;
  }
  return places;
}
