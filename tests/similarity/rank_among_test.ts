import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { rankAmong } from "../../lib/similarity/clusters.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Numbers of every size, with many ties, far from even, or too close for buckets. */
const numbers = fc.oneof(
  finite,
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value ** 40),
  fc.integer({ min: 0, max: 9 }).map((value) => value * Number.MIN_VALUE),
);

Deno.test("rankAmong() counts what is below, and half of what is equal, doubled", () => {
  fc.assert(fc.property(
    fc.array(numbers, { minLength: 1, maxLength: 40 }),
    fc.array(numbers, { maxLength: 10 }),
    (known, asked) => {
      const twiceRank = rankAmong(Float64Array.from(known).sort());
      for (const value of [...known, ...asked]) {
        const expected = known.reduce(
          (sum, entry) => sum + (entry < value ? 2 : entry === value ? 1 : 0),
          0,
        );
        assert.equal(twiceRank(value), expected);
      }
    },
  ));
});
