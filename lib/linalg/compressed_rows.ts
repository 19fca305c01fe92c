import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertObject } from "../check.ts";

/**
 * A sparse matrix in compressed sparse row (CSR) form.
 *
 * Row `i` has its nonzeros in columns `columnIndices[rowStarts[i]]` to
 * `columnIndices[rowStarts[i + 1] - 1]`, in ascending order and without repetition.
 */
export interface CompressedRows {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** Where each row starts, and where the last one ends; length `rows + 1`. */
  readonly rowStarts: Uint32Array;
  /** The column of each nonzero, row by row; up to 65,536 columns fit 16 bits. */
  readonly columnIndices: Uint16Array | Uint32Array;
  /** The value of each nonzero, or `null` where all of them are 1. */
  readonly values: Float64Array | null;
}

/**
 * Throws unless the arrays are those of a compressed sparse row matrix, as {@linkcode CompressedRows}
 * describes it. It is checked once.
 *
 * @param compressed The matrix.
 * @throws {TypeError} If one of the arrays is of another kind.
 * @throws {RangeError} If the arrays do not fit each other, or a value is not finite.
 *
 * @example
 * ```ts
 * import { assertCompressed } from "./compressed_rows.ts";
 * import assert from "node:assert/strict";
 *
 * const rowStarts = Uint32Array.of(0, 1), columnIndices = Uint32Array.of(2);
 * const x = { rows: 1, columns: 3, rowStarts, columnIndices, values: null };
 * assertCompressed(x);
 * assert.throws(() => assertCompressed({ ...x, columns: 2 }), /must ascend within 0 to 1/);
 * ```
 */
export function assertCompressed(compressed: CompressedRows): void {
  assertObject("make interactions", "rows", compressed);
  if (checked.has(compressed)) return;
  const { rows, columns, rowStarts, columnIndices, values } = compressed;
  const kinds = rowStarts instanceof Uint32Array &&
    (columnIndices instanceof Uint32Array || columnIndices instanceof Uint16Array) &&
    (values === null || values instanceof Float64Array);
  if (!kinds) {
    throw new InputTypeError(
      "Cannot make interactions: rowStarts must be a Uint32Array, columnIndices a Uint32Array or " +
        "Uint16Array, values a Float64Array or null",
    );
  }
  const fits = Number.isInteger(rows) && Number.isInteger(columns) && rows >= 1 && columns >= 1 &&
    rowStarts.length === rows + 1 && rowStarts[0] === 0 &&
    rowStarts[rows] === columnIndices.length &&
    (values === null || values.length === columnIndices.length);
  if (!fits) {
    throw new InputRangeError(
      `Cannot make interactions: the arrays do not describe a ${rows} x ${columns} matrix`,
    );
  }
  for (let u = 0; u < rows; u++) {
    if (rowStarts[u + 1] < rowStarts[u]) {
      throw new InputRangeError(
        `Cannot make interactions: rowStarts must not descend, entry ${u + 1} is ` +
          `${rowStarts[u + 1]} after ${rowStarts[u]}`,
      );
    }
    let last = -1;
    for (let t = rowStarts[u]; t < rowStarts[u + 1]; t++) {
      if (columnIndices[t] <= last || columnIndices[t] >= columns) {
        throw new InputRangeError(
          `Cannot make interactions: the items of user ${u} must ascend within 0 to ${columns - 1}`,
        );
      }
      last = columnIndices[t];
    }
  }
  values?.forEach((value, t) => {
    if (Number.isFinite(value)) return;
    throw new InputRangeError(
      `Cannot make interactions: value ${t} must be finite, it is ${value}`,
    );
  });
  checked.add(compressed);
}

/** What was checked before: what does not change is not looked at again. */
const checked = new WeakSet<CompressedRows>();
