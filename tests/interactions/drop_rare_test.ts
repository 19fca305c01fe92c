import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Interactions } from "cosine-lab";
import { dropRare } from "cosine-lab/tables";
import { interactions } from "../arbitraries.ts";

/** Drops one rare row or column after another until none is left. */
function oneByOne(rows: number[][], user: number, item: number): number[][] {
  const sum = (entries: number[]) => entries.reduce((a, b) => a + (b === 0 ? 0 : 1), 0);
  const u = rows.findIndex((row) => sum(row) < user);
  if (u >= 0) return oneByOne(rows.toSpliced(u, 1), user, item);
  const i = (rows[0] ?? []).findIndex((_, i) => sum(rows.map((row) => row[i])) < item);
  if (i >= 0) return oneByOne(rows.map((row) => row.toSpliced(i, 1)), user, item);
  return rows;
}

Deno.test("dropRare() leaves what is left after dropping one at a time", () => {
  const minimum = fc.integer({ min: 0, max: 4 });
  fc.assert(fc.property(interactions, minimum, minimum, (x, user, item) => {
    const expected = oneByOne(x.toDense().to2DArray(), user, item);
    if (expected.length === 0 || expected[0].length === 0) {
      assert.throws(() => dropRare(x, { user, item }), /nothing is left/);
    } else {
      assert.deepEqual(dropRare(x, { user, item }).toDense().to2DArray(), expected);
    }
  }));
});

Deno.test("dropRare() keeps ids and values", () => {
  const x = new Interactions({
    rows: 3,
    columns: 3,
    rowStarts: Uint32Array.of(0, 2, 3, 5),
    columnIndices: Uint32Array.of(0, 2, 1, 0, 2),
    values: Float64Array.of(1, 2, 3, 4, 5),
  }, { users: ["a", "b", "c"], items: [7, 8, 9] });
  const left = dropRare(x, { item: 2 });
  assert.deepEqual([left.userIds, left.itemIds], [["a", "c"], [7, 9]]);
  assert.deepEqual(left.toDense().to2DArray(), [[1, 2], [4, 5]]);
  assert.equal(dropRare(x, {}), x);
});

Deno.test("dropRare() rejects bad input", () => {
  const x = Interactions.fromDense([[1]]);
  assert.throws(() => dropRare([[1]] as never, {}), TypeError);
  assert.throws(() => dropRare(x, null as never), TypeError);
  assert.throws(() => dropRare(x, { user: 1.5 }), /the minimum for users must be an integer/);
  assert.throws(
    () => dropRare(x, { item: 2 }),
    /Cannot drop what is rare: nothing is left of 1 users with at least 1 and 1 items with at least 2/,
  );
});
