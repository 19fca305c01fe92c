import { Interactions, selectUsers } from "cosine-lab";
import { dropRare, selectItems } from "cosine-lab/tables";
import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { interactions } from "../arbitraries.ts";
import fc from "../fast_check.ts";

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

Deno.test("selectItems() takes columns in the order given", () => {
  fc.assert(fc.property(interactions, fc.infiniteStream(fc.nat()), (x, numbers) => {
    const order = Array.from({ length: x.items }, (_, i) => ({ i, key: numbers.next().value! }))
      .sort((a, b) => a.key - b.key).slice(0, 1 + x.items / 2).map(({ i }) => i);
    const expected = x.toDense().to2DArray().map((row) => order.map((i) => row[i]));
    assert.deepEqual(selectItems(x, order).toDense().to2DArray(), expected);
  }));
});

Deno.test("selectItems() keeps ids and values", () => {
  const x = new Interactions({
    rows: 2,
    columns: 2,
    rowStarts: Uint32Array.of(0, 2, 3),
    columnIndices: Uint32Array.of(0, 1, 1),
    values: Float64Array.of(5, 6, 7),
  }, { users: ["u", "v"], items: ["a", "b"] });
  const y = selectItems(x, [1, 0]);
  assert.deepEqual([y.userIds, y.itemIds], [["u", "v"], ["b", "a"]]);
  assert.deepEqual(y.toDense().to2DArray(), [[6, 5], [7, 0]]);
});

Deno.test("selectItems() rejects bad input", () => {
  const x = Interactions.fromDense([[1, 1]]);
  assert.throws(() => selectItems([[1]] as never, [0]), TypeError);
  assert.throws(() => selectItems(x, 1 as never), TypeError);
  assert.throws(() => selectItems(x, []), /there must be at least one item/);
  assert.throws(() => selectItems(x, [2]), /items\[0\] must be an integer between 0 and 1/);
  assert.throws(() => selectItems(x, [1, 1]), /each may be there once, 1 is there again/);
});

Deno.test("selectUsers() takes rows with their values and ids, in the order given, repeats too", () => {
  const log = pl.DataFrame({
    who: ["a", "a", "b", "c"],
    what: ["x", "z", "y", "x"],
    n: [1, 2, 3, 4],
  });
  const all = Interactions.fromDataFrame(log, { user: "who", item: "what", value: "n" });
  const some = selectUsers(all, Uint32Array.of(2, 0, 2));
  assert.deepEqual(some.toDense().to2DArray(), [[4, 0, 0], [1, 0, 2], [4, 0, 0]]);
  assert.deepEqual(some.userIds, ["c", "a", "c"]);
  assert.deepEqual(some.itemIds, ["x", "y", "z"]);
});

Deno.test("selectUsers() keeps binary data binary, and users without interactions", () => {
  const some = selectUsers(Interactions.fromDense([[1, 1], [0, 0]]), [1]);
  assert.equal(some.values, null);
  assert.deepEqual([some.users, some.items, some.nonzeros], [1, 2, 0]);
});

Deno.test("selectUsers() rejects what are no users", () => {
  const x = Interactions.fromDense([[1, 0], [0, 1]]);
  assert.throws(() => selectUsers(x, []), /RangeError.*at least one user/);
  assert.throws(() => selectUsers(x, [2]), /users\[0\] must be an integer between 0 and 1.*is 2/);
  assert.throws(() => selectUsers(x, [0.5]), RangeError);
  assert.throws(() => selectUsers(x, ["0"] as never), TypeError);
  assert.throws(() => selectUsers(x, 1 as never), TypeError);
});
