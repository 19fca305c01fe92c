import { Matrix } from "ml-matrix";
import type { Lapack } from "./lapack.ts";
import { rowArrays } from "./row_arrays.ts";
import type { SymmetricEigen } from "./symmetric_eigen.ts";

/**
 * Solves the symmetric eigenproblem by LAPACK's `dsyevr`.
 *
 * @param lapack The library.
 * @param a A symmetric matrix, p x p.
 * @param rank How many leading eigenpairs to compute.
 * @returns They, in descending order; or `null` where LAPACK did not converge.
 */
export function lapackEigen({ dsyevr }: Lapack, a: Matrix, rank: number): SymmetricEigen | null {
  const p = a.rows;
  // Beyond a few eigenpairs, computing all of them by relatively robust representations is faster
  // than inverse iteration for some.
  const wanted = rank > p / 4 ? p : rank;
  const matrix = new Float64Array(p * p);
  rowArrays(a).forEach((row, i) => matrix.set(row, i * p));
  const values = new Float64Array(p);
  const vectors = new Float64Array(p * wanted);
  const work = new Float64Array(66 * p);
  const integers = integer(0, 10 * p);
  const count = integer(0);
  const info = integer(0);
  const size = integer(p);
  const unused = bytes(new Float64Array(1));
  dsyevr(
    letter("V"),
    letter(wanted === p ? "A" : "I"),
    letter("L"),
    size,
    bytes(matrix),
    size,
    unused,
    unused,
    integer(p - wanted + 1),
    size,
    unused,
    count,
    bytes(values),
    bytes(vectors),
    size,
    integer(0, 2 * p),
    bytes(work),
    integer(work.length),
    integers,
    integer(10 * p),
    info,
    1n,
    1n,
    1n,
  );
  if (info.some((byte) => byte !== 0)) return null;
  return {
    values: values.subarray(0, wanted).reverse().slice(0, rank),
    vectors: fromColumns(vectors.subarray((wanted - rank) * p), p, rank),
  };
}

/** The matrix whose columns are given, the last one first. */
function fromColumns(columns: Float64Array, p: number, rank: number): Matrix {
  const V = new Matrix(p, rank);
  const rows = rowArrays(V);
  // Some rows at a time, so that what is written stays in the cache.
  for (let from = 0; from < p; from += 32) {
    const to = Math.min(from + 32, p);
    for (let j = 0; j < rank; j++) {
      const column = (rank - 1 - j) * p;
      for (let i = from; i < to; i++) rows[i][j] = columns[column + i];
    }
  }
  return V;
}

/**
 * An integer argument, or room for several, 8 bytes each: libraries with 32-bit integers read the
 * lower half, those with 64-bit integers all of it.
 */
function integer(value: number, length = 1): Uint8Array<ArrayBuffer> {
  const integers = new BigInt64Array(length);
  integers[0] = BigInt(value);
  return bytes(integers);
}

function letter(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(text.charCodeAt(0));
}

function bytes({ buffer }: { buffer: ArrayBuffer }): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}
