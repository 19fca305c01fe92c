import {
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingLoss,
  Interactions,
  rescale,
  rotate,
  userEmbeddings,
  weightDecayEmbeddings,
  weightDecayLoss,
} from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import fc from "../fast_check.ts";
import { diagonals, rotations } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import { reference, referenceSVD, referenceX } from "../reference/small.ts";

Deno.test("userEmbeddings() is XA to the last digit, of more users than a block and any number of columns", () => {
  const random = seedrandom.alea("users");
  const draw = (rows: number, columns: number, entry: () => number) =>
    new Matrix(Array.from({ length: rows }, () => Array.from({ length: columns }, entry)));
  for (const [users, k, weighted] of [[1500, 3, false], [1500, 17, true], [1, 8, true]] as const) {
    const x = draw(users, 30, () => random() < 0.7 ? 0 : weighted ? random() : 1);
    const A = draw(30, k, () => random() - 0.5);
    // Summed up in the order of the items, and nothing added for what a user does not have.
    const expected = x.to2DArray().map((row) =>
      Array.from(
        { length: k },
        (_, j) => row.reduce((sum, value, i) => value === 0 ? sum : sum + value * A.get(i, j), 0),
      )
    );
    assert.deepEqual(userEmbeddings(Interactions.fromDense(x), { A, B: A }).to2DArray(), expected);
  }
});

Deno.test("userEmbeddings(): threads change no digit", () => {
  const random = seedrandom.alea("threads");
  const x = Interactions.fromDense(
    Array.from({ length: 1000 }, () => Array.from({ length: 250 }, () => random() < 0.5 ? 1 : 0)),
  );
  const A = new Matrix(Array.from({ length: 250 }, () => Array.from({ length: 1000 }, random)));
  // Enough for workers: of a tenth of the users one thread computes the same.
  const all = userEmbeddings(x, { A, B: A });
  const first = Interactions.fromDense(x.toDense().subMatrix(0, 99, 0, 249));
  assert.deepEqual(
    userEmbeddings(first, { A, B: A }).to2DArray(),
    all.subMatrix(0, 99, 0, 999).to2DArray(),
  );
});

const { lambda1, lambda2 } = reference;

const rank = 4;

const denoising = denoisingEmbeddings(referenceSVD, { lambda: lambda1, rank });

const decay = weightDecayEmbeddings(referenceSVD, { lambda: lambda2, rank });

Deno.test("rescale() leaves ABᵀ and the loss of Eq. 1 as they are", () => {
  const product = denoising.A.mmul(denoising.B.transpose());
  const loss = denoisingLoss(referenceX, denoising, lambda1);
  fc.assert(fc.property(diagonals(rank), (d) => {
    const rescaled = rescale(denoising, d);
    assertClose(rescaled.A.mmul(rescaled.B.transpose()), product, 1e-12);
    assertClose(denoisingLoss(referenceX, rescaled, lambda1), loss, 1e-10);
  }));
});

Deno.test("rescale() raises the loss of Eq. 2 above its minimum, unless all of D is ±1", () => {
  const loss = weightDecayLoss(referenceX, decay, lambda2);
  fc.assert(fc.property(diagonals(rank), (d) => {
    fc.pre(d.some((entry) => Math.abs(Math.abs(entry) - 1) > 0.01));
    assert(weightDecayLoss(referenceX, rescale(decay, d), lambda2) > loss + 1e-6);
  }));
});

Deno.test("rescale() changes item-item cosines, unless D is a multiple of the identity", () => {
  const before = cosineSimilarity(denoising.B);
  const after = cosineSimilarity(rescale(denoising, [1, 2, 4, 8]).B);
  assert(Matrix.sub(after, before).max() > 0.1);
  assertClose(cosineSimilarity(rescale(denoising, [3, 3, 3, 3]).B), before, 1e-12);
  assertClose(cosineSimilarity(rescale(denoising, [1, -1, 1, -1]).B), before, 1e-12);
});

Deno.test("rescale() by D and then by D⁻¹ changes nothing, and the given embeddings stay", () => {
  const before = denoising.A.clone();
  fc.assert(fc.property(diagonals(rank), (d) => {
    const back = rescale(rescale(denoising, d), d.map((entry) => 1 / entry));
    assertClose(back.A, denoising.A, 1e-14);
    assertClose(back.B, denoising.B, 1e-14);
  }));
  assert.deepEqual(denoising.A.to2DArray(), before.to2DArray());
});

Deno.test("rotate() leaves both losses and all cosines as they are", () => {
  fc.assert(fc.property(rotations(rank), (r) => {
    for (const e of [denoising, decay]) {
      const rotated = rotate(e, r);
      const [users, rotatedUsers] = [
        userEmbeddings(referenceX, e),
        userEmbeddings(referenceX, rotated),
      ];
      assertClose(cosineSimilarity(rotated.B), cosineSimilarity(e.B), 1e-10);
      assertClose(cosineSimilarity(rotatedUsers), cosineSimilarity(users), 1e-10);
      assertClose(cosineSimilarity(rotatedUsers, rotated.B), cosineSimilarity(users, e.B), 1e-10);
      for (const loss of [denoisingLoss, weightDecayLoss]) {
        assertClose(loss(referenceX, rotated, 2), loss(referenceX, e, 2), 1e-10);
      }
    }
  }));
});

Deno.test("rescale() rejects a D that is not an invertible diagonal", () => {
  assert.throws(() => rescale(denoising, [1, 2]), /RangeError.*each of the 4 dimensions, it has 2/);
  assert.throws(() => rescale(denoising, [1, 0, 1, 1]), /RangeError.*not zero, entry 1 is 0/);
  assert.throws(() => rescale(denoising, [1, 1, NaN, 1]), /RangeError.*entry 2 is NaN/);
  assert.throws(() => rescale(denoising, [1, 1, 1, Infinity]), RangeError);
  const large = { A: Matrix.eye(4).mul(1e100), B: Matrix.eye(4) };
  assert.throws(
    () => rescale(large, [1, 1e250, 1, 1]),
    /RangeError.*dimension 1 overflows where it is multiplied by 1e\+250/,
  );
  assert.throws(() => rescale(denoising, 2 as never), TypeError);
  assert.throws(() => rescale({} as never, [1]), TypeError);
});

Deno.test("rotate() rejects what is not a rotation of the latent space", () => {
  assert.throws(() => rotate(denoising, Matrix.eye(3)), /RangeError.*must be 4 x 4, it is 3 x 3/);
  assert.throws(() => rotate(denoising, Matrix.eye(4).mul(2)), /RangeError.*must be orthogonal/);
  assert.throws(() => rotate(denoising, [[1]] as never), TypeError);
});
