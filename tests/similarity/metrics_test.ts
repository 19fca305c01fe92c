import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import {
  clusterRecovery,
  clusterSimilarity,
  nearestNeighbors,
  neighborOverlap,
  neighborPrecision,
  rankCorrelation,
  sameClusterAuc,
} from "cosine-lab";
import { assertClose } from "../assert_close.ts";
import { matrix, reference } from "../reference/small.ts";

const { metrics, labels: referenceLabels } = reference;
const referenceCosines = matrix(metrics.similarity);
const t = matrix(metrics.other);
Deno.test("the metrics are scikit-learn's and SciPy's", () => {
  assertClose(sameClusterAuc(referenceCosines, referenceLabels), metrics.sameClusterAuc);
  const { within, between } = clusterRecovery(referenceCosines, referenceLabels, { neighbors: 1 });
  assertClose(within, metrics.meanWithin);
  assertClose(between, metrics.meanBetween);
  assertClose(
    neighborPrecision(referenceCosines, referenceLabels, metrics.top),
    metrics.neighborPrecision,
  );
  assertClose(neighborOverlap(referenceCosines, t, metrics.top), metrics.neighborOverlap);
  assertClose(rankCorrelation(referenceCosines, t), metrics.spearman);
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
    assert.throws(() => neighborOverlap(referenceCosines, t, k), message);
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
  for (const metric of [neighborOverlap, rankCorrelation]) {
    assert.throws(
      () => metric(referenceCosines, Matrix.zeros(3, 3), 1),
      /RangeError.*of the same items/,
    );
    assert.throws(() => metric(wide, wide, 1), /RangeError.*must be square/);
    assert.throws(() => metric(referenceCosines, null as never, 1), TypeError);
  }
  assert.throws(
    () => rankCorrelation(referenceCosines, Matrix.ones(12, 12)),
    /RangeError.*the same for all/,
  );
  assert.throws(() => clusterSimilarity([]), RangeError);
});
