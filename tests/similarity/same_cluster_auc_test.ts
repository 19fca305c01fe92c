import { clusterSimilarity, itemAuc, sameClusterAuc } from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { rankAmong } from "../../lib/similarity/same_cluster_auc.ts";
import { tied } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
import { reference } from "../reference/small.ts";

const { labels: referenceLabels } = reference;

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
