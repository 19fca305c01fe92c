import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { Interactions, selectUsers } from "cosine-lab";

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
