import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import {
  clusterRecovery,
  clusterSimilarity,
  cosineSimilarity,
  nearestNeighbors,
  neighborOverlap,
  neighborPrecision,
  rankCorrelation,
  sameClusterAuc,
} from "cosine-lab";
import { matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import { matrix, reference } from "../reference/small.ts";

const { metrics, labels } = reference;
const s = matrix(metrics.similarity);
const t = matrix(metrics.other);

/** Similarities of 7 items with many ties, and a cluster for each. */
const tied = fc.tuple(
  matrices(7, 2).map((e) =>
    cosineSimilarity(e.apply((i, j) => e.set(i, j, Math.round(e.get(i, j) / 5))))
  ),
  fc.array(fc.nat(2), { minLength: 7, maxLength: 7 }),
).filter(([, labels]) => new Set(labels).size > 1 && new Set(labels).size < 7);

Deno.test("the metrics are scikit-learn's and SciPy's", () => {
  assertClose(sameClusterAuc(s, labels), metrics.sameClusterAuc);
  const { within, between } = clusterRecovery(s, labels, { neighbors: 1 });
  assertClose(within, metrics.meanWithin);
  assertClose(between, metrics.meanBetween);
  assertClose(neighborPrecision(s, labels, metrics.top), metrics.neighborPrecision);
  assertClose(neighborOverlap(s, t, metrics.top), metrics.neighborOverlap);
  assertClose(rankCorrelation(s, t), metrics.spearman);
});

Deno.test("clusterRecovery() has all metrics of a small matrix, by hand", () => {
  const small = new Matrix([
    [1, 0.9, 0.5, 0.1],
    [0.9, 1, 0.3, 0],
    [0.5, 0.3, 1, 0.2],
    [0.1, 0, 0.2, 1],
  ]);
  const { auc, within, between, precision } = clusterRecovery(small, [0, 0, 1, 1], {
    neighbors: 1,
  });
  // Of 2 x 4 pairs of pairs, 0.9 is above all four between clusters, 0.2 above two; item 2 errs.
  assert.deepEqual([auc, precision], [6 / 8, 3 / 4]);
  assertClose(within, 0.55, 1e-15);
  assertClose(between, 0.225, 1e-15);
});

Deno.test("sameClusterAuc() counts pairs of pairs, ties half", () => {
  fc.assert(fc.property(tied, ([s, labels]) => {
    const within: number[] = [], between: number[] = [];
    for (let i = 0; i < 7; i++) {
      for (let j = i + 1; j < 7; j++) {
        (labels[i] === labels[j] ? within : between).push(s.get(i, j));
      }
    }
    const wins = within.flatMap((a) => between.map((b) => a > b ? 1 : a === b ? 0.5 : 0));
    const share = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
    assertClose(sameClusterAuc(s, labels), share, 1e-12);
  }));
});

Deno.test("sameClusterAuc(): the truth has 1, its opposite 0, and a constant 1/2", () => {
  const truth = clusterSimilarity(labels);
  assert.equal(sameClusterAuc(truth, labels), 1);
  assert.equal(sameClusterAuc(Matrix.mul(truth, -1), labels), 0);
  assert.equal(sameClusterAuc(Matrix.ones(12, 12), labels), 0.5);
});

Deno.test("nearestNeighbors() sorts the others by similarity, ties by index", () => {
  fc.assert(fc.property(tied, fc.integer({ min: 1, max: 6 }), ([s], k) => {
    nearestNeighbors(s, k).forEach((neighbors, i) => {
      const others = [0, 1, 2, 3, 4, 5, 6].filter((j) => j !== i)
        .sort((a, b) => s.get(i, b) - s.get(i, a) || a - b);
      assert.deepEqual([...neighbors], others.slice(0, k));
    });
  }));
});

Deno.test("neighborPrecision() and neighborOverlap() with all others as neighbors", () => {
  const share = [0, 1, 2].map((c) => labels.filter((label) => label === c).length)
    .reduce((sum, size) => sum + size * (size - 1), 0) / (12 * 11);
  assertClose(neighborPrecision(s, labels, 11), share, 1e-15);
  assert.equal(neighborOverlap(s, t, 11), 1);
});

Deno.test("neighborOverlap() is symmetric, and 1 of a similarity with itself", () => {
  for (const k of [1, 4]) {
    assert.equal(neighborOverlap(s, t, k), neighborOverlap(t, s, k));
    assert.equal(neighborOverlap(s, s, k), 1);
  }
});

Deno.test("rankCorrelation() knows only ranks", () => {
  const monotone = new Matrix(s.to2DArray().map((row) => row.map((value) => Math.exp(5 * value))));
  assertClose(rankCorrelation(s, monotone), 1, 1e-15);
  assertClose(rankCorrelation(monotone, t), metrics.spearman, 1e-12);
});

Deno.test("rankCorrelation() averages ties, by hand", () => {
  // Above the diagonal 1, 1, 2 against 1, 2, 3: ranks 1.5, 1.5, 3 against 1, 2, 3.
  const a = matrix([[1, 1, 1], [1, 1, 2], [1, 2, 1]]);
  const b = matrix([[1, 1, 2], [1, 1, 3], [2, 3, 1]]);
  assertClose(rankCorrelation(a, b), Math.sqrt(3) / 2, 1e-15);
});

Deno.test("the metrics reject bad input", () => {
  const few = labels.slice(1);
  assert.throws(() => sameClusterAuc(s, few), /RangeError.*each of the 12 items, there are 11/);
  assert.throws(() => neighborPrecision(s, few, 1), RangeError);
  assert.throws(() => clusterRecovery(s, few), RangeError);
  assert.throws(() => sameClusterAuc(s, undefined as never), TypeError);
  const wrong = (label: unknown) => [...labels.slice(1), label] as number[];
  const metricsOfLabels = [
    sameClusterAuc,
    clusterRecovery,
    (s: Matrix, labels: number[]) => neighborPrecision(s, labels, 3),
    (_: Matrix, labels: number[]) => clusterSimilarity(labels),
  ];
  for (const metric of metricsOfLabels) {
    assert.throws(() => metric(s, wrong(NaN)), /RangeError.*the label of item 11 .* NaN/);
    assert.throws(() => metric(s, wrong("a")), /TypeError.*the label of item 11 .* "a"/);
    assert.throws(
      () => metric(s, wrong(undefined)),
      /TypeError.*the label of item 11 .* undefined/,
    );
    assert.throws(() => metric(s, null as never), /TypeError.*labels must be an array/);
  }
  for (const k of [0, 12, 1.5]) {
    const message = /RangeError.*k must be an integer between 1 and 11/;
    assert.throws(() => neighborPrecision(s, labels, k), message);
    assert.throws(() => neighborOverlap(s, t, k), message);
    assert.throws(() => nearestNeighbors(s, k), message);
  }
  assert.throws(() => sameClusterAuc(s, Array(12).fill(0)), /RangeError.*66 in one and 0 in two/);
  assert.throws(() => sameClusterAuc(s, [...labels.keys()]), /RangeError.*0 in one and 66 in two/);
  const wide = Matrix.zeros(2, 3);
  for (const metric of [neighborOverlap, rankCorrelation]) {
    assert.throws(() => metric(s, Matrix.zeros(3, 3), 1), /RangeError.*of the same items/);
    assert.throws(() => metric(wide, wide, 1), /RangeError.*must be square/);
    assert.throws(() => metric(s, null as never, 1), TypeError);
  }
  assert.throws(() => rankCorrelation(s, Matrix.ones(12, 12)), /RangeError.*the same for all/);
  assert.throws(() => clusterSimilarity([]), RangeError);
});
