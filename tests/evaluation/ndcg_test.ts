import { ndcgAtK, recallAtK } from "cosine-lab/evaluation";
import assert from "node:assert/strict";
import { gradedNdcg } from "../../lib/evaluation/ndcg.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";

Deno.test("recallAtK() by hand", () => {
  const ranked = [5, 2, 9, 1];
  assert.equal(recallAtK(ranked, new Set([2, 1, 8]), 1), 0);
  assert.equal(recallAtK(ranked, new Set([2, 1, 8]), 2), 1 / 2);
  assert.equal(recallAtK(ranked, new Set([2, 1, 8]), 4), 2 / 3);
  assert.equal(recallAtK(ranked, new Set([9]), 3), 1);
});

Deno.test("ndcgAtK() by hand", () => {
  // Relevant in places 2 and 4: (1/log₂3 + 1/log₂5) of 1/log₂2 + 1/log₂3 + 1/log₂4 at the best.
  const expected = (1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3) + 0.5);
  assertClose(ndcgAtK([5, 2, 9, 1], new Set([2, 1, 8]), 4), expected, 1e-15);
  assertClose(ndcgAtK([5, 2, 9, 1], new Set([2, 1, 8]), 1), 0, 0);
  assert.equal(ndcgAtK([2, 1, 8, 5], new Set([2, 1, 8]), 10), 1);
});

Deno.test("gradedNdcg() by hand", () => {
  // Weight 2 in place 2, and weight 1 not found, of 2/log₂2 + 1/log₂3 at the best.
  const weights = new Map([[0, 2], [1, 1]]);
  assertClose(gradedNdcg([2, 0], weights), 2 / Math.log2(3) / (2 + 1 / Math.log2(3)), 1e-15);
  assert.equal(gradedNdcg([0, 1], weights), 1);
});

Deno.test("recallAtK() and ndcgAtK(): a ranking shorter than k, and an empty one", () => {
  for (const metric of [recallAtK, ndcgAtK]) {
    assert.equal(metric([3], new Set([3]), 100), 1);
    assert.equal(metric([], new Set([3]), 5), 0);
  }
});

Deno.test("recallAtK() and ndcgAtK() are within [0, 1], and 1 with all that is relevant first", () => {
  const rankings = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 10 }));
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7]), rankings, (ranked, [n, k]) => {
      const relevant = new Set(Array.from({ length: n }, (_, i) => i));
      const best = [...relevant, 8, 9];
      for (const metric of [recallAtK, ndcgAtK]) {
        const value = metric(ranked, relevant, k);
        assert(value >= 0 && value <= 1 + 1e-15);
        assertClose(metric(best, relevant, k), 1, 1e-15);
      }
    }),
  );
});

Deno.test("recallAtK() and ndcgAtK() reject bad input", () => {
  for (const metric of [recallAtK, ndcgAtK] as ((...input: unknown[]) => number)[]) {
    assert.throws(
      () => metric([1], new Set(), 1),
      /RangeError.*at least one item must be relevant/,
    );
    assert.throws(() => metric([1], new Set([1]), 0), /RangeError.*k must be an integer/);
    assert.throws(() => metric([1], new Set([1]), "1"), /TypeError.*current value is "1"/);
    assert.throws(() => metric([1], [1], 1), /TypeError.*relevant must be a Set/);
    assert.throws(() => metric([1], null, 1), /TypeError.*relevant must be a Set/);
    assert.throws(() => metric(null, new Set([1]), 1), /TypeError.*ranked must be an array/);
  }
});
