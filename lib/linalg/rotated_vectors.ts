import type { Crew } from "../kernels/crew.ts";
import { PANEL, panelIndex } from "./panels.ts";
import { tridiagonalRounding } from "./tridiagonal_rounding.ts";
import type { Exports } from "./tridiagonal_eigen_wasm.ts";

/** Eigenvalues of a tridiagonal matrix, and where their eigenvectors are in a crew's memory. */
export interface TridiagonalEigen {
  /** The eigenvalues, in descending order. */
  values: Float64Array;
  /** Where the eigenvectors are, in panels. */
  panels: number;
}

/** The most sweeps that the kernel spends on one eigenvalue. */
const MOST_SWEEPS = 51;

/** How many calls a long loop is cut into: code that runs hot is compiled better between calls. */
const PIECES = 24;

/**
 * The leading eigenpairs of a symmetric tridiagonal matrix by implicit QL: its rotations are written
 * down, and applied to the vectors that are wanted alone.
 *
 * @param crew Its memory holds the matrix.
 * @param d Where the diagonal is, p numbers; its order is lost.
 * @param e Where that beside it is, p − 1 numbers; lost.
 * @param rank How many pairs, 1 to p.
 * @throws {Error} If QL does not converge, which no finite matrix is known to bring about.
 */
export function rotatedVectors(
  crew: Crew<Exports>,
  p: number,
  d: number,
  e: number,
  rank: number,
): TridiagonalEigen {
  const found = diagonalize(crew, p, d, e);
  const diagonal = crew.float64(d, p).slice();
  const order = Array.from(diagonal.keys());
  order.sort((i, j) => diagonal[j] - diagonal[i]).length = rank;
  const count = Math.ceil(rank / PANEL);
  const panels = crew.allocate(count * p * PANEL * 8);
  const numbers = crew.float64(panels, count * p * PANEL);
  order.forEach((row, j) => numbers[panelIndex(p, row, j)] = 1);
  let end = found.rotations + found.rotationCount * 16;
  const sweeps = crew.uint32(found.sweeps, found.sweepCount * 2);
  for (let to = found.sweepCount; to > 0;) {
    const from = Math.max(0, to - Math.ceil(found.sweepCount / PIECES));
    crew.run("rotate", count, p, panels, from, to, found.sweeps, end);
    for (; to > from; to--) end -= (sweeps[2 * to - 1] - sweeps[2 * to - 2]) * 16;
  }
  return { values: Float64Array.from(order, (i) => diagonal[i]), panels };
}

/** Turns the matrix into its eigenvalues, in d, and writes down the rotations that it took. */
function diagonalize(crew: Crew<Exports>, p: number, d: number, e: number) {
  const sweeps = crew.allocate(MOST_SWEEPS * p * 8);
  const rotations = crew.allocate(0);
  const negligible = tridiagonalRounding(crew.float64(d, p), crew.float64(e, p - 1));
  let room = 0, sweepCount = 0, rotationCount = 0;
  for (let l = 0; l < p; l++) {
    const needed = rotationCount + MOST_SWEEPS * (p - l) - room;
    if (needed > 0) {
      // What is allocated next follows without a gap, by multiples of a cache line.
      const more = Math.ceil(needed / 4) * 4;
      crew.allocate(more * 16);
      room += more;
    }
    const end = rotations + rotationCount * 16;
    const count = crew.call("findEigenvalue", l, p, d, e, negligible, end, sweeps + sweepCount * 8);
    if (count < 0) throw new Error(`Cannot factorize: eigenvalue ${l} does not converge`);
    const rows = crew.uint32(sweeps + sweepCount * 8, count * 2);
    for (let s = 0; s < count; s++) rotationCount += rows[2 * s + 1] - rows[2 * s];
    sweepCount += count;
  }
  return { sweeps, sweepCount, rotations, rotationCount };
}
