import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import {
  closedFormCosines,
  cosineSimilarity,
  denoisingEmbeddings,
  Interactions,
  rescale,
  userEmbeddings,
} from "cosine-lab";
import { diagonals, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import { matrix, reference, referenceSVD, referenceX } from "../reference/small.ts";

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
