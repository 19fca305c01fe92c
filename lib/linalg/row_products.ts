import type { Matrix } from "ml-matrix";
import { Crew, crewSize } from "../kernels/crew.ts";
import { flatMatrix } from "./flat_matrix.ts";
import multiplyRowsWasm, { type Exports } from "./multiply_rows_wasm.ts";

/** How many rows the kernel multiplies at once. */
const STRIP = 4;

/** How many rows are multiplied before they are copied: they, and what they mirror, stay cached. */
const GROUP = 128;

/** How many rows become columns at once: as many numbers as a line of the cache has. */
const LINE = 8;

/** Below this many multiplications, workers take longer to start than they save. */
const WORTH_WORKERS = 5e8;

/**
 * Computes the dot product of every row of one matrix with every row of another, EFᵀ.
 *
 * @param e The rows of E, at least one, all of one length.
 * @param f The rows of F, of the same length; those of E by default, each pair computed once.
 * @param bound Products are kept within [−bound, bound]; unbounded by default.
 * @param threads How many threads multiply; by default one for each core where it pays.
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
  threads?: number,
): Matrix {
  const k = e[0].length;
  const width = (f ?? e).length;
  const worthWorkers = e.length * width * k >= WORTH_WORKERS;
  using crew = new Crew(
    multiplyRowsWasm,
    threads ?? (worthWorkers ? crewSize() : 1),
  );
  const left = placeColumns(crew, e);
  const right = f === undefined ? left : placeColumns(crew, f);
  const { stride } = right;
  const to = stride / 8;
  const out = crew.allocate(GROUP * stride);
  const mirror = f === undefined ? crew.allocate(to * GROUP * 8) : 0;
  const rows = crew.float64(out, GROUP * to);
  const columns = crew.float64(mirror, f === undefined ? to * GROUP : 0);
  const products = new Float64Array(e.length * width);
  for (let first = 0; first < e.length; first += GROUP) {
    const count = Math.min(GROUP, e.length - first);
    const from = f === undefined ? first : 0;
    const factors = [left.at + first * 8, left.stride, right.at, stride, k, from, to] as const;
    crew.run(
      "multiplyRows",
      Math.ceil(count / STRIP),
      ...factors,
      out,
      mirror,
      GROUP * 8,
      0,
      bound,
    );
    for (let r = 0; r < count; r++) {
      products.set(rows.subarray(r * to + from, r * to + width), (first + r) * width + from);
    }
    if (f !== undefined) continue;
    for (let j = first + count; j < width; j++) {
      const at = (j - first) * GROUP;
      products.set(columns.subarray(at, at + count), j * width + first);
    }
  }
  crew.closeAndLend();
  return flatMatrix(products, width);
}

/** Puts rows into the memory of the crew as columns, `stride` bytes each. */
function placeColumns(crew: Crew<Exports>, rows: readonly Float64Array[]) {
  const length = Math.ceil(rows.length / STRIP) * STRIP;
  const at = crew.allocate(rows[0].length * length * 8);
  const columns = crew.float64(at, rows[0].length * length);
  for (let i = 0; i < rows.length; i += LINE) {
    const group = rows.slice(i, i + LINE);
    for (let j = 0; j < rows[0].length; j++) {
      for (let r = 0; r < group.length; r++) columns[j * length + i + r] = group[r][j];
    }
  }
  return { at, stride: length * 8 };
}
