import { Interactions } from "cosine-lab";
import { evaluateRanking, ndcgAtK, rankingAccuracy, recallAtK } from "cosine-lab/evaluation";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
/** A model of one dimension in which every user scores the items 4, 3, 2, 1 (times its own sum). */
const e = { A: Matrix.ones(4, 1), B: new Matrix([[4], [3], [2], [1]]) };

Deno.test("evaluateRanking() by hand: given items are out, the others ranked by their scores", () => {
  // User 0 has given item 0, so the ranking is 1, 2, 3; user 1 has given item 3: 0, 1, 2.
  const given = Interactions.fromDense([[1, 0, 0, 0], [0, 0, 0, 1]]);
  const heldOut = Interactions.fromDense([[0, 0, 1, 0], [1, 0, 0, 0]]);
  const accuracy = evaluateRanking(e, given, heldOut);
  assert.deepEqual(accuracy.recallAt20, { mean: 1, standardError: 0, values: [1, 1] });
  assert.deepEqual(accuracy.recallAt50, { mean: 1, standardError: 0, values: [1, 1] });
  const ndcg = [1 / Math.log2(3), 1];
  assertClose(accuracy.ndcgAt100.mean, (ndcg[0] + ndcg[1]) / 2, 1e-15);
  // Of two values, the standard error of the mean is half of what they differ by.
  assertClose(accuracy.ndcgAt100.standardError, (ndcg[1] - ndcg[0]) / 2, 1e-15);
});

Deno.test("evaluateRanking(): only the first 20 count for Recall@20, ties go to the lower index", () => {
  const items = 60;
  const flat = { A: Matrix.ones(items, 1), B: Matrix.ones(items, 1) };
  const row = (...at: number[]) => Array.from({ length: items }, (_, i) => at.includes(i) ? 1 : 0);
  // With item 0 given, the ranking is 1, 2, …: item 20 is the last of the first 20, 21 is not.
  const given = Interactions.fromDense([row(0), row(0), row(0)]);
  const heldOut = Interactions.fromDense([row(20), row(21), row(51)]);
  const { recallAt20, recallAt50 } = evaluateRanking(flat, given, heldOut);
  assertClose(recallAt20.mean, 1 / 3, 1e-15);
  assertClose(recallAt50.mean, 2 / 3, 1e-15);
});

Deno.test("evaluateRanking() leaves out users without held-out items", () => {
  const given = Interactions.fromDense([[1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]]);
  const heldOut = Interactions.fromDense([[0, 1, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]]);
  assert.deepEqual(evaluateRanking(e, given, heldOut).ndcgAt100, {
    mean: 1,
    standardError: 0,
    values: [1, 1],
  });
});

Deno.test("rankingAccuracy() is that of the sorted items, for few items to find and for many", () => {
  const items = 130;
  const some = fc.uniqueArray(fc.nat({ max: items - 1 }), { minLength: 2, maxLength: 40 });
  // Few different scores: most are tied.
  const scores = fc.array(fc.nat({ max: 9 }), { minLength: items, maxLength: items });
  fc.assert(fc.property(some, fc.nat(), scores, (drawn, cut, values) => {
    const toFind = new Set(drawn.slice(0, 1 + cut % (drawn.length - 1)));
    const has = drawn.filter((item) => !toFind.has(item));
    const row = (of: Iterable<number>) => {
      const entries = new Array(items).fill(0);
      for (const item of of) entries[item] = 1;
      return [entries, entries];
    };
    const { recallAt20, ndcgAt100 } = rankingAccuracy(
      (_user, into) => into.set(values),
      Interactions.fromDense(row(has)),
      Interactions.fromDense(row(toFind)),
    );
    const ranked = values.map((_, item) => item).filter((item) => !has.includes(item))
      .sort((i, j) => values[j] - values[i] || i - j);
    assertClose(recallAt20.mean, recallAtK(ranked, toFind, 20), 1e-15);
    assertClose(ndcgAt100.mean, ndcgAtK(ranked, toFind, 100), 1e-15);
  }));
});

Deno.test("evaluateRanking() rejects what does not fit", () => {
  const two = Interactions.fromDense([[1, 0, 0, 0], [0, 0, 0, 1]]);
  const three = Interactions.fromDense([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]);
  const one = Interactions.fromDense([[0, 1, 0, 0], [0, 0, 0, 0]]);
  const evaluate = (...input: unknown[]) =>
    evaluateRanking(...input as Parameters<typeof evaluateRanking>);
  assert.throws(() => evaluate(e, two, three), /RangeError.*they are 2 x 4 and 3 x 4/);
  assert.throws(() => evaluate(e, two, one), /RangeError.*at least 2 users must have.*1 have/);
  assert.throws(() => evaluate(e, two.toDense(), two), /TypeError.*given must be an Interactions/);
  assert.throws(() => evaluate(e, two, null), /TypeError.*heldOut must be an Interactions/);
  assert.throws(() => evaluate(null, two, two), /TypeError.*A must be/);
});
