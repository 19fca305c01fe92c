/**
 * Samples items without replacement, by successive sampling: the first is drawn with the
 * probabilities given, each further one with the probabilities of what is left. The plain form of
 * what `drawInteractions` does in bulk: the same random numbers give the same sample.
 *
 * Done as an exponential race, which is exactly that: item i arrives at time Eᵢ/wᵢ with Eᵢ
 * standard exponential, and the first k to arrive are the sample (Efraimidis and Spirakis,
 * Weighted random sampling with a reservoir, 2006).
 *
 * @param random A source of uniform random numbers in [0, 1); one is used for each item.
 * @param weights The weight of each item, positive, proportional to its probability.
 * @param k How many items to sample, between 1 and the number of items.
 * @param into Where the sample goes.
 * @param start Where in it the first sampled item goes; the sample is in ascending order.
 */
export function sampleItems(
  random: () => number,
  weights: Float64Array,
  k: number,
  into: Uint32Array,
  start: number,
): void {
  const arrivals = weights.map((weight) => -Math.log1p(-random()) / weight);
  const last = kthSmallest(arrivals.slice(), k);
  // An arrival as late as the last one is let in only while there is room.
  let room = k;
  for (const arrival of arrivals) if (arrival < last) room--;
  let at = start;
  arrivals.forEach((arrival, item) => {
    if (arrival < last || (arrival === last && room-- > 0)) into[at++] = item;
  });
}

/** The k-th smallest of the values (Hoare's selection); reorders them. */
function kthSmallest(values: Float64Array, k: number): number {
  let left = 0, right = values.length - 1;
  const target = k - 1;
  while (left < right) {
    const pivot = values[(left + right) >>> 1];
    let i = left, j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const swap = values[i];
        values[i++] = values[j];
        values[j--] = swap;
      }
    }
    if (target <= j) right = j;
    else if (target >= i) left = i;
    else break;
  }
  return values[target];
}
