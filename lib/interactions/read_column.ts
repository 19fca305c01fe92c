import type { DataFrame } from "nodejs-polars";
import { describe } from "../linalg/describe.ts";

/**
 * Reads one column of a DataFrame.
 *
 * @param df The table.
 * @param name The name of the column.
 * @returns Its entries, in order.
 * @throws {TypeError} If df is no DataFrame, or name no string.
 * @throws {RangeError} If it has no such column; the message lists those it has.
 */
export function readColumn(df: DataFrame, name: string): readonly unknown[] {
  if (typeof df?.getColumn !== "function") {
    throw new TypeError("Cannot read interactions: df must be a nodejs-polars DataFrame");
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
        df.columns.map((column: string) => `"${column}"`).join(", "),
    );
  }
  return df.getColumn(name).toArray();
}
