import assert from "node:assert/strict";
import fc from "fast-check";
import { topIndices } from "../../lib/linalg/top_indices.ts";

Deno.test("topIndices: what a full, stable sort has first, ties and infinities included", () => {
  const value = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(-Infinity, Infinity, 0.5),
    fc.double({ noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(value), fc.integer({ min: 0, max: 40 }), (values, count) => {
      const sorted = values.map((_, i) => i)
        .sort((i, j) => values[i] < values[j] ? 1 : values[i] > values[j] ? -1 : i - j);
      const found = topIndices(Float64Array.from(values), count);
      assert.deepEqual([...found], sorted.slice(0, count));
    }),
  );
});

Deno.test("topIndices: leaves the numbers as they are, and copes with a hundred thousand ties", () => {
  const values = new Float64Array(100_000);
  values[7] = -1;
  assert.deepEqual([...topIndices(values, 9)], [0, 1, 2, 3, 4, 5, 6, 8, 9]);
  assert.equal(values[7], -1);
});
