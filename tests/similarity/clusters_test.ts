import {
  clusterRecovery,
  clusterSimilarity,
  cosineSimilarity,
  itemAuc,
  nearestNeighbors,
  neighborOverlap,
  neighborPrecision,
  rankCorrelation,
  sameClusterAuc,
} from "cosine-lab";
import { spearman, withinClusterSimilarity } from "cosine-lab/evaluation";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { rankAmong } from "../../lib/similarity/clusters.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
import { matrices } from "../arbitraries.ts";
import { matrix, reference } from "../reference/small.ts";

Deno.test("itemAuc() counts the pairs of one in the cluster and one outside", () => {
  const data = fc.integer({ min: 2, max: 9 }).chain((p) =>
    fc.tuple(
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: p * p, maxLength: p * p }),
      fc.array(fc.nat(2), { minLength: p, maxLength: p }),
    )
  );
  fc.assert(fc.property(data, ([entries, labels]) => {
    const p = labels.length;
    const s = Matrix.from1DArray(p, p, entries);
    itemAuc(s, labels).forEach((auc, i) => {
      let wins = 0, pairs = 0;
      for (let j = 0; j < p; j++) {
        for (let k = 0; k < p; k++) {
          if (j === i || k === i || labels[j] !== labels[i] || labels[k] === labels[i]) continue;
          wins += s.get(i, j) > s.get(i, k) ? 1 : s.get(i, j) === s.get(i, k) ? 0.5 : 0;
          pairs++;
        }
      }
      assert.equal(auc, wins / pairs);
    });
  }));
});

Deno.test("itemAuc() rejects bad input", () => {
  assert.throws(() => itemAuc(new Matrix(2, 3), [0, 1]), RangeError);
  assert.throws(() => itemAuc(new Matrix(2, 2), [0]), /a label for each of the 2 items/);
});

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

Deno.test("withinClusterSimilarity() and spearman() reject bad input", () => {
  assert.throws(() => withinClusterSimilarity(new Matrix(2, 3), [0, 0]), RangeError);
  assert.throws(() => withinClusterSimilarity(s, [0, 1]), /a label for each of the 5 items/);
  assert.throws(() => spearman([1, 2], [1]), /they have 2 and 1/);
  assert.throws(() => spearman([1, NaN], [1, 2]), /finite/);
  assert.throws(() => spearman([1, 1], [1, 2]), /values must differ/);
  assert.throws(() => spearman(undefined as never, [1]), TypeError);
});
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Numbers of every size, with many ties, far from even, or too close for buckets. */
const numbers = fc.oneof(
  finite,
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value ** 40),
  fc.integer({ min: 0, max: 9 }).map((value) => value * Number.MIN_VALUE),
);

Deno.test("rankAmong() counts what is below, and half of what is equal, doubled", () => {
  fc.assert(fc.property(
    fc.array(numbers, { minLength: 1, maxLength: 40 }),
    fc.array(numbers, { maxLength: 10 }),
    (known, asked) => {
      const twiceRank = rankAmong(Float64Array.from(known).sort());
      for (const value of [...known, ...asked]) {
        const expected = known.reduce(
          (sum, entry) => sum + (entry < value ? 2 : entry === value ? 1 : 0),
          0,
        );
        assert.equal(twiceRank(value), expected);
      }
    },
  ));
});

const { metrics, labels: referenceLabels } = reference;

/** Similarities of 7 items with many ties, and a cluster for each. */
const tied = fc.tuple(
  matrices(7, 2).map((e) =>
    cosineSimilarity(e.apply((i, j) => e.set(i, j, Math.round(e.get(i, j) / 5))))
  ),
  fc.array(fc.nat(2), { minLength: 7, maxLength: 7 }),
).filter(([, labels]) => new Set(labels).size > 1 && new Set(labels).size < 7);

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
  const truth = clusterSimilarity(referenceLabels);
  assert.equal(sameClusterAuc(truth, referenceLabels), 1);
  assert.equal(sameClusterAuc(Matrix.mul(truth, -1), referenceLabels), 0);
  assert.equal(sameClusterAuc(Matrix.ones(12, 12), referenceLabels), 0.5);
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
  assertClose(rankCorrelation(referenceCosines, otherCosines), metrics.spearman);
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
