import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  gram,
  Interactions,
  rescale,
  rotate,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { originalSpaceItems, originalSpaceUsers } from "cosine-lab/remedies";
import { diagonals, interactions, matrices, rotations } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";

const { interactions: x } = simulateInteractions({ users: 300, items: 40, seed: "original" });
const model = denoisingEmbeddings(truncatedSVD(x), { lambda: 50, rank: 6 });

/** Interactions, and factors for as many items. */
const fitted = interactions.chain((data) =>
  fc.tuple(fc.constant(data), matrices(data.items, 3), matrices(data.items, 3))
);

Deno.test("the original space: the dot products are those of rows and columns of XABᵀ", () => {
  fc.assert(fc.property(fitted, ([data, A, B]) => {
    const smoothed = data.toDense().mmul(A).mmul(B.transpose());
    // Where users or items cancel, what is left is as exact as what has cancelled.
    const scale = 1 + (data.toDense().norm() * A.norm() * B.norm()) ** 2;
    const items = originalSpaceItems(data, { A, B });
    assertClose(
      items.mmul(items.transpose()).div(scale),
      smoothed.transpose().mmul(smoothed).div(scale),
      1e-14,
    );
    const users = originalSpaceUsers(data, { A, B });
    assertClose(
      users.mmul(users.transpose()).div(scale),
      smoothed.mmul(smoothed.transpose()).div(scale),
      1e-14,
    );
  }));
});

Deno.test("the original space: no D moves a cosine, to 1e-12", () => {
  const items = cosineSimilarity(originalSpaceItems(x, model));
  const users = cosineSimilarity(originalSpaceUsers(x, model));
  const extreme = [1e-8, 1e8, -1, 1e-3, 1e5, 2];
  fc.assert(
    fc.property(fc.oneof(diagonals(6), fc.constant(extreme)), (d) => {
      const rescaled = rescale(model, d);
      assertClose(cosineSimilarity(originalSpaceItems(x, rescaled)), items, 1e-12);
      assertClose(cosineSimilarity(originalSpaceUsers(x, rescaled)), users, 1e-12);
    }),
    { numRuns: 20 },
  );
  fc.assert(
    fc.property(rotations(6), (r) => {
      assertClose(cosineSimilarity(originalSpaceItems(x, rotate(model, r))), items, 1e-12);
    }),
    { numRuns: 10 },
  );
});

Deno.test("the original space: the Gram matrix is enough for items", () => {
  assertClose(
    originalSpaceItems({ gram: gram(x) }, model),
    originalSpaceItems(x, model),
    0,
  );
});

Deno.test("the original space: one user, one dimension, and dimensions that are 0 or double", () => {
  const one = Interactions.fromDense([[1, 0, 1]]);
  const A = new Matrix([[1], [2], [3]]), B = new Matrix([[2], [0], [-1]]);
  // The only user is (1 + 3)·(2, 0, −1).
  assertClose(originalSpaceItems(one, { A, B }), [8, 0, -4], 1e-12);
  assertClose(originalSpaceUsers(one, { A, B }), [4 * Math.sqrt(5)], 1e-12);
  const twice = (m: Matrix) => new Matrix(m.to2DArray().map(([v]) => [v, 0, v]));
  const padded = originalSpaceItems(one, { A: twice(A), B: twice(B) });
  assertClose(
    padded.mmul(padded.transpose()),
    new Matrix([[256, 0, -128], [0, 0, 0], [-128, 0, 64]]),
  );
});

Deno.test("the original space rejects bad input", () => {
  const e = { A: new Matrix([[1]]), B: new Matrix([[1]]) };
  assert.throws(() => originalSpaceItems(x, e), /RangeError.*each of the 40 items/);
  assert.throws(() => originalSpaceUsers(x, e), /RangeError.*each of the 40 items/);
  assert.throws(() => originalSpaceItems(new Matrix([[1]]) as never, e), TypeError);
  assert.throws(() => originalSpaceUsers({ gram: gram(x) } as never, model), TypeError);
  assert.throws(() => originalSpaceItems(x, null as never), TypeError);
});
