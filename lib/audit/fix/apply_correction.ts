import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../../errors.ts";
import { rowArrays, rowProducts } from "../../linalg/matrices.ts";
import { type EmbeddingRows, embeddingRows } from "../rows.ts";
import { unitRow } from "../neighbor_search.ts";
import { type Correction, correctionFault } from "./corrections.ts";

/**
 * Applies a correction to embeddings: those that it was fitted on, new items of the same model, or
 * queries that are compared with items by cosine and come from the same encoder. The users of a
 * factor model are none of these: what scores them is their dot product with items as they were.
 *
 * @param correction What {@linkcode fitCorrection} or {@linkcode chooseCorrection} returned.
 * @param items A row for each item.
 * @returns The corrected rows: a matrix of a matrix; of rows that are read in blocks, such rows, which
 * are corrected as they are read.
 * @throws {TypeError} If it is no correction, or items are of another kind.
 * @throws {RangeError} If an entry is not finite, or the items have other dimensions than it was fitted on.
 *
 * @example
 * ```ts
 * import { applyCorrection, fitCorrection } from "cosine-lab/audit";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const scores = fitCorrection(new Matrix([[0, 10], [2, 30]]), "z-scores");
 * assert.deepEqual(applyCorrection(scores, new Matrix([[4, 20]])).to2DArray(), [[3, 0]]);
 * ```
 */
export function applyCorrection(correction: Correction, items: Matrix): Matrix;
export function applyCorrection(correction: Correction, items: EmbeddingRows): EmbeddingRows;
export function applyCorrection(
  correction: Correction,
  items: Matrix | EmbeddingRows,
): Matrix | EmbeddingRows {
  const fault = correctionFault(correction);
  if (fault !== undefined) {
    throw new InputTypeError(
      `Cannot apply a correction: it must be what fitCorrection returns: ${fault}`,
    );
  }
  const rows = embeddingRows("apply a correction", "items", items);
  if (rows.columns !== correction.dimensions) {
    throw new InputRangeError(
      `Cannot apply a correction: it was fitted on vectors of ${correction.dimensions} dimensions, ` +
        `these have ${rows.columns}`,
    );
  }
  const change = rowChanger(correction);
  const columns = correction.matrix?.[0].length ?? rows.columns;
  const corrected: EmbeddingRows = {
    rows: rows.rows,
    columns,
    *blocks() {
      for (const { start, rows: count, values } of rows.blocks()) {
        const block = new Float64Array(count * columns);
        const raw = Array.from(
          { length: count },
          (_, i) => Float64Array.from(values.subarray(i * rows.columns, (i + 1) * rows.columns)),
        );
        change(raw).forEach((row, i) => block.set(row, i * columns));
        yield { start, rows: count, values: block };
      }
    },
  };
  if (!Matrix.isMatrix(items)) return corrected;
  const matrix = new Matrix(items.rows, columns);
  const out = rowArrays(matrix);
  for (const { start, rows: count, values } of corrected.blocks()) {
    for (let i = 0; i < count; i++) {
      out[start + i].set(values.subarray(i * columns, (i + 1) * columns));
    }
  }
  return matrix;
}

/** What a correction makes of rows. */
export function rowChanger(
  { mean, scale, matrix, offset, normalize }: Correction,
): (rows: readonly Float64Array[]) => Float64Array[] {
  const columns = matrix === null ? null : rowArrays(new Matrix(matrix).transpose());
  return (rows) => {
    let changed: Float64Array[] = rows.map((row) =>
      row.map((entry, c) =>
        (entry - (mean === null ? 0 : mean[c])) * (scale === null ? 1 : scale[c])
      )
    );
    if (columns !== null && changed.length > 0) changed = rowArrays(rowProducts(changed, columns));
    if (offset != null) {
      for (const row of changed) for (let c = 0; c < row.length; c++) row[c] += offset[c];
    }
    return normalize ? changed.map(unitRow) : changed;
  };
}

/** The bytes of a .npy file (format version 1.0, row by row, little-endian), piece by piece. */
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
        throw new InputRangeError(
          `Cannot write ${dtype}: row ${start + Math.floor(i / rows.columns)} holds ${values[i]}`,
        );
      }
      if (size === 4) bytes.setFloat32(i * 4, entry, true);
      else bytes.setFloat64(i * 8, entry, true);
    }
    yield new Uint8Array(bytes.buffer);
  }
}
