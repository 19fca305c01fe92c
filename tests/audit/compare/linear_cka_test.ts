import assert from "node:assert/strict";
import fc from "../../fast_check.ts";
import type { Matrix } from "ml-matrix";
import { linearCka } from "../../../lib/audit/compare/agreement.ts";
import { matrices } from "../../arbitraries.ts";

/** ‖AᵀB‖² / (‖AᵀA‖ ‖BᵀB‖) of centered columns, as it is defined. */
function byDefinition(a: Matrix, b: Matrix): number {
  const [left, right] = [a, b].map((m) => m.clone().subRowVector(m.mean("column")));
  const norm = (l: Matrix, r: Matrix) => l.transpose().mmul(r).norm("frobenius");
  return norm(left, right) ** 2 / (norm(left, left) * norm(right, right));
}

const rows = (m: Matrix) => m.to2DArray().map((row) => Float64Array.from(row));

Deno.test("linearCka() is what it is defined as, by dimensions and by items", () => {
  for (const [items, dimensions] of [[9, 3], [3, 9]]) {
    const both = fc.tuple(matrices(items, dimensions), matrices(items, dimensions + 1));
    fc.assert(fc.property(both, ([a, b]) => {
      const expected = byDefinition(a, b);
      fc.pre(Number.isFinite(expected));
      assert(Math.abs(linearCka(rows(a), rows(b)) - expected) < 1e-9);
    }));
  }
});
