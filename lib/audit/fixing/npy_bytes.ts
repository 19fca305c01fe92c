import type { EmbeddingRows } from "../embedding_rows.ts";

/**
 * The bytes of a .npy file (format version 1.0, row by row, little-endian), piece by piece.
 *
 * @param rows What to write; it is read block by block.
 * @param dtype How numbers are stored.
 * @throws {RangeError} If a number is not finite, or not as float32.
 *
 * @example
 * ```ts
 * import { npyBytes } from "./npy_bytes.ts";
 * import { rowsInMemory } from "../embedding_rows.ts";
 * import assert from "node:assert/strict";
 *
 * const [header, row] = npyBytes(rowsInMemory(Float64Array.of(1, 2), 2), "float32");
 * assert.equal(header.length % 64, 0);
 * assert.deepEqual([...new Float32Array(row.slice().buffer)], [1, 2]);
 * ```
 */
export function* npyBytes(
  rows: EmbeddingRows,
  dtype: "float32" | "float64",
): Generator<Uint8Array> {
  const size = dtype === "float32" ? 4 : 8;
  const dictionary =
    `{'descr': '<f${size}', 'fortran_order': False, 'shape': (${rows.rows}, ${rows.columns}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = new TextEncoder().encode(
    `      ${"".padEnd(4)}${dictionary.padEnd(length - 11)}\n`,
  );
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  yield header;
  for (const { start, rows: count, values } of rows.blocks()) {
    const bytes = new DataView(new ArrayBuffer(count * rows.columns * size));
    for (let i = 0; i < values.length; i++) {
      const entry = size === 4 ? Math.fround(values[i]) : values[i];
      if (!Number.isFinite(entry)) {
        throw new RangeError(
          `Cannot write ${dtype}: row ${start + Math.floor(i / rows.columns)} holds ${values[i]}`,
        );
      }
      if (size === 4) bytes.setFloat32(i * 4, entry, true);
      else bytes.setFloat64(i * 8, entry, true);
    }
    yield new Uint8Array(bytes.buffer);
  }
}
