/**
 * Finds the nearest neighbors of some rows among all rows, by cosine or dot product. Of equal
 * similarities the row with the lower index comes first.
 *
 * @param values The rows, m x k, row by row.
 * @param anchors The rows whose neighbors are wanted.
 * @param count How many neighbors, less than m.
 * @param measure What to compare rows by. A row of zeros has cosine 0.
 * @returns The neighbors of each anchor, nearest first, itself excluded: anchors x count.
 */
export function anchorNeighbors(
  values: Float64Array,
  k: number,
  anchors: Uint32Array,
  count: number,
  measure: "cosine" | "dot",
): Uint32Array {
  const m = values.length / k;
  const inverse = new Float64Array(m).fill(1);
  if (measure === "cosine") {
    for (let j = 0; j < m; j++) {
      let squares = 0;
      for (let at = j * k; at < (j + 1) * k; at++) squares += values[at] * values[at];
      inverse[j] = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    }
  }
  const neighbors = new Uint32Array(anchors.length * count);
  const best = new Float64Array(count);
  anchors.forEach((anchor, a) => {
    const own = anchor * k, to = a * count;
    let found = 0;
    for (let j = 0; j < m; j++) {
      if (j === anchor) continue;
      // The anchor's own norm does not change the order.
      const similarity = dot(values, own, j * k, k) * inverse[j];
      if (found === count && similarity <= best[count - 1]) continue;
      let place = found < count ? found++ : count - 1;
      for (; place > 0 && best[place - 1] < similarity; place--) {
        best[place] = best[place - 1];
        neighbors[to + place] = neighbors[to + place - 1];
      }
      best[place] = similarity;
      neighbors[to + place] = j;
    }
  });
  return neighbors;
}

/** The mean share of the neighbors that two lists have in common, anchor by anchor. */
export function sharedNeighbors(a: Uint32Array, b: Uint32Array, count: number): number {
  let common = 0;
  for (let start = 0; start < a.length; start += count) {
    const set = new Set(a.subarray(start, start + count));
    for (let at = start; at < start + count; at++) if (set.has(b[at])) common++;
  }
  return common / a.length;
}

/** Four sums at a time, which the processor adds in parallel. */
function dot(values: Float64Array, a: number, b: number, k: number): number {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  let c = 0;
  for (; c + 3 < k; c += 4) {
    s0 += values[a + c] * values[b + c];
    s1 += values[a + c + 1] * values[b + c + 1];
    s2 += values[a + c + 2] * values[b + c + 2];
    s3 += values[a + c + 3] * values[b + c + 3];
  }
  for (; c < k; c++) s0 += values[a + c] * values[b + c];
  return s0 + s1 + s2 + s3;
}
