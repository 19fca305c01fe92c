import assert from "node:assert/strict";
import fc from "fast-check";
import { descendingOrder } from "../../lib/linalg/descending_order.ts";

Deno.test("descendingOrder() is what a stable sort gives, whatever the length", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 }), (scores) => {
    const expected = scores.map((_, i) => i).sort((i, j) => scores[j] - scores[i]);
    assert.deepEqual([...descendingOrder(scores)], expected);
  }));
});

Deno.test("descendingOrder() knows infinite scores, and takes 0 and -0 for equal", () => {
  assert.deepEqual([...descendingOrder([-0, 0, -Infinity, Infinity])], [3, 0, 1, 2]);
});
