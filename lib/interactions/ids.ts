import { InputRangeError, InputTypeError } from "../errors.ts";
import { anything, describe, optional, text } from "../check.ts";

/** The name of a user or an item in the data that it came from. */
export type Id = string | number | bigint | boolean;

/**
 * Numbers the ids of a column: the distinct ones in ascending order.
 *
 * @param column The ids, one for each row of a table.
 * @param name The name of the column, for messages.
 * @returns The distinct ids, and for each row the index of its id among them.
 * @throws {TypeError} If an id is not a string, number, bigint or boolean.
 * @throws {RangeError} If an id is missing, or an integer that a number cannot hold exactly.
 */
export function indexIds(column: readonly unknown[], name: string): { ids: Id[]; index: number[] } {
  column.forEach((id, row) => assertId(id, name, row));
  const ids = [...new Set(column as Id[])].sort((a, b) => a < b ? -1 : 1);
  const position = new Map(ids.map((id, i) => [id, i]));
  return { ids, index: column.map((id) => position.get(id as Id)!) };
}

/** Whether a value can be an id: of a kind that equals itself, and not NaN. */
export function isId(value: unknown): value is Id {
  return ["string", "number", "bigint", "boolean"].includes(typeof value) && !Number.isNaN(value);
}

/** Objects are not ids: two equal dates are two objects, and would be two users. */
function assertId(id: unknown, column: string, row: number): asserts id is Id {
  if (id === null || id === undefined || Number.isNaN(id)) {
    throw new InputRangeError(
      `Cannot read interactions: ids must not be missing, column "${column}" has none in row ${row}`,
    );
  }
  if (!isId(id)) {
    throw new InputTypeError(
      "Cannot read interactions: ids must be strings, numbers, bigints or booleans, column " +
        `"${column}" has ${describe(id)} in row ${row}: cast the column to a string`,
    );
  }
  if (typeof id === "number" && Math.abs(id) > Number.MAX_SAFE_INTEGER) {
    throw new InputRangeError(
      "Cannot read interactions: integers as ids must be at most 2^53 - 1, beyond which several become " +
        `one number, column "${column}" has ${id} in row ${row}: cast the column to a string before ` +
        `it becomes numbers, df.withColumn(pl.col("${column}").cast(pl.Utf8))`,
    );
  }
}

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
    throw new InputTypeError(
      "Cannot read interactions: df must be a DataFrame, with columns and getColumn(name).toArray()",
    );
  }
  if (typeof name !== "string") {
    throw new InputTypeError(
      "Cannot read interactions: columns must name the columns of user and item, as in " +
        `{ user: "who", item: "what" }, one name is ${describe(name)}`,
    );
  }
  if (!df.columns.includes(name)) {
    throw new InputRangeError(
      `Cannot read interactions: there is no column "${name}", the table has ` +
        df.columns.map((column) => `"${column}"`).join(", "),
    );
  }
  const column = df.getColumn(name);
  if (typeof column?.toArray !== "function") {
    throw new InputTypeError(
      "Cannot read interactions: df.getColumn must give a column with toArray(), it gave " +
        describe(column),
    );
  }
  return Array.from(column.toArray());
}

/**
 * What to do about a (user, item) pair that occurs more than once: `"refuse"` it as an error,
 * count it `"once"`, or take the `"sum"` of its values (how often it occurs, where there are no values).
 */
export type Repeats = "refuse" | "once" | "sum";

/** The options by which a table of interactions is read; {@linkcode assertRepeats} checks the last one. */
export const TABLE_OPTIONS = {
  user: text(),
  item: text(),
  value: optional(text()),
  repeats: anything<Repeats>("refuse"),
};

/**
 * Throws unless `repeats` is one of the three, and not `"once"` where each repeat has a value of its own.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param repeats The value to check.
 * @param value The column of values, if any.
 * @throws {RangeError} If it is none of them, or cannot be.
 *
 * @example
 * ```ts
 * import { assertRepeats } from "./ids.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertRepeats("read interactions", "once", "rating"),
 *   /Cannot read interactions: repeats must not be "once" where there are values/,
 * );
 * ```
 */
export function assertRepeats(
  action: string,
  repeats: unknown,
  value: string | undefined,
): asserts repeats is Repeats {
  if (repeats !== "refuse" && repeats !== "once" && repeats !== "sum") {
    throw new InputRangeError(
      `Cannot ${action}: repeats must be "refuse", "once" or "sum", current value is ` +
        describe(repeats),
    );
  }
  if (repeats === "once" && value !== undefined) {
    throw new InputRangeError(
      `Cannot ${action}: repeats must not be "once" where there are values, which may differ; ` +
        `"sum" adds them`,
    );
  }
}
