import type { Crew } from "../kernels/crew.ts";
import { PANEL, panelIndex } from "./panels.ts";
import type { TridiagonalEigen } from "./rotated_vectors.ts";
import { tridiagonalRounding } from "./tridiagonal_rounding.ts";
import type { Exports } from "./tridiagonal_eigen_wasm.ts";

/**
 * The leading eigenpairs of a symmetric tridiagonal matrix: its eigenvalues by QL without square roots,
 * and the vectors by inverse iteration, each orthogonal to those before it.
 *
 * @param crew Its memory holds the matrix, and goes on holding it.
 * @param d Where the diagonal is, p numbers.
 * @param e Where that beside it is, p − 1 numbers.
 * @param rank How many pairs, 1 to p.
 * @returns They, or `null` where one of them did not come about: its residual stayed above rounding.
 */
export function iteratedVectors(
  crew: Crew<Exports>,
  p: number,
  d: number,
  e: number,
  rank: number,
): TridiagonalEigen | null {
  const diagonal = crew.float64(d, p).slice(), beside = crew.float64(e, p - 1).slice();
  const small = tridiagonalRounding(diagonal, beside);
  const all = crew.place(diagonal);
  if (crew.call("findEigenvalues", p, all, crew.place(beside), small) < p) return null;
  const values = crew.float64(all, p).slice().sort().reverse().slice(0, rank);
  const stride = Math.ceil(p / 8) * 64;
  const work = crew.allocate(5 * stride);
  const rows = crew.allocate(rank * stride);
  const at = crew.place(values);
  if (crew.call("iterateInversely", rank, p, d, e, at, small, work, stride, rows) < rank) {
    return null;
  }
  const count = Math.ceil(rank / PANEL) * p * PANEL;
  const panels = crew.allocate(count * 8);
  const vectors = crew.float64(rows, rank * stride / 8), numbers = crew.float64(panels, count);
  for (let j = 0; j < rank; j++) {
    for (let i = 0; i < p; i++) numbers[panelIndex(p, i, j)] = vectors[j * stride / 8 + i];
  }
  return { values, panels };
}
