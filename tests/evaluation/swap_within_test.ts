import assert from "node:assert/strict";
import { gram, Interactions, simulateInteractions } from "cosine-lab";
import { swapWithin } from "cosine-lab/evaluation";

const groups = Array.from({ length: 40 }, (_, i) => i % 4);

/** Users of 40 items in 4 groups; items i and i + 20 of one group always go together. */
function pairs(): Interactions {
  const { interactions } = simulateInteractions({ users: 300, items: 20, seed: "swap" });
  const once = interactions.toDense().to2DArray();
  return Interactions.fromDense(once.map((row) => [...row, ...row]));
}

function perGroup(x: Interactions): number[][] {
  return x.toDense().to2DArray().map((row) =>
    [0, 1, 2, 3].map((group) =>
      row.reduce((sum, value, i) => sum + (groups[i] === group ? value : 0), 0)
    )
  );
}

Deno.test("swapWithin() keeps the margins, and what goes together within a group no longer does", () => {
  const x = pairs();
  const swapped = swapWithin(x, { groups, seed: "a" });
  assert.deepEqual(perGroup(swapped), perGroup(x));
  const [before, after] = [x, swapped].map((each) => gram(each));
  assert.deepEqual(after.diag(), before.diag());
  const together = (g: typeof before) =>
    Array.from({ length: 20 }, (_, i) => g.get(i, i + 20) / g.get(i, i))
      .reduce((a, b) => a + b) / 20;
  assert.equal(together(before), 1);
  assert(together(after) < 0.8);
  assert.deepEqual(swapWithin(x, { groups, seed: "a" }).columnIndices, swapped.columnIndices);
  assert.notDeepEqual(swapWithin(x, { groups, seed: "b" }).columnIndices, swapped.columnIndices);
});

Deno.test("swapWithin() of groups of one item each changes nothing", () => {
  const x = pairs();
  const same = swapWithin(x, { groups: groups.map((_, i) => i), seed: "a" });
  assert.deepEqual(same.columnIndices, x.columnIndices);
});

Deno.test("swapWithin() refuses what it cannot swap", () => {
  const x = Interactions.fromDense([[1, 0.5], [0, 1]]);
  assert.throws(() => swapWithin(x, { groups: [0, 0], seed: "a" }), /must be binary/);
  assert.throws(() => swapWithin(pairs(), { groups: [0], seed: "a" }), RangeError);
});
