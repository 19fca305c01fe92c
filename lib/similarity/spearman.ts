/**
 * Spearman's rank correlation of two lists of one length, ties averaged.
 *
 * @throws {RangeError} If one of them has the same value everywhere, so that it has no ranks.
 */
export function spearman(values: Float64Array, others: Float64Array): number {
  const a = centeredRanks(values);
  const b = centeredRanks(others);
  const spread = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
  if (spread === 0) {
    throw new RangeError(
      "Cannot compute the rank correlation: values must differ, one list is the same for all",
    );
  }
  return Math.max(-1, Math.min(1, dot(a, b) / spread));
}

/** The rank of each value less the mean rank; equal values share the mean of their ranks. */
export function centeredRanks(values: Float64Array): Float64Array {
  const order = new Uint32Array(values.length).map((_, i) => i)
    .sort((i, j) => values[i] - values[j]);
  const ranks = new Float64Array(values.length);
  const middle = (values.length - 1) / 2;
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    const rank = (start + end - 1) / 2 - middle;
    for (let t = start; t < end; t++) ranks[order[t]] = rank;
    start = end;
  }
  return ranks;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
