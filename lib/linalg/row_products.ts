import type { Matrix } from "ml-matrix";
import { Crew } from "../kernels/crew.ts";
import { flatMatrix } from "./flat_matrix.ts";
import { kernelModule } from "../kernels/kernels.ts";
import multiplyRowsWasm, { type Exports } from "./multiply_rows_wasm.ts";
import { rowArrays } from "./row_arrays.ts";

/** How many rows the kernel multiplies at once. */
const STRIP = 4;

/**
 * Computes the dot product of every row of one matrix with every row of another, EFᵀ.
 *
 * @param e The rows of E, at least one, all of one length.
 * @param f The rows of F, of the same length; those of E by default, each pair computed once.
 * @param bound Products are kept within [−bound, bound]; unbounded by default.
 * @returns EFᵀ.
 *
 * @example
 * ```ts
 * import { rowProducts } from "./row_products.ts";
 * import assert from "node:assert/strict";
 *
 * const products = rowProducts([Float64Array.of(1, 2)], [Float64Array.of(3, 4), Float64Array.of(1, 0)]);
 * assert.deepEqual(products.to2DArray(), [[11, 1]]);
 * ```
 */
export function rowProducts(
  e: readonly Float64Array[],
  f?: readonly Float64Array[],
  bound = Infinity,
): Matrix {
  const products = upperProducts(e, f);
  const rows = rowArrays(products);
  if (f === undefined) mirror(rows, bound);
  else if (bound < Infinity) rows.forEach((row) => keepWithin(row, bound));
  return products;
}

function keepWithin(row: Float64Array, bound: number): void {
  for (let j = 0; j < row.length; j++) {
    if (row[j] > bound) row[j] = bound;
    else if (row[j] < -bound) row[j] = -bound;
  }
}

/** EFᵀ, or the upper triangle of EEᵀ. */
function upperProducts(e: readonly Float64Array[], f?: readonly Float64Array[]): Matrix {
  const crew = new Crew(kernelModule(multiplyRowsWasm), 1);
  const k = e[0].length;
  const left = placeColumns(crew, e);
  const right = f === undefined ? left : placeColumns(crew, f);
  const { stride } = right;
  const strip = crew.allocate(STRIP * stride);
  const out = crew.float64(strip, STRIP * stride / 8);
  const columns = (f ?? e).length;
  const products = flatMatrix(new Float64Array(e.length * columns), columns);
  const rows = rowArrays(products);
  const to = stride / 8;
  for (let i = 0; i < e.length; i += STRIP) {
    const from = f === undefined ? i : 0;
    crew.call("multiplyRows", left.at + i * 8, left.stride, right.at, stride, k, from, to, strip);
    const count = Math.min(STRIP, e.length - i);
    for (let r = 0; r < count; r++) {
      rows[i + r].set(out.subarray(r * to + from, r * to + products.columns), from);
    }
  }
  return products;
}

/**
 * Keeps the upper triangle within [−bound, bound] and copies it into the lower one, in square blocks
 * that stay in the cache.
 */
function mirror(rows: Float64Array[], bound: number): void {
  for (let left = 0; left < rows.length; left += BLOCK) {
    for (let top = left; top < rows.length; top += BLOCK) {
      const bottom = Math.min(top + BLOCK, rows.length);
      for (let i = top; i < bottom; i++) {
        const row = rows[i];
        const right = Math.min(left + BLOCK, i + 1);
        for (let j = left; j < right; j++) {
          const value = rows[j][i];
          if (value > bound) rows[j][i] = bound;
          else if (value < -bound) rows[j][i] = -bound;
          row[j] = rows[j][i];
        }
      }
    }
  }
}

const BLOCK = 32;

/** Puts rows into the memory of the crew as columns, `stride` bytes each. */
function placeColumns(crew: Crew<Exports>, rows: readonly Float64Array[]) {
  const length = Math.ceil(rows.length / STRIP) * STRIP;
  const at = crew.allocate(rows[0].length * length * 8);
  const columns = crew.float64(at, rows[0].length * length);
  rows.forEach((row, i) => {
    for (let j = 0; j < row.length; j++) columns[j * length + i] = row[j];
  });
  return { at, stride: length * 8 };
}
