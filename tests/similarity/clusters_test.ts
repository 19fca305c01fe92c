import {
  clusterRecovery,
  clusterSimilarity,
  cosineSimilarity,
  nearestNeighbors,
  neighborOverlap,
  neighborPrecision,
  sameClusterAuc,
} from "cosine-lab";
import { withinClusterSimilarity } from "cosine-lab/evaluation";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { assertClose } from "../assert_close.ts";
import { matrix, reference } from "../reference/small.ts";

const labels = [0, 1, 0, 0, 1];
const s = cosineSimilarity(new Matrix([[1, 2], [3, 1], [0, 1], [2, 2], [1, -1]]));

Deno.test("withinClusterSimilarity() by hand", () => {
  const means = withinClusterSimilarity(s, labels);
  assertClose(means[0], (s.get(0, 2) + s.get(0, 3)) / 2, 1e-15);
  assertClose(means[1], s.get(1, 4), 1e-15);
});

Deno.test("withinClusterSimilarity(): weighted by cluster it is clusterRecovery()'s", () => {
  const means = withinClusterSimilarity(s, labels);
  // An item of a cluster of three is in two pairs, one of a cluster of two in one.
  const total = means.reduce((sum, mean, i) => sum + mean * (labels[i] === 0 ? 2 : 1), 0);
  assertClose(total / 8, clusterRecovery(s, labels, { neighbors: 1 }).within, 1e-14);
});

Deno.test("withinClusterSimilarity() rejects bad input", () => {
  assert.throws(() => withinClusterSimilarity(new Matrix(2, 3), [0, 0]), RangeError);
  assert.throws(() => withinClusterSimilarity(s, [0, 1]), /a label for each of the 5 items/);
});
const { metrics, labels: referenceLabels } = reference;

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

const referenceCosines = matrix(metrics.similarity);

const otherCosines = matrix(metrics.other);

Deno.test("the metrics are scikit-learn's and SciPy's", () => {
  assertClose(sameClusterAuc(referenceCosines, referenceLabels), metrics.sameClusterAuc);
  const { within, between } = clusterRecovery(referenceCosines, referenceLabels, { neighbors: 1 });
  assertClose(within, metrics.meanWithin);
  assertClose(between, metrics.meanBetween);
  assertClose(
    neighborPrecision(referenceCosines, referenceLabels, metrics.top),
    metrics.neighborPrecision,
  );
  assertClose(
    neighborOverlap(referenceCosines, otherCosines, metrics.top),
    metrics.neighborOverlap,
  );
});

Deno.test("the metrics reject bad input", () => {
  const few = referenceLabels.slice(1);
  assert.throws(
    () => sameClusterAuc(referenceCosines, few),
    /RangeError.*each of the 12 items, there are 11/,
  );
  assert.throws(() => neighborPrecision(referenceCosines, few, 1), RangeError);
  assert.throws(() => clusterRecovery(referenceCosines, few), RangeError);
  assert.throws(() => sameClusterAuc(referenceCosines, undefined as never), TypeError);
  const wrong = (label: unknown) => [...referenceLabels.slice(1), label] as number[];
  const metricsOfLabels = [
    sameClusterAuc,
    clusterRecovery,
    (s: Matrix, labels: number[]) => neighborPrecision(s, labels, 3),
    (_: Matrix, labels: number[]) => clusterSimilarity(labels),
  ];
  for (const metric of metricsOfLabels) {
    assert.throws(
      () => metric(referenceCosines, wrong(NaN)),
      /RangeError.*the label of item 11 .* NaN/,
    );
    assert.throws(
      () => metric(referenceCosines, wrong("a")),
      /TypeError.*the label of item 11 .* "a"/,
    );
    assert.throws(
      () => metric(referenceCosines, wrong(undefined)),
      /TypeError.*the label of item 11 .* undefined/,
    );
    assert.throws(
      () => metric(referenceCosines, null as never),
      /TypeError.*labels must be an array/,
    );
  }
  for (const k of [0, 12, 1.5]) {
    const message = /RangeError.*k must be an integer between 1 and 11/;
    assert.throws(() => neighborPrecision(referenceCosines, referenceLabels, k), message);
    assert.throws(() => neighborOverlap(referenceCosines, otherCosines, k), message);
    assert.throws(() => nearestNeighbors(referenceCosines, k), message);
  }
  assert.throws(
    () => sameClusterAuc(referenceCosines, Array(12).fill(0)),
    /RangeError.*66 in one and 0 in two/,
  );
  assert.throws(
    () => sameClusterAuc(referenceCosines, [...referenceLabels.keys()]),
    /RangeError.*0 in one and 66 in two/,
  );
  const wide = Matrix.zeros(2, 3);
  assert.throws(
    () => neighborOverlap(referenceCosines, Matrix.zeros(3, 3), 1),
    /RangeError.*of the same items/,
  );
  assert.throws(() => neighborOverlap(wide, wide, 1), /RangeError.*must be square/);
  assert.throws(() => neighborOverlap(referenceCosines, null as never, 1), TypeError);
  assert.throws(() => clusterSimilarity([]), RangeError);
});
