import type { Matrix } from "ml-matrix";
import { flatMatrix } from "./flat_matrix.ts";
import { bytes, double, integer, letter } from "./fortran.ts";
import type { Lapack } from "./lapack.ts";
import { rowArrays } from "./row_arrays.ts";
import { scratch } from "./scratch.ts";
import type { SymmetricEigen } from "./symmetric_eigen.ts";

/**
 * Solves the symmetric eigenproblem by LAPACK: by `dsyevd` for all eigenpairs, by `dsyevr` for some.
 *
 * @param lapack The library.
 * @param a A symmetric matrix, p x p.
 * @param rank How many leading eigenpairs to compute.
 * @returns They, in descending order; or `null` where LAPACK did not converge.
 */
export function lapackEigen(lapack: Lapack, a: Matrix, rank: number): SymmetricEigen | null {
  const p = a.rows;
  const matrix = scratch("matrix", p * p);
  rowArrays(a).forEach((row, i) => matrix.set(row, i * p));
  // Beyond a few eigenpairs, divide and conquer for all is faster than inverse iteration for some.
  const wanted = rank > p / 4 ? p : rank;
  const pairs = wanted === p ? all(lapack, matrix, p) : some(lapack, matrix, p, wanted);
  return pairs && {
    values: pairs.values.subarray(0, wanted).reverse().slice(0, rank),
    vectors: fromColumns(pairs.vectors.subarray((wanted - rank) * p), p, rank),
  };
}

/** Eigenvalues, ascending, and the eigenvectors as columns, one after the other. */
interface Eigenpairs {
  values: Float64Array;
  vectors: Float64Array;
}

function all({ dsyevd }: Lapack, matrix: Float64Array<ArrayBuffer>, p: number): Eigenpairs | null {
  const values = new Float64Array(p);
  const work = scratch("work", 1 + 6 * p + 2 * p * p);
  const integers = 3 + 5 * p;
  const info = integer(0);
  dsyevd(
    letter("V"),
    letter("L"),
    integer(p),
    bytes(matrix),
    integer(p),
    bytes(values),
    bytes(work),
    integer(work.length),
    integer(0, integers),
    integer(integers),
    info,
    1n,
    1n,
  );
  return info.some((byte) => byte !== 0) ? null : { values, vectors: matrix };
}

function some(
  { dsyevr }: Lapack,
  matrix: Float64Array<ArrayBuffer>,
  p: number,
  wanted: number,
): Eigenpairs | null {
  const values = new Float64Array(p);
  const vectors = new Float64Array(p * wanted);
  const work = new Float64Array(66 * p);
  const info = integer(0);
  const size = integer(p);
  const unused = double(0);
  dsyevr(
    letter("V"),
    letter("I"),
    letter("L"),
    size,
    bytes(matrix),
    size,
    unused,
    unused,
    integer(p - wanted + 1),
    size,
    unused,
    integer(0),
    bytes(values),
    bytes(vectors),
    size,
    integer(0, 2 * p),
    bytes(work),
    integer(work.length),
    integer(0, 10 * p),
    integer(10 * p),
    info,
    1n,
    1n,
    1n,
  );
  return info.some((byte) => byte !== 0) ? null : { values, vectors };
}

/** The matrix whose columns are given, the last one first. */
function fromColumns(columns: Float64Array, p: number, rank: number): Matrix {
  const entries = new Float64Array(p * rank);
  // Square blocks, so that what is read and what is written both stay in the cache.
  for (let top = 0; top < p; top += BLOCK) {
    const bottom = Math.min(top + BLOCK, p);
    for (let left = 0; left < rank; left += BLOCK) {
      const right = Math.min(left + BLOCK, rank);
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) {
          entries[i * rank + j] = columns[(rank - 1 - j) * p + i];
        }
      }
    }
  }
  return flatMatrix(entries, rank);
}

const BLOCK = 32;
