import assert from "node:assert/strict";
import { instEval } from "cosine-lab/datasets";

Deno.test("instEval() has what the extract was made by", () => {
  const { interactions: x, lecturers } = instEval();
  assert.deepEqual([x.users, x.items, x.nonzeros], [2972, 1128, 73421]);
  assert.deepEqual(lecturers.getColumn("lecturer").toArray(), x.itemIds);
  const departments = lecturers.getColumn("department").toArray() as number[];
  assert.equal(new Set(departments).size, 14);
  assert.equal(departments.filter((each, i) => each !== departments[i - 1]).length, 14);
  const counts = new Uint32Array(x.items);
  for (const item of x.columnIndices) counts[item]++;
  assert.deepEqual(lecturers.getColumn("ratings").toArray(), [...counts]);
});

Deno.test("instEval() keeps ratings of at least so many points", () => {
  const nonzeros = [1, 2, 3, 4, 5].map((threshold) =>
    instEval({ threshold }).interactions.nonzeros
  );
  // 10,186, 12,951, 17,609, 16,921 and 15,754 ratings of 1 to 5 points.
  assert.deepEqual(nonzeros, [73421, 63235, 50284, 32675, 15754]);
  assert.throws(() => instEval({ threshold: 6 }), RangeError);
  assert.throws(() => instEval({ threshold: 1.5 }), RangeError);
  assert.throws(() => instEval({ treshold: 4 } as object), /treshold/);
});
