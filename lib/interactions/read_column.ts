import { describe } from "../check/describe.ts";

/** A table as DataFrame libraries have it, nodejs-polars for one. */
export interface ColumnTable {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** A column by its name. */
  getColumn(name: string): { toArray(): ArrayLike<unknown> };
}

/**
 * Reads one column of a DataFrame.
 *
 * @param df The table.
 * @param name The name of the column.
 * @returns Its entries, in order.
 * @throws {TypeError} If df is not a DataFrame, or name is not a string.
 * @throws {RangeError} If it has no such column; the message lists those it has.
 */
export function readColumn(df: ColumnTable, name: string): readonly unknown[] {
  if (typeof df?.getColumn !== "function" || !Array.isArray(df.columns)) {
    throw new TypeError(
      "Cannot read interactions: df must be a DataFrame, with columns and getColumn(name).toArray()",
    );
  }
  if (typeof name !== "string") {
    throw new TypeError(
      "Cannot read interactions: columns must name the columns of user and item, as in " +
        `{ user: "who", item: "what" }, one name is ${describe(name)}`,
    );
  }
  if (!df.columns.includes(name)) {
    throw new RangeError(
      `Cannot read interactions: there is no column "${name}", the table has ` +
        df.columns.map((column) => `"${column}"`).join(", "),
    );
  }
  const column = df.getColumn(name);
  if (typeof column?.toArray !== "function") {
    throw new TypeError(
      "Cannot read interactions: df.getColumn must give a column with toArray(), it gave " +
        describe(column),
    );
  }
  return Array.from(column.toArray());
}
