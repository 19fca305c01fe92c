import assert from "node:assert/strict";
import { sortNumbers } from "../../lib/math/sort_numbers.ts";
import fc from "../fast_check.ts";

const finiteNumbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

Deno.test("sortNumbers() sorts any finite numbers", () => {
  const few = fc.constantFrom(0, 1, 1 + Number.EPSILON, -1, 1e300, -1e300, Number.MIN_VALUE);
  const crowded = fc.array(fc.double({ min: 0, max: 1e-9, noNaN: true }), { maxLength: 300 })
    .map((values) => [...values, 1e6]);
  const lists = fc.oneof(fc.array(finiteNumbers), fc.array(few), crowded);
  fc.assert(fc.property(lists, (list) => {
    const values = Float64Array.from(list);
    assert.deepEqual(sortNumbers(values.slice()), values.sort());
  }));
});
