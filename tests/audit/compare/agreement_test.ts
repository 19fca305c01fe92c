import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { Matrix } from "ml-matrix";
import { randomRotation } from "cosine-lab";
import fc from "../../fast_check.ts";
import { assertClose } from "../../assert_close.ts";
import { linearCka, polarFactor } from "../../../lib/audit/compare/agreement.ts";
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

const [u, v] = ["u", "v"].map((seed) => randomRotation(12, seedrandom.alea(seed)));
const product = (sigma: number[]) => u.clone().mulRowVector(sigma).mmul(v.transpose());

Deno.test("polarFactor: UVᵀ, also where singular values span many orders of magnitude", () => {
  const sigma = Array.from({ length: 12 }, (_, i) => 10 ** (-0.7 * i));
  const { factor, nuclearNorm } = polarFactor(product(sigma));
  assertClose(factor, u.mmul(v.transpose()), 1e-4);
  assertClose(factor.transpose().mmul(factor), Matrix.eye(12), 1e-4);
  assertClose(nuclearNorm, sigma.reduce((a, b) => a + b), 1e-12);
});

Deno.test("polarFactor: directions that are rounding are left out", () => {
  const sigma = Array.from({ length: 12 }, (_, i) => i < 5 ? 1 / (i + 1) : 0);
  const { factor } = polarFactor(product(sigma));
  const part = (m: Matrix) => m.subMatrix(0, 11, 0, 4);
  assertClose(factor, part(u).mmul(part(v).transpose()), 1e-10);
  assert.equal(polarFactor(new Matrix(3, 2)).nuclearNorm, 0);
});
