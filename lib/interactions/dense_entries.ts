import { Matrix } from "ml-matrix";
import { describe } from "../check/describe.ts";

/** The entries of a dense matrix that are not zero, one after the other. */
export interface DenseEntries {
  rows: number;
  columns: number;
  /** The row of each. */
  users: number[];
  /** The column of each. */
  items: number[];
  values: number[];
}

/**
 * Reads a dense matrix, users x items.
 *
 * @param x A matrix, or an array of rows of equal length.
 * @returns Its shape, and the entries that are not zero, row by row.
 * @throws {TypeError} If x is neither, or has an entry that is not a number.
 * @throws {RangeError} If x is empty or ragged, or has an entry that is missing or not finite.
 */
export function denseEntries(x: Matrix | readonly (readonly number[])[]): DenseEntries {
  const rows = Matrix.isMatrix(x) ? x.to2DArray() : x;
  assertRows(rows);
  const users: number[] = [], items: number[] = [], values: number[] = [];
  rows.forEach((row, u) => {
    if (row.length !== rows[0].length) {
      throw new RangeError(
        `Cannot read interactions: every row must have ${rows[0].length} entries like the ` +
          `first, row ${u} has ${row.length}`,
      );
    }
    // Not forEach, which passes over the holes of an array.
    for (let i = 0; i < row.length; i++) {
      const value = row[i];
      assertEntry(value, u, i);
      if (value === 0) continue;
      users.push(u);
      items.push(i);
      values.push(value);
    }
  });
  return { rows: rows.length, columns: rows[0].length, users, items, values };
}

function assertRows(rows: unknown): asserts rows is unknown[][] {
  if (!Array.isArray(rows)) {
    throw new TypeError("Cannot read interactions: x must be a Matrix or an array of rows");
  }
  for (let u = 0; u < rows.length; u++) {
    if (rows[u] === undefined) {
      throw new RangeError(`Cannot read interactions: row ${u} is missing`);
    }
    if (!Array.isArray(rows[u])) {
      throw new TypeError(
        "Cannot read interactions: x must be a Matrix or an array of rows, row " +
          `${u} is ${describe(rows[u])}`,
      );
    }
  }
  if (rows.length === 0 || rows[0].length === 0) {
    throw new RangeError("Cannot read interactions: x must have at least one user and one item");
  }
}

function assertEntry(value: unknown, u: number, i: number): asserts value is number {
  if (value === undefined) {
    throw new RangeError(`Cannot read interactions: entry (${u}, ${i}) is missing`);
  }
  const message = `Cannot read interactions: entries must be finite numbers, entry (${u}, ${i}) is`;
  if (typeof value !== "number") throw new TypeError(`${message} ${describe(value)}`);
  if (!Number.isFinite(value)) throw new RangeError(`${message} ${value}`);
}
