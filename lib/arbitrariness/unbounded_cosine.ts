/**
 * The supremum of the cosine over all positive weights, for rows that are not zero: the limit of
 * κ = ∞ that {@linkcode attainableInterval} derives.
 *
 * @param a One row, k entries, starting at `i`.
 * @param b Another row, starting at `j`.
 * @param sign −1 to take −b for b.
 */
export function unboundedCosine(
  k: number,
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  sign: number,
): number {
  let smallest = Infinity, largest = 0;
  for (let c = 0; c < k; c++) {
    const x = a[i + c], y = sign * b[j + c];
    if (x > 0 && y > 0 || x < 0 && y < 0) return 1;
    if (x === 0 && y === 0) continue;
    const ratio = Math.abs(y / x);
    smallest = Math.min(smallest, ratio);
    largest = Math.max(largest, ratio);
  }
  if (smallest === 0 || largest === Infinity) return 0;
  const t = Math.sqrt(smallest / largest);
  return -2 * t / (1 + t * t);
}
