import fc from "../fast_check.ts";
import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { nearestNeighbors } from "cosine-lab";
import { sortNumbers } from "../../lib/similarity/ranks.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

Deno.test("sortNumbers() sorts any finite numbers", () => {
  const few = fc.constantFrom(0, 1, 1 + Number.EPSILON, -1, 1e300, -1e300, Number.MIN_VALUE);
  const crowded = fc.array(fc.double({ min: 0, max: 1e-9, noNaN: true }), { maxLength: 300 })
    .map((values) => [...values, 1e6]);
  const lists = fc.oneof(fc.array(finite), fc.array(few), crowded);
  fc.assert(fc.property(lists, (list) => {
    const values = Float64Array.from(list);
    assert.deepEqual(sortNumbers(values.slice()), values.sort());
  }));
});

Deno.test("nearestNeighbors() are the first k by similarity, then by index", () => {
  const sizes = fc.integer({ min: 2, max: 14 }).chain((n) =>
    fc.tuple(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: n * n, maxLength: n * n }),
      fc.integer({ min: 1, max: n - 1 }),
    )
  );
  fc.assert(fc.property(sizes, ([entries, k]) => {
    const n = Math.sqrt(entries.length);
    const s = Matrix.from1DArray(n, n, entries);
    const expected = Array.from({ length: n }, (_, i) =>
      [...Array(n).keys()].filter((j) => j !== i)
        .sort((a, b) => s.get(i, b) - s.get(i, a) || a - b).slice(0, k));
    assert.deepEqual(nearestNeighbors(s, k).map((row) => [...row]), expected);
  }));
});
