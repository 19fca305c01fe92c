import type { CompressedRows } from "./compressed_rows.ts";
import { Crew, crewSize } from "../kernels/crew.ts";
import multiplyRowsWasm from "./multiply_rows_wasm.ts";

/** How many columns the kernel takes at once. */
const STRIP = 4;

/** How many rows of X are spread out at once: they stay in the cache. */
const ROWS = 32;

/** Below this many multiplications, workers take longer to start than they save. */
const WORTH_WORKERS = 5e8;

/** The most that XᵀX may take of the kernel's memory, of which there is 4 GiB. */
const MOST_BYTES = 2 ** 31;

/** How many zeros of X are multiplied in the time that a pair of nonzeros takes to visit. */
const ZEROS_PER_VISIT = 10;

/**
 * Adds XᵀX of a sparse matrix that is not sparse at all: a few rows of X at a time are spread out,
 * zeros and all, and multiplied as a dense matrix. Each product is added in the order of the rows.
 *
 * @param x A matrix, n x p, with values.
 * @param upper What is on and above the diagonal is added to, p x p, row by row.
 * @param threads How many threads multiply; by default one for each core where it pays.
 */
export function addGramProducts(x: CompressedRows, upper: Float64Array, threads?: number): void {
  const { columns, rows, rowStarts, columnIndices } = x;
  const worthWorkers = rows * columns ** 2 / 2 >= WORTH_WORKERS;
  using crew = new Crew(multiplyRowsWasm, threads ?? (worthWorkers ? crewSize() : 1));
  const strips = Math.ceil(columns / STRIP);
  const width = strips * STRIP;
  const stride = width * 8;
  const spread = crew.allocate(ROWS * stride);
  const out = crew.allocate(width * stride);
  const dense = crew.float64(spread, ROWS * width);
  const sums = crew.float64(out, width * width);
  for (let i = 0; i < columns; i++) {
    sums.set(upper.subarray(i * columns + i, (i + 1) * columns), i * width + i);
  }
  for (let first = 0; first < rows; first += ROWS) {
    const k = Math.min(ROWS, rows - first);
    dense.fill(0);
    for (let u = 0; u < k; u++) {
      const end = rowStarts[first + u + 1];
      for (let t = rowStarts[first + u]; t < end; t++) {
        dense[u * width + columnIndices[t]] = x.values === null ? 1 : x.values[t];
      }
    }
    crew.run("multiplyTriangle", strips, spread, stride, k, width, out);
  }
  for (let i = 0; i < columns; i++) {
    upper.set(sums.subarray(i * width + i, i * width + columns), i * columns + i);
  }
  crew.closeAndLend();
}

/**
 * Whether spreading rows out takes less time than visiting the pairs of each row.
 *
 * @param x A matrix with values.
 */
export function prefersProducts({ rows, columns, rowStarts }: CompressedRows): boolean {
  if (columns ** 2 * 8 > MOST_BYTES) return false;
  let pairs = 0;
  for (let i = 0; i < rows; i++) pairs += (rowStarts[i + 1] - rowStarts[i]) ** 2;
  return columns ** 2 * rows < ZEROS_PER_VISIT * pairs;
}
