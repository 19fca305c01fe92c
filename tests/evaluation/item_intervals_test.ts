import assert from "node:assert/strict";
import {
  cosineSimilarity,
  rankCorrelation,
  sameClusterAuc,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { rankCorrelationInterval, sameClusterAucInterval } from "cosine-lab/evaluation";
import { planeItems } from "cosine-lab/remedies";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { assertClose } from "../assert_close.ts";

const { interactions, clusters } = simulateInteractions({
  users: 300,
  items: 90,
  seed: "intervals",
});
const svd = truncatedSVD(interactions, { rank: 20 });
const at = (dMat: number) => cosineSimilarity(planeItems(svd, { lambda: 100, sigma: 0, dMat }));
const [s, t] = [at(0.5), at(1)];

/** The spread of a statistic over bootstrap samples of the items; no pair of an item and itself counts. */
function bootstrapError(statistic: (items: number[]) => number): number {
  const random = seedrandom.alea("bootstrap");
  const values = Array.from(
    { length: 300 },
    () => statistic(Array.from({ length: 90 }, () => Math.floor(random() * 90))),
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Sampled items; pairs of an item and itself are told by their similarity, exactly 1. */
function distinctPairs(items: number[]) {
  return items.flatMap((i, a) =>
    items.slice(a + 1).filter((j) => j !== i).map((j) => [i, j] as const)
  );
}

Deno.test("sameClusterAucInterval() is the AUC, with the spread of a bootstrap over items", () => {
  const { mean, low, high } = sameClusterAucInterval(s, clusters);
  assertClose(mean, sameClusterAuc(s, clusters), 1e-12);
  assertClose(high - mean, mean - low, 1e-12);
  const error = bootstrapError((items) => {
    const within: number[] = [], between: number[] = [];
    for (const [i, j] of distinctPairs(items)) {
      (clusters[i] === clusters[j] ? within : between).push(s.get(i, j));
    }
    const sorted = Float64Array.from(between).sort();
    let wins = 0;
    for (const value of within) {
      let below = 0, end = sorted.length;
      while (below < end) {
        const middle = (below + end) >>> 1;
        if (sorted[middle] < value) below = middle + 1;
        else end = middle;
      }
      wins += below;
    }
    return wins / within.length / between.length;
  });
  const ratio = (high - mean) / 1.96 / error;
  assert(ratio > 0.75 && ratio < 1.33, `${ratio}`);
});

Deno.test("rankCorrelationInterval() is Spearman's, with the spread of a bootstrap over items", () => {
  const { mean, low, high } = rankCorrelationInterval(s, t);
  assertClose(mean, rankCorrelation(s, t), 1e-12);
  assert(low < mean && mean < high);
  // Ranks of all pairs, of which samples are drawn.
  const order = distinctPairs(Array.from({ length: 90 }, (_, i) => i));
  const ranks = (m: Matrix) => {
    const sorted = order.toSorted((a, b) => m.get(...a) - m.get(...b));
    return new Map(sorted.map(([i, j], rank) => [i * 90 + j, rank]));
  };
  const [a, b] = [ranks(s), ranks(t)];
  const error = bootstrapError((items) => {
    let x = 0, y = 0, xx = 0, yy = 0, xy = 0, n = 0;
    for (const [i, j] of distinctPairs(items)) {
      const key = Math.min(i, j) * 90 + Math.max(i, j);
      const [p, q] = [a.get(key)!, b.get(key)!];
      x += p, y += q, xx += p * p, yy += q * q, xy += p * q, n++;
    }
    return (xy - x * y / n) / Math.sqrt((xx - x * x / n) * (yy - y * y / n));
  });
  const ratio = (high - mean) / 1.96 / error;
  assert(ratio > 0.75 && ratio < 1.33, `${ratio}`);
});
Deno.test("the intervals refuse what has none", () => {
  assert.throws(() => sameClusterAucInterval(s, new Uint8Array(90)), /some pairs in one cluster/);
  assert.throws(() => rankCorrelationInterval(s, Matrix.ones(90, 90)), /must differ/);
  assert.throws(() => rankCorrelationInterval(s, Matrix.eye(3)), RangeError);
});
