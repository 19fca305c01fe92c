/**
 * Copies a row, divided by its largest magnitude, so that no square of it overflows and the sum of
 * its squares is at least 1. A cosine does not notice. A row of zeros stays one.
 *
 * @param row The row, k entries.
 * @param into Where to put it.
 * @param offset Where in `into` it starts.
 */
export function scaledRow(row: ArrayLike<number>, into: Float64Array, offset = 0): void {
  let largest = 0;
  for (let i = 0; i < row.length; i++) largest = Math.max(largest, Math.abs(row[i]));
  for (let i = 0; i < row.length; i++) into[offset + i] = largest === 0 ? 0 : row[i] / largest;
}
