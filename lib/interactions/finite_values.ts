import { describe } from "../check/describe.ts";

/**
 * Reads a column of weights.
 *
 * @param column The entries.
 * @param name The name of the column, for messages.
 * @returns The weights.
 * @throws {TypeError} If an entry is not a number.
 * @throws {RangeError} If one is missing, not finite, or an integer too large for a number.
 */
export function finiteValues(column: readonly unknown[], name: string): number[] {
  return column.map((value, row) => finite(value, name, row));
}

function finite(value: unknown, column: string, row: number): number {
  const message = "Cannot read interactions: values must be finite numbers, " +
    `column "${column}" has ${describe(value)} in row ${row}`;
  if (typeof value === "bigint") {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw new RangeError(`${message}, which is too large to be exact: cast the column to Float64`);
  }
  // A gap in the table is a missing value, not one of another kind.
  const missing = value === null || value === undefined;
  if (!missing && typeof value !== "number") {
    throw new TypeError(`${message}: cast the column to Float64`);
  }
  if (!Number.isFinite(value)) throw new RangeError(message);
  return value as number;
}
