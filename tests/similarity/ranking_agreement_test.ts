import { rankingAgreement } from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import fc from "../fast_check.ts";

const row = (...scores: number[]) => new Matrix([scores]);
const counts = { same: 0, tied: 0, different: 0, overlap: 1 };

Deno.test("rankingAgreement() does not see a growing function of the scores", () => {
  const s = row(0.3, -2, 5, 0.1);
  const t = row(...[0.3, -2, 5, 0.1].map((score) => Math.exp(score)));
  assert.deepEqual(rankingAgreement(s, t), { ...counts, same: 1 });
});

Deno.test("rankingAgreement(): equal scores may be in any order, on either side", () => {
  assert.equal(rankingAgreement(row(1, 1, 0), row(1, 2, 0)).same, 1);
  assert.equal(rankingAgreement(row(1, 2, 0), row(1, 1, 0)).same, 1);
});

Deno.test("rankingAgreement(): what is tied goes by the largest magnitude in the row", () => {
  const [s, t] = [row(1, 1 - 1e-9, -1000), row(1, 2, -1)];
  assert.equal(rankingAgreement(s, t, { tolerance: 1e-12 }).tied, 1);
  assert.equal(rankingAgreement(s, t, { tolerance: 1e-13 }).different, 1);
});

Deno.test("rankingAgreement() finds pairs that are far apart in the ranking", () => {
  // No neighbors of s differ by more than the tolerance, but the ends do, and t swaps them.
  const s = row(...Array.from({ length: 100 }, (_, i) => 1 - i * 1e-3));
  const t = row(
    ...Array.from({ length: 100 }, (_, i) => i === 0 ? 0 : i === 99 ? 3 : 2 - i * 1e-3),
  );
  assert.equal(rankingAgreement(s, t, { tolerance: 1e-2 }).different, 1);
});

Deno.test("rankingAgreement() is what comparing all pairs says", () => {
  const scores = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 6, maxLength: 6 });
  fc.assert(fc.property(scores, scores, (a, b) => {
    let largest = 0;
    a.forEach((ai, i) =>
      a.forEach((aj, j) => {
        if (ai > aj && b[i] < b[j]) largest = Math.max(largest, ai - aj);
      })
    );
    const scale = Math.max(...a.map(Math.abs));
    const { same, tied } = rankingAgreement(row(...a), row(...b), { tolerance: 0.5 });
    assert.equal(same, largest === 0 ? 1 : 0);
    assert.equal(tied, largest > 0 && largest <= 0.5 * scale ? 1 : 0);
  }));
});

Deno.test("rankingAgreement(): of equal scores at the top, the lower index comes first", () => {
  assert.equal(rankingAgreement(row(3, 2, 2, 2), row(1, 2, 2, 1), { top: 2 }).overlap, 0.5);
  assert.equal(rankingAgreement(row(3, 2, 2, 2), row(2, 2, 2, 2), { top: 2 }).overlap, 1);
});

Deno.test("rankingAgreement() of several rows: counts add up, the overlap is a mean", () => {
  const s = new Matrix([[3, 2, 1], [3, 2, 1]]);
  const t = new Matrix([[3, 2, 1], [1, 2, 3]]);
  assert.deepEqual(rankingAgreement(s, t, { top: 2 }), {
    same: 1,
    tied: 0,
    different: 1,
    overlap: 0.75,
  });
});

Deno.test("rankingAgreement() rejects bad input", () => {
  const s = row(1, 2);
  assert.throws(() => rankingAgreement(s, row(1)), /RangeError.*they are 1 x 2 and 1 x 1/);
  assert.throws(() => rankingAgreement(s, row(1, NaN)), RangeError);
  assert.throws(() => rankingAgreement(s, s, { top: 3 }), RangeError);
  assert.throws(() => rankingAgreement(s, s, { tolerance: -1 }), RangeError);
  assert.throws(() => rankingAgreement([[1, 2]] as never, s), TypeError);
});
