import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { kthLargest } from "../../lib/math/top_indices.ts";

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
