import { cosineSimilarity, gram, rescale, userEmbeddings, weightDecayEmbeddings } from "cosine-lab";
import { canonicalItems, planeItems } from "cosine-lab/remedies";
import { inverse, Matrix, SingularValueDecomposition } from "ml-matrix";
import assert from "node:assert/strict";
import { matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
import { lambda, model, P, svd, x } from "../small_model.ts";

const cosines = (items: Matrix) => cosineSimilarity(items);

/** Invertible 6 x 6 matrices, of a condition below 1,000. */
const invertible = matrices(6, 6).map((m) => m.add(Matrix.eye(6, 6).mul(0.1))).filter((m) => {
  const { diagonal } = new SingularValueDecomposition(m);
  return diagonal[0] < 1000 * diagonal[5];
});

Deno.test("canonicalItems: no invertible M moves a cosine, from P or from A and G", () => {
  const users = { A: model.A, gram: gram(x) };
  for (const exponent of [1, 0.5, 0, -1]) {
    const expected = canonicalItems(model.B, P, { exponent });
    assertClose(canonicalItems(model.B, users, { exponent }), expected, 1e-9);
    fc.assert(
      fc.property(invertible, (m) => {
        const B = model.B.mmul(inverse(m).transpose());
        assertClose(
          cosines(canonicalItems(B, P.mmul(m), { exponent })),
          cosines(expected),
          1e-9,
        );
      }),
      { numRuns: 10 },
    );
  }
});

Deno.test("canonicalItems: a D over sixteen orders of magnitude moves no cosine", () => {
  const expected = cosines(canonicalItems(model.B, P, { exponent: 0.5 }));
  const { A, B } = rescale(model, [1e-8, 1e8, -1, 1e-3, 1e5, 2]);
  assertClose(
    cosines(
      canonicalItems(B, P.mmul(Matrix.diag([1e-8, 1e8, -1, 1e-3, 1e5, 2])), { exponent: 0.5 }),
    ),
    expected,
    1e-11,
  );
  assertClose(cosines(canonicalItems(B, { A, gram: gram(x) }, { exponent: 0.5 })), expected, 1e-11);
});

Deno.test("canonicalItems: V Σ̂ᵃ of the SVD of PBᵀ, by an SVD of ml-matrix", () => {
  const predictions = P.mmul(model.B.transpose());
  const { diagonal, rightSingularVectors } = new SingularValueDecomposition(predictions, {
    autoTranspose: true,
  });
  for (const exponent of [1, 0.5, 0]) {
    const found = canonicalItems(model.B, P, { exponent });
    const direct = rightSingularVectors.subMatrix(0, 39, 0, 5)
      .mulRowVector(diagonal.slice(0, 6).map((value) => value ** exponent));
    for (let j = 0; j < 6; j++) {
      const sign = Math.sign(
        direct.getColumn(j).reduce((sum, v, i) => sum + v * found.get(i, j), 0),
      );
      assertClose(found.getColumn(j), direct.getColumn(j).map((v) => sign * v), 1e-9);
    }
  }
});

Deno.test("canonicalItems: 1 is the original space, 0 whitening, ½ balances both sides as Eq. 2 does", () => {
  const predictions = P.mmul(model.B.transpose());
  assertClose(cosines(canonicalItems(model.B, P)), cosines(predictions.transpose()), 1e-12);
  assertClose(cosines(canonicalItems(model.B, P, { exponent: 0 })), cosines(svd.V), 1e-12);
  const decayed = weightDecayEmbeddings(svd, { lambda: 3 });
  const even = canonicalItems(decayed.B, userEmbeddings(x, decayed), { exponent: 0.5 });
  assertClose(cosines(even), cosines(decayed.B), 1e-12);
});

Deno.test("canonicalItems: for Eq. 1 they are the diagonal of the plane", () => {
  for (const a of [0, 0.5, 0.75, 1]) {
    assertClose(
      cosines(canonicalItems(model.B, P, { exponent: a })),
      cosines(planeItems(svd, { lambda, sigma: a, dMat: a })),
      1e-11,
    );
  }
});

Deno.test("canonicalItems: dimensions that predictions do not determine are 0, more of them than items too", () => {
  const dead = rescale(model, [1, 1, 1, 1, 1, 1]);
  dead.A.setColumn(2, new Array(40).fill(0));
  const users = userEmbeddings(x, dead);
  for (const exponent of [0, 1]) {
    const items = canonicalItems(dead.B, users, { exponent });
    assert.deepEqual(items.getColumn(5), new Array(40).fill(0));
    assert(items.getColumn(4).some((entry) => entry !== 0));
  }
  assertClose(canonicalItems(new Matrix([[3, 4]]), new Matrix([[1, 2]])), [11, 0], 1e-12);
  assert.equal(canonicalItems(new Matrix([[0], [0]]), new Matrix([[1]])).norm(), 0);
  assert.equal(canonicalItems(new Matrix([[1], [2]]), new Matrix([[0]])).norm(), 0);
});

Deno.test("canonicalItems rejects bad input", () => {
  const { A, B } = model;
  assert.throws(() => canonicalItems(null as never, P), TypeError);
  assert.throws(() => canonicalItems(B, x as never), TypeError);
  assert.throws(() => canonicalItems(B, new Matrix([[1]])), /as many columns, they have 1 and 6/);
  assert.throws(() => canonicalItems(B, { A, gram: new Matrix([[1]]) }), /a row for each item/);
  assert.throws(() => canonicalItems(B, P, { exponent: 9 }), /RangeError.*between -4 and 4/);
  assert.throws(() => canonicalItems(B, P, { exponents: 1 } as never), /TypeError.*no option/);
});
