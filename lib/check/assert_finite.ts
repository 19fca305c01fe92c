import { Matrix } from "ml-matrix";

/**
 * The largest factor that is allowed in a product: three of them, added up however often, do not
 * overflow.
 */
export const LARGEST_FACTOR = 1e100;

/**
 * Throws unless `value` is a matrix with at least one row and one column, all of it finite.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the matrix, as the caller knows it.
 * @param value The matrix to check.
 * @param largest The largest magnitude of an entry that is allowed; unbounded by default.
 * @throws {TypeError} If the value is no ml-matrix `Matrix`.
 * @throws {RangeError} If it is empty, or an entry is NaN, infinite or too large (the first such is named).
 *
 * @example
 * ```ts
 * import { assertFinite } from "./assert_finite.ts";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertFinite("compare rows", "e", new Matrix([[1, NaN]])),
 *   /Cannot compare rows: e must be finite, entry \(0, 1\) is NaN/,
 * );
 * ```
 */
export function assertFinite(
  action: string,
  name: string,
  value: unknown,
  largest: number = Number.MAX_VALUE,
): asserts value is Matrix {
  if (!Matrix.isMatrix(value)) {
    throw new TypeError(`Cannot ${action}: ${name} must be an ml-matrix Matrix`);
  }
  const { rows, columns } = value;
  if (rows === 0 || columns === 0) {
    throw new RangeError(
      `Cannot ${action}: ${name} must not be empty, its shape is ${rows} x ${columns}`,
    );
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const entry = value.get(i, j);
      if (Math.abs(entry) <= largest) continue;
      if (Number.isFinite(entry)) {
        throw new RangeError(
          `Cannot ${action}: ${name} must be at most ${largest} in size, entry (${i}, ${j}) is ${entry}`,
        );
      }
      throw new RangeError(
        `Cannot ${action}: ${name} must be finite, entry (${i}, ${j}) is ${entry}`,
      );
    }
  }
}
