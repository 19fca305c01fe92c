import { Matrix } from "ml-matrix";
import blockLanczosWasm from "./block_lanczos_wasm.ts";
import type { CompressedRows } from "./compressed_rows.ts";
import { Crew, crewSize } from "../kernels/crew.ts";
import { LanczosBasis } from "./lanczos_basis.ts";
import { rowArrays } from "./row_arrays.ts";
import { type SymmetricEigen, symmetricEigen } from "./symmetric_eigen.ts";

/** How far a long factorization is. */
export interface SVDProgress {
  /** How many blocks of eight vectors XᵀX was multiplied with. */
  products: number;
  /** How many of the leading singular vectors are as accurate as was asked for. */
  converged: number;
  /** The largest relative residual of the singular vectors wanted, ‖XᵀXv − σ²v‖/σ². */
  residual: number;
}

/** What {@linkcode blockLanczos} is asked for. */
export interface LanczosOptions {
  rank: number;
  /** The largest relative residual of an eigenpair. */
  tolerance: number;
  onProgress?: (progress: SVDProgress) => void;
}

/** The width of a block. */
const WIDTH = 8;

/** How many blocks are multiplied between two looks at the residuals. */
const LOOK = 4;

/** Residuals below this share of the largest eigenvalue are rounding. */
const ROUNDING = 1e-14;

/** The number of blocks of the basis when it is full. */
const basisBlocks = (rank: number): number => Math.ceil((2.5 * rank + 64) / WIDTH);

/** Whether X has enough columns for a basis of its size. */
export function fitsLanczos(x: CompressedRows, rank: number): boolean {
  return (basisBlocks(rank) + 1) * WIDTH <= x.columns;
}

/**
 * Computes the leading eigenpairs of XᵀX without forming it, by block Lanczos with full
 * orthogonalization and thick restarts (Wu and Simon, Thick-restart Lanczos method for large
 * symmetric eigenvalue problems, 2000; in blocks).
 *
 * Needs X, and 2.5·rank + 136 vectors of p numbers. Each product with XᵀX reads X once.
 *
 * @param x A matrix, n x p, that {@linkcode fitsLanczos}.
 * @param options The rank, how accurate, and who is told of the progress.
 * @param threads How many threads compute; one for each core by default.
 * @returns The eigenpairs of the largest eigenvalues, in descending order.
 * @throws {Error} If they do not converge within 200 restarts.
 */
export function blockLanczos(
  x: CompressedRows,
  { rank, tolerance, onProgress }: LanczosOptions,
  threads: number = crewSize(),
): SymmetricEigen {
  using crew = new Crew(blockLanczosWasm, threads);
  const most = basisBlocks(rank);
  const basis = new LanczosBasis(crew, x, most);
  for (let products = 1; products <= 200 * most; products++) {
    basis.extend();
    const full = basis.blocks === most;
    const enough = basis.blocks * WIDTH >= rank + WIDTH;
    if (!full && !(enough && basis.blocks % LOOK === 0)) continue;
    const ritz = symmetricEigen(basis.projected());
    const { converged, residual } = accuracy(basis, ritz, rank, tolerance);
    onProgress?.({ products, converged, residual });
    if (converged === rank) {
      const blocks = Math.ceil(rank / WIDTH);
      basis.restart(ritz, blocks);
      const vectors = new Matrix(x.columns, rank);
      rowArrays(vectors).forEach((row, i) => {
        for (let j = 0; j < rank; j++) row[j] = basis.entry(i, j);
      });
      return { values: ritz.values.slice(0, rank), vectors };
    }
    // Half of the room beyond the rank goes to what comes next, which speeds it up most.
    if (full) basis.restart(ritz, Math.ceil((rank + most * WIDTH) / 2 / WIDTH));
  }
  throw new Error(`Cannot factorize: ${rank} singular vectors do not converge to ${tolerance}`);
}

function accuracy(basis: LanczosBasis, ritz: SymmetricEigen, rank: number, tolerance: number) {
  const residuals = basis.residuals(ritz.vectors, rank);
  const rounding = ROUNDING * ritz.values[0];
  let converged = 0, largest = 0;
  for (let i = 0; i < rank; i++) {
    const value = Math.max(ritz.values[i], 0);
    if (residuals[i] <= Math.max(tolerance * value, rounding)) converged++;
    if (residuals[i] > rounding) largest = Math.max(largest, residuals[i] / value);
  }
  return { converged, residual: largest };
}
