import { randomRotation } from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { polarFactor } from "../../../lib/audit/compare/agreement.ts";
import { assertClose } from "../../assert_close.ts";

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
