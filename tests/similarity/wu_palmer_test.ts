import assert from "node:assert/strict";
import { wuPalmerSimilarity } from "cosine-lab/evaluation";

//        0
//       / \
//      1   2
//     / \ /
//    3   4     5 (a top of its own)
//    |
//    6
const parents = new Map([[1, [0]], [2, [0]], [3, [1]], [4, [1, 2]], [6, [3]]]);
const at = (...nodes: number[]) => wuPalmerSimilarity({ nodes, parents });

Deno.test("wuPalmerSimilarity() agrees with what one counts by hand", () => {
  const s = at(3, 4, 2, 6, 5);
  assert.equal(s.get(0, 1), 2 * 2 / (1 + 1 + 2 * 2)); // 1, of depth 2
  assert.equal(s.get(1, 2), 2 * 2 / (1 + 0 + 2 * 2)); // 2, an ancestor of itself
  assert.equal(s.get(0, 2), 2 * 1 / (2 + 1 + 2 * 1)); // the top
  assert.equal(s.get(3, 1), 2 * 2 / (2 + 1 + 2 * 2));
  assert.equal(s.get(0, 3), 2 * 3 / (0 + 1 + 2 * 3));
  assert.deepEqual(s.getColumn(4), [0, 0, 0, 0, 1]);
});

Deno.test("wuPalmerSimilarity() is symmetric, and 1 for items of one node", () => {
  const s = at(6, 4, 4, 3);
  assert.deepEqual(s.to2DArray(), s.transpose().to2DArray());
  assert.equal(s.get(1, 2), 1);
});

Deno.test("wuPalmerSimilarity() refuses a circle, and what is no taxonomy", () => {
  const circle = new Map([[1, [2]], [2, [1]]]);
  assert.throws(() => wuPalmerSimilarity({ nodes: [1, 2], parents: circle }), /above itself/);
  assert.throws(() => at(1), RangeError);
  assert.throws(
    () => wuPalmerSimilarity({ nodes: [1, 2], parents: {} as Map<number, number[]> }),
    TypeError,
  );
});
