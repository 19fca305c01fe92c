/**
 * What of a symmetric tridiagonal matrix is nothing but rounding: half a unit in the last place of its
 * largest |dᵢ| + |eᵢ| (EISPACK's bound).
 *
 * @param d The diagonal.
 * @param e What is beside it.
 */
export function tridiagonalRounding(d: Float64Array, e: Float64Array): number {
  let largest = Number.MIN_VALUE;
  for (let i = 0; i < d.length; i++) {
    largest = Math.max(largest, Math.abs(d[i]) + Math.abs(e[i] ?? 0));
  }
  return largest * 2 * Number.EPSILON;
}
