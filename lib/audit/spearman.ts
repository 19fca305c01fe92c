/**
 * Spearman's rank correlation of two lists, ties averaged.
 *
 * @returns Between −1 and 1; null where one of them is the same throughout.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const a = centeredRanks(x), b = centeredRanks(y);
  let ab = 0, aa = 0, bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa === 0 || bb === 0
    ? null
    : Math.max(-1, Math.min(1, ab / Math.sqrt(aa) / Math.sqrt(bb)));
}

/** The rank of each value less the mean rank; equal values share the mean of their ranks. */
export function centeredRanks(values: ArrayLike<number>): Float64Array {
  const order = new Uint32Array(values.length).map((_, i) => i)
    .sort((i, j) => values[i] - values[j]);
  const ranks = new Float64Array(values.length);
  const middle = (values.length - 1) / 2;
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let t = start; t < end; t++) ranks[order[t]] = (start + end - 1) / 2 - middle;
    start = end;
  }
  return ranks;
}
