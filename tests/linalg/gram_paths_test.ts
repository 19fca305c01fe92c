import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { gram, Interactions } from "cosine-lab";
import { addGramProducts, gramFromBits } from "../../lib/linalg/gram.ts";
import { gramFromRows } from "./gram_from_rows.ts";

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
