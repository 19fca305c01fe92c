import { describe } from "../check/describe.ts";

/** The name of a user or an item in the data that it came from. */
export type Id = string | number | bigint | boolean;

/**
 * Numbers the ids of a column: the distinct ones in ascending order.
 *
 * @param column The ids, one for each row of a table.
 * @param name The name of the column, for messages.
 * @returns The distinct ids, and for each row the index of its id among them.
 * @throws {TypeError} If an id is not a string, number, bigint or boolean.
 * @throws {RangeError} If an id is missing.
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
    throw new RangeError(
      `Cannot read interactions: ids must not be missing, column "${column}" has none in row ${row}`,
    );
  }
  if (!isId(id)) {
    throw new TypeError(
      "Cannot read interactions: ids must be strings, numbers, bigints or booleans, column " +
        `"${column}" has ${describe(id)} in row ${row}: cast the column to a string`,
    );
  }
}
