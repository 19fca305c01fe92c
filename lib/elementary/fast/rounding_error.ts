/** What rounding took from a + b: (a + b) − sum, exactly (Knuth). */
export function sumError(a: number, b: number, sum: number): number {
  const there = sum - a;
  return (a - (sum - there)) + (b - there);
}

/** What rounding took from a·b: a·b − product, exactly (Dekker), where no part overflows. */
export function productError(a: number, b: number, product: number): number {
  const highA = upperHalf(a), lowA = a - highA;
  const highB = upperHalf(b), lowB = b - highB;
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}

/** The leading 26 binary digits. */
function upperHalf(a: number): number {
  const spread = 134217729 * a;
  return spread - (spread - a);
}
