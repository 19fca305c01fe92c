import assert from "node:assert/strict";
import fc from "fast-check";
import { gram, Interactions } from "cosine-lab";
import { gramFromBits } from "../../lib/linalg/gram_from_bits.ts";
import { gramFromRows } from "../../lib/linalg/gram_from_rows.ts";

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
