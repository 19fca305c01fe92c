import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { gram, Interactions, simulateInteractions } from "cosine-lab";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { gramFromRows } from "./gram_from_rows.ts";
import { interactions, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import { matrix, reference, referenceX } from "../reference/small.ts";

Deno.test("gram() of the reference is NumPy's, exactly", () => {
  assert.deepEqual(gram(referenceX).to2DArray(), reference.gram);
});

Deno.test("gram() is XᵀX, of binary and of weighted data", () => {
  fc.assert(fc.property(fc.oneof(interactions, matrices(5, 4).map(Interactions.fromDense)), (x) => {
    const dense = x.toDense();
    assertClose(gram(x), dense.transpose().mmul(dense), 1e-12 * 1e3);
  }));
});

Deno.test("gram() of a dense matrix is XᵀX to the last digit, tall or wide", () => {
  fc.assert(fc.property(fc.oneof(matrices(70, 6), matrices(3, 9)), (rows) => {
    const x = new Matrix(rows);
    assert.deepEqual(gram(x).to2DArray(), x.transpose().mmul(x).to2DArray());
  }));
  for (const [n, p] of [[200, 9], [200, 200], [40, 150]]) {
    const x = Matrix.rand(n, p, { random: seedrandom.alea(`${n} x ${p}`) });
    assert.deepEqual(gram(x).to2DArray(), x.transpose().mmul(x).to2DArray());
  }
});

Deno.test("gram() takes a Gram matrix in place of X, and copies it", () => {
  const g = gram(referenceX);
  const again = gram({ gram: g });
  assert.deepEqual(again.to2DArray(), g.to2DArray());
  again.set(0, 0, -1);
  assert.notEqual(g.get(0, 0), -1);
});

Deno.test("gram() rejects bad input", () => {
  for (const x of [null, undefined, [[1]], {}, { gram: [[1]] }] as never[]) {
    assert.throws(
      () => gram(x),
      /TypeError.*Gram matrix: x must be an Interactions, an ml-matrix Matrix, or have a Gram/,
    );
  }
  assert.throws(() => gram(new Matrix([[1, NaN]])), /RangeError.*Cannot compute the Gram matrix: /);
  assert.throws(() => gram(new Matrix(0, 3)), RangeError);
  for (const x of [new Matrix([[1e200, 1]]), new Matrix([[1e200], [1]])]) {
    assert.throws(() => gram(x), /RangeError.*sums of products of values overflow/);
  }
  assert.throws(() => gram({ gram: new Matrix([[1, 2]]) }), /RangeError.*gram must be square/);
  assert.throws(
    () => gram({ gram: new Matrix([[1, 2], [3, 1]]) }),
    /RangeError.*gram must be symmetric, entry \(1, 0\) is 3 and entry \(0, 1\) is 2/,
  );
});

Deno.test("gram() gives a copy that can be changed without harm", () => {
  const x = Interactions.fromDense([[1, 1]]);
  gram(x).set(0, 0, 99);
  assert.equal(gram(x).get(0, 0), 1);
});

Deno.test("gram() counts the same on either path, also where rows do not fill a word", () => {
  for (const users of [1, 31, 32, 33, 500]) {
    const { interactions } = simulateInteractions({ users, items: 40, seed: `${users}` });
    assert.deepEqual(gram(interactions).to2DArray(), gramFromRows(interactions).to2DArray());
  }
});

Deno.test("gram() of data without interactions is zero", () => {
  assert.deepEqual(
    gram(Interactions.fromDense([[0, 0]])).to2DArray(),
    matrix([[0, 0], [0, 0]]).to2DArray(),
  );
});
