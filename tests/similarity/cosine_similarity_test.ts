import {
  closedFormCosines,
  cosineSimilarity,
  denoisingEmbeddings,
  Interactions,
  rescale,
  userEmbeddings,
} from "cosine-lab";
import { attainableInterval, attainableIntervals } from "cosine-lab/arbitrariness";
import { gramCosines } from "cosine-lab/remedies";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { cosinesUnder } from "../../lib/notebook/scaling_slider_client.ts";
import { cosineOf } from "../../lib/similarity/cosine_similarity.ts";
import { diagonals, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
import { matrix, reference, referenceSVD, referenceX } from "../reference/small.ts";

Deno.test("cosineSimilarity() is within [−1, 1], symmetric, and 1 on the diagonal", () => {
  fc.assert(fc.property(matrices(6, 3), (e) => {
    const s = cosineSimilarity(e);
    for (let i = 0; i < 6; i++) {
      const zero = e.getRow(i).every((entry) => entry === 0);
      assert.equal(s.get(i, i), zero ? 0 : 1);
      for (let j = 0; j < 6; j++) {
        assert(Math.abs(s.get(i, j)) <= 1);
        assert.equal(s.get(i, j), s.get(j, i));
      }
    }
  }));
});

Deno.test("cosineSimilarity() of e with itself given twice is the same", () => {
  fc.assert(fc.property(matrices(5, 2), (e) => {
    assertClose(cosineSimilarity(e, e.clone()), cosineSimilarity(e), 1e-15);
  }));
});

Deno.test("cosineSimilarity(e, e) is cosineSimilarity(e), with exactly 1 on the diagonal", () => {
  fc.assert(fc.property(matrices(5, 3), (e) => {
    assert.deepEqual(cosineSimilarity(e, e).to2DArray(), cosineSimilarity(e).to2DArray());
  }));
});

Deno.test("cosineSimilarity() by hand", () => {
  const s = cosineSimilarity(new Matrix([[3, 4], [-4, 3]]), new Matrix([[1, 0], [6, 8], [0, 0]]));
  assertClose(s, new Matrix([[0.6, 1, 0], [-0.8, 0, 0]]), 1e-15);
});

Deno.test("a row of zeros has cosine 0 to everything, itself included, wherever cosines are computed", () => {
  const e = new Matrix([[0, 0], [1, 2]]);
  const expected = [[0, 0], [0, 1]];
  const oneByOne = e.to2DArray().map(([a, b]) =>
    e.to2DArray().map(([c, d]) =>
      cosineOf(a * c + b * d, Math.sqrt((a * a + b * b) * (c * c + d * d)))
    )
  );
  const x = Interactions.fromDense([[0, 1]]);
  const anywhere = attainableIntervals(e, { condition: 1 });
  const slider = cosinesUnder(e.to1DArray(), 2, [1, 1], 0.5, 2);
  const found: Record<string, number[][]> = {
    cosineSimilarity: cosineSimilarity(e).to2DArray(),
    "of two matrices": cosineSimilarity(e, e.clone()).to2DArray(),
    cosineOf: oneByOne,
    closedFormCosines: closedFormCosines(x, { A: e, B: e }, [1, 1]).itemItem.to2DArray(),
    gramCosines: gramCosines(e.mmul(e.transpose())).to2DArray(),
    attainableIntervals: anywhere.min.to2DArray(),
    attainableInterval: e.to2DArray().map((a) =>
      e.to2DArray().map((b) => attainableInterval(a, b, { condition: 1 }).max)
    ),
    "the slider's page": [[...slider.subarray(0, 2)], [...slider.subarray(2)]],
  };
  for (const [name, cosines] of Object.entries(found)) {
    assertClose(cosines.flat(), expected.flat(), 1e-15, name);
  }
});

Deno.test("cosineSimilarity() does not depend on the rows' lengths, however extreme", () => {
  const lengths = [1e-200, 1e200, 1e-310, -1];
  const e = new Matrix(lengths.map((length, i) => [length, length * (i + 1)]));
  const unit = new Matrix(
    lengths.map((length, i) => [Math.sign(length), Math.sign(length) * (i + 1)]),
  );
  assertClose(cosineSimilarity(e), cosineSimilarity(unit), 1e-12);
});

Deno.test("cosineSimilarity() of one dimension knows only signs", () => {
  const s = cosineSimilarity(new Matrix([[2], [-3]]));
  assert.deepEqual(s.to2DArray(), [[1, -1], [-1, 1]]);
});

Deno.test("cosineSimilarity() rejects what are no finite matrices of one width", () => {
  assert.throws(
    () => cosineSimilarity(new Matrix([[1, NaN]])),
    /RangeError.*entry \(0, 1\) is NaN/,
  );
  assert.throws(() => cosineSimilarity(new Matrix([[Infinity]])), RangeError);
  assert.throws(() => cosineSimilarity(new Matrix(0, 3)), RangeError);
  assert.throws(() => cosineSimilarity([[1]] as never), TypeError);
  assert.throws(
    () => cosineSimilarity(new Matrix([[1]]), new Matrix([[1, 2]])),
    /RangeError.*as many columns, they have 1 and 2/,
  );
});

Deno.test("closedFormCosines() are the cosines of the rescaled rows, for any A, B and D", () => {
  const size = fc.tuple(matrices(12, 3), matrices(12, 3), diagonals(3));
  fc.assert(fc.property(size, ([a, b, d]) => {
    // Rows of tiny entries lose their digits when they are squared, which the formulas do.
    const e = { A: Matrix.add(a, 11), B: Matrix.add(b, 11) };
    const { A, B } = rescale(e, d);
    const users = userEmbeddings(referenceX, { A, B });
    const closed = closedFormCosines(referenceX, e, d);
    assertClose(closed.itemItem, cosineSimilarity(B));
    assertClose(closed.userUser, cosineSimilarity(users));
    assertClose(closed.userItem, cosineSimilarity(users, B));
  }));
});

Deno.test("closedFormCosines() of Eq. 1 at full rank are scikit-learn's", () => {
  const e = denoisingEmbeddings(referenceSVD, { lambda: reference.lambda1 });
  for (const expected of [reference.fullRank.sqrt, reference.fullRank.inverseSqrt]) {
    const closed = closedFormCosines(referenceX, e, expected.D);
    assertClose(closed.itemItem, matrix(expected.itemItem));
    assertClose(closed.userUser, matrix(expected.userUser));
    assertClose(closed.userItem, matrix(expected.userItem));
  }
});

Deno.test("closedFormCosines(): only the first two depend on D without the norms", () => {
  const e = denoisingEmbeddings(referenceSVD, { lambda: 2, rank: 3 });
  const before = closedFormCosines(referenceX, e, [1, 1, 1]).unnormalized;
  const after = closedFormCosines(referenceX, e, [1, 2, 4]).unnormalized;
  assertClose(after.userItem, before.userItem, 0);
  assert(Matrix.sub(after.itemItem, before.itemItem).abs().max() > 0.01);
  assert(Matrix.sub(after.userUser, before.userUser).abs().max() > 0.01);
});

Deno.test("closedFormCosines(): a row of zeros has cosine 0 to everything", () => {
  const x = Interactions.fromDense([[1, 0], [0, 0]]);
  const e = { A: matrix([[1], [1]]), B: matrix([[0], [2]]) };
  const { itemItem, userUser, userItem } = closedFormCosines(x, e, [2]);
  assert.deepEqual(itemItem.to2DArray(), [[0, 0], [0, 1]]);
  assert.deepEqual(userUser.to2DArray(), [[1, 0], [0, 0]]);
  assert.deepEqual(userItem.to2DArray(), [[0, 1], [0, 0]]);
});

Deno.test("closedFormCosines() rejects bad input", () => {
  const e = denoisingEmbeddings(referenceSVD, { lambda: 2, rank: 3 });
  assert.throws(() => closedFormCosines(referenceX, e, [1, 2]), /RangeError.*each of the 3/);
  assert.throws(() => closedFormCosines(referenceX, e, [1, 0, 2]), RangeError);
  assert.throws(() => closedFormCosines(Interactions.fromDense([[1]]), e, [1, 1, 1]), RangeError);
  assert.throws(() => closedFormCosines(referenceX, {} as never, [1]), TypeError);
});
