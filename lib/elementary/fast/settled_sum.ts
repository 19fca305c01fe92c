/**
 * Rounds high + low, an approximation, to the double that is nearest to what it approximates.
 *
 * @param high The high part.
 * @param low The low part, small against it.
 * @param error How far the sum may be off.
 * @returns That double; NaN where the error leaves it open.
 */
export function settledSum(high: number, low: number, error: number): number {
  const sum = high + (low - error);
  return sum === high + (low + error) ? sum : NaN;
}
