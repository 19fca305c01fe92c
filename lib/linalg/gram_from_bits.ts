import type { Matrix } from "ml-matrix";
import type { CompressedRows } from "./compressed_rows.ts";
import countBitsWasm from "./count_bits_wasm.ts";
import { Crew, crewSize } from "../kernels/crew.ts";
import { flatMatrix } from "./flat_matrix.ts";

/** How many columns the kernel takes at once. */
const STRIP = 4;

/** How many times 128 bits the kernel counts at once. */
const BLOCK = 8;

/** Below this many counts of 128 bits, workers take longer to start than they save. */
const WORTH_WORKERS = 3e7;

/**
 * The Gram matrix of a binary matrix: columns are packed into bits, and
 * G_ij = popcount(x_i AND x_j), 128 rows at a time. Takes p²n/256 such counts, whatever the
 * density.
 *
 * @param x A binary matrix, n x p; its values are not looked at.
 * @param threads How many threads count; by default one for each core where it pays.
 * @returns G = XᵀX, p x p.
 */
export function gramFromBits(x: CompressedRows, threads?: number): Matrix {
  const { columns } = x;
  const vectors = Math.ceil(x.rows / 128 / BLOCK) * BLOCK;
  const worthWorkers = columns ** 2 * vectors / 2 >= WORTH_WORKERS;
  using crew = new Crew(
    countBitsWasm,
    threads ?? (worthWorkers ? crewSize() : 1),
  );
  const strips = Math.ceil(columns / STRIP);
  const bits = crew.allocate(strips * STRIP * vectors * 16);
  const counts = crew.allocate(columns ** 2 * 8);
  packColumns(x, crew.uint32(bits, columns * vectors * 4), vectors * 4);
  crew.run("countBits", strips, bits, columns, vectors, counts);
  const entries = new Float64Array(columns ** 2);
  entries.set(crew.float64(counts, columns ** 2));
  crew.closeAndLend();
  return flatMatrix(entries, columns);
}

function packColumns(x: CompressedRows, bits: Uint32Array, words: number): void {
  const { columnIndices, rowStarts } = x;
  for (let i = 0; i < x.rows; i++) {
    const word = i >>> 5;
    const bit = 1 << (i & 31);
    const end = rowStarts[i + 1];
    for (let t = rowStarts[i]; t < end; t++) bits[columnIndices[t] * words + word] |= bit;
  }
}
