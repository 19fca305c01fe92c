import { gram, Interactions, simulateInteractions } from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { addGramProducts, gramFromBits } from "../../lib/linalg/gram.ts";
import { interactions, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
import { matrix, reference, referenceX } from "../reference/small.ts";
import { gramFromRows } from "./gram_from_rows.ts";

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

const binary = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 12 })).chain(
  ([n, p]) =>
    fc.array(fc.array(fc.constantFrom(0, 1), { minLength: p, maxLength: p }), {
      minLength: n,
      maxLength: n,
    }),
);

Deno.test("bits, rows and the dense product give the same counts", () => {
  fc.assert(
    fc.property(binary, (dense) => {
      const x = Interactions.fromDense(dense);
      const expected = x.toDense().transpose().mmul(x.toDense()).to2DArray();
      assert.deepEqual(gramFromBits(x).to2DArray(), expected);
      assert.deepEqual(gramFromRows(x).to2DArray(), expected);
      assert.deepEqual(gram(x).to2DArray(), expected);
    }),
    { numRuns: 40 },
  );
});

Deno.test("counts past what a byte, and a vector of 128 bits, can hold are right", () => {
  for (const n of [127, 128, 129, 31 * 128, 31 * 128 + 1, 10_000]) {
    const x = Interactions.fromDense(Array.from({ length: n }, (_, u) => [1, u % 2, 1, 1, 1]));
    const g = gramFromBits(x);
    assert.deepEqual(g.getRow(0), [n, Math.floor(n / 2), n, n, n]);
  }
});

Deno.test("two threads count what one counts", () => {
  const x = Interactions.fromDense(
    Array.from({ length: 500 }, (_, u) => Array.from({ length: 61 }, (_, i) => u % (i + 1) && 1)),
  );
  assert.deepEqual(gramFromBits(x, 2).to2DArray(), gramFromBits(x, 1).to2DArray());
});

Deno.test("weights give the same digits by rows and as a dense product, on one thread and on two", () => {
  const weight = fc.double({ min: -9, max: 9, noNaN: true });
  const row = (p: number) =>
    fc.array(fc.oneof(fc.constant(0), weight), { minLength: p, maxLength: p });
  const weighted = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 11 })).chain(
    ([n, p]) => fc.array(row(p), { minLength: n, maxLength: n }),
  );
  fc.assert(
    fc.property(weighted, (dense) => {
      const x = Interactions.fromDense(dense);
      const expected = gramFromRows(x).to2DArray();
      assert.deepEqual(gram(x).to2DArray(), expected);
      for (const threads of [1, 2]) {
        const upper = new Float64Array(x.columns ** 2);
        addGramProducts(x, upper, threads);
        expected.forEach((own, i) => {
          const from = i * x.columns;
          assert.deepEqual([...upper.subarray(from + i, from + x.columns)], own.slice(i));
        });
      }
    }),
    { numRuns: 40 },
  );
});
