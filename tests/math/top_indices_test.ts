import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { kthLargest, topIndices } from "../../lib/math/top_indices.ts";
import fc from "../fast_check.ts";

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

Deno.test("topIndices: of thousands, evenly spread, in steps, or with a few far above the rest", () => {
  const random = seedrandom.alea("top");
  const spreads: Record<string, () => number> = {
    even: () => random() < 0.3 ? -Infinity : random(),
    stepped: () => Math.floor(40 * random()) - 20,
    uneven: () => Math.exp(40 * random()),
  };
  for (const [spread, draw] of Object.entries(spreads)) {
    const values = Float64Array.from({ length: 3000 }, draw);
    const sorted = [...values.keys()].sort((i, j) =>
      values[j] > values[i] ? 1 : values[j] < values[i] ? -1 : i - j
    );
    for (const count of [1, 100, 3000]) {
      assert.deepEqual(
        [...topIndices(values, count)],
        sorted.slice(0, count),
        `${spread}, ${count}`,
      );
    }
  }
});

Deno.test("kthLargest() is what sorting finds, ties and infinities included", () => {
  const number = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.double({ noNaN: true }),
    fc.constant(-Infinity),
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 60 }), fc.nat(), (values, n) => {
      const k = n % values.length + 1;
      const sorted = Float64Array.from(values).sort();
      assert.equal(kthLargest(Float64Array.from(values), k) + 0, sorted[values.length - k] + 0);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("kthLargest() rejects a k that is out of bounds", () => {
  assert.throws(() => kthLargest(Float64Array.of(1, 2), 3), /RangeError.*k must be .* 1 and 2/);
  assert.throws(() => kthLargest(new Float64Array(), 1), /RangeError.*k must be/);
});
