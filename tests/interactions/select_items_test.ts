import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Interactions } from "cosine-lab";
import { selectItems } from "cosine-lab/tables";
import { interactions } from "../arbitraries.ts";

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
