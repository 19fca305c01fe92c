import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { drawInteractions } from "../../lib/simulator/draw_interactions.ts";

type Tastes = Parameters<typeof drawInteractions>[0];

/** Tastes of users for items of `clusters` clusters, some of them without preference for any. */
function tastes(users: number, items: number, clusters: number, exponent = 1): Tastes {
  const random = seedrandom.alea(`${users} x ${items}`);
  return {
    clusters: Uint8Array.from({ length: items }, () => Math.floor(random() * clusters)).sort(),
    popularity: Float64Array.from({ length: items }, (_, i) => (i + 1) ** -exponent),
    sizes: Uint32Array.from({ length: users }, (_, u) => u % items + 1),
    preferences: Array.from(
      { length: clusters },
      () => Float64Array.from({ length: users }, (_, u) => u % 7 === 0 ? 1e-300 : random()),
    ),
  };
}

/** The samples of every user, one after the other, drawn by the plain form. */
function expected({ clusters, popularity, sizes, preferences }: Tastes, seed: string) {
  const columns = new Uint32Array(sizes.reduce((a, b) => a + b));
  let random = Math.random, start = 0;
  sizes.forEach((size, u) => {
    if (u % 250 === 0) random = seedrandom.alea(`${seed}/users from ${u}`).double;
    const weights = popularity.map((p, i) => Math.max(preferences[clusters[i]][u] * p, 1e-280));
    sampleItems(random, weights, size, columns, start);
    start += size;
  });
  return columns;
}

Deno.test("the kernel samples what successive sampling samples, to the last digit", () => {
  const cases: [users: number, items: number, clusters: number, exponent?: number][] = [
    [1, 1, 1],
    [3, 5, 2],
    [250, 12, 3],
    [251, 97, 5],
    [1_003, 64, 64],
    [2_100, 33, 4],
    [60, 2_001, 7],
    [300, 50, 5, 40],
  ];
  for (const [users, items, clusters, exponent] of cases) {
    const given = tastes(users, items, clusters, exponent);
    const { columnIndices } = drawInteractions(given, "seed");
    assert.deepEqual(
      Uint32Array.from(columnIndices),
      expected(given, "seed"),
      `${users} x ${items}`,
    );
  }
});

Deno.test("indices take 16 bits up to 65,536 items, 32 bits beyond, and are right on either side", () => {
  for (const items of [65_535, 65_536, 65_537, 70_000]) {
    const given = { ...tastes(3, items, 2), sizes: Uint32Array.of(40, 1, items) };
    const { columnIndices } = drawInteractions(given, "seed");
    assert.equal(columnIndices.BYTES_PER_ELEMENT, items <= 65_536 ? 2 : 4);
    assert.deepEqual(Uint32Array.from(columnIndices), expected(given, "seed"), `${items} items`);
  }
});

Deno.test("the same seed gives the same interactions, whatever the number of threads", () => {
  const given = tastes(3_000, 40, 5);
  const [one, two, three] = [1, 2, 3].map((threads) => drawInteractions(given, "seed", threads));
  assert.deepEqual(two.columnIndices, one.columnIndices);
  assert.deepEqual(three.columnIndices, one.columnIndices);
});

Deno.test("a user who interacts with k = p items gets all of them, others k different ones", () => {
  const { rowStarts, columnIndices } = drawInteractions(tastes(120, 30, 3), "seed");
  for (let u = 0; u < 120; u++) {
    const sample = columnIndices.subarray(rowStarts[u], rowStarts[u + 1]);
    assert.equal(new Set(sample).size, u % 30 + 1);
  }
});

const weights = Float64Array.of(5, 1, 0.25, 2, 3);

/** P(sample) of successive sampling: the sum over the orders in which it can be drawn. */
function probability(sample: readonly number[], left: readonly number[] = [0, 1, 2, 3, 4]): number {
  const total = left.reduce((sum, i) => sum + weights[i], 0);
  return sample.length === 0 ? 1 : sample.reduce((sum, i) => {
    const rest = probability(sample.filter((j) => j !== i), left.filter((j) => j !== i));
    return sum + weights[i] / total * rest;
  }, 0);
}

for (const k of [1, 2, 3]) {
  Deno.test(`sampleItems() draws every sample of ${k} of 5 as often as successive sampling does`, () => {
    const random = seedrandom.alea("successive");
    const draws = 40_000;
    const counts = new Map<string, number>();
    const sample = new Uint32Array(k);
    for (let draw = 0; draw < draws; draw++) {
      sampleItems(random.double, weights, k, sample, 0);
      counts.set(sample.join(), (counts.get(sample.join()) ?? 0) + 1);
    }
    let sum = 0;
    for (const name of subsets(k)) {
      const p = probability(name);
      const standardError = Math.sqrt(p * (1 - p) / draws);
      const share = (counts.get(name.join()) ?? 0) / draws;
      assert(Math.abs(share - p) <= 4 * standardError, `${name}: ${share}, expected ${p}`);
      sum += p;
    }
    assert(Math.abs(sum - 1) < 1e-12);
  });
}

function subsets(k: number, from = 0): number[][] {
  if (k === 0) return [[]];
  return Array.from({ length: 5 - from }, (_, i) => i + from)
    .flatMap((first) => subsets(k - 1, first + 1).map((rest) => [first, ...rest]));
}

Deno.test("sampleItems() of all items is all items", () => {
  const sample = new Uint32Array(7).fill(99);
  sampleItems(Math.random, weights, 5, sample, 1);
  assert.deepEqual([...sample], [99, 0, 1, 2, 3, 4, 99]);
});

Deno.test("sampleItems() takes k items, ascending, also where arrivals are equal", () => {
  const sample = new Uint32Array(3);
  sampleItems(() => 0.5, Float64Array.of(1, 1, 1, 1, 1), 3, sample, 0);
  assert.deepEqual([...sample], [0, 1, 2]);
});

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
function sampleItems(
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
