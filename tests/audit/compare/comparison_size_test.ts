import assert from "node:assert/strict";
import { comparisonSize } from "../../../lib/audit/compare/compare_embeddings.ts";

Deno.test("comparisonSize(): maps take memory where there are items to fit and to measure them", () => {
  const size = (rows: number) =>
    comparisonSize({ rows, columns: 799 }, { rows, columns: 500 }, 5000);
  assert.deepEqual(size(1009), { needed: 1000, drawn: 5000, bytes: 8 * 3 * 1009 * 1299 });
  assert.equal(size(1010).bytes, 8 * (3 * 1010 * 1299 + 32 * 799 ** 2));
  // No more than are drawn.
  assert.equal(size(1e6).bytes, size(5000).bytes);
});
