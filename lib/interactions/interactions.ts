import { Matrix } from "ml-matrix";
import type { CompressedRows } from "../linalg/compressed_rows.ts";
import { assertObject } from "../check/assert_object.ts";
import { describe } from "../check/describe.ts";
import { assertCompressed } from "./assert_compressed.ts";
import { compressRows } from "./compress_rows.ts";
import { type ColumnTable, readColumn } from "./read_column.ts";

/** The columns of a DataFrame that hold an interaction each. */
export interface InteractionColumns {
  /** The column with the user of an interaction. */
  user: string;
  /** The column with the item of an interaction. */
  item: string;
  /** The column with its weight; without one, every interaction counts 1. */
  value?: string;
}

/** The name of a user or an item in the data that it came from. */
export type Id = string | number | bigint | boolean;

/**
 * X, the sparse n x p matrix of who interacted with what (section 2): users are rows, items are
 * columns. Binary unless values are given. It does not change once made.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0, 1], [0, 1, 1]]);
 * assert.equal(x.users, 2);
 * assert.equal(x.items, 3);
 * assert.equal(x.nonzeros, 4);
 * ```
 */
export class Interactions implements CompressedRows {
  /** n, the number of users. */
  readonly users: number;
  /** p, the number of items. */
  readonly items: number;
  readonly rowStarts: Uint32Array;
  readonly columnIndices: Uint32Array;
  readonly values: Float64Array | null;
  /** The id of each row, where the data came with ids. */
  readonly userIds: readonly Id[] | null;
  /** The id of each column, where the data came with ids. */
  readonly itemIds: readonly Id[] | null;

  /**
   * Takes over the arrays of a compressed sparse row matrix.
   *
   * @param rows The matrix; its arrays are used as they are, without a copy.
   * @param ids The ids of its rows and columns.
   * @throws {TypeError} If one of the arrays is of another kind.
   * @throws {RangeError} If the arrays do not fit each other: see {@linkcode CompressedRows}; or there
   * is not an id for each row and column.
   */
  constructor(rows: CompressedRows, ids?: { users: readonly Id[]; items: readonly Id[] }) {
    assertCompressed(rows);
    assertIds("users", ids?.users, rows.rows);
    assertIds("items", ids?.items, rows.columns);
    this.users = rows.rows;
    this.items = rows.columns;
    this.rowStarts = rows.rowStarts;
    this.columnIndices = rows.columnIndices;
    this.values = rows.values;
    this.userIds = ids?.users ?? null;
    this.itemIds = ids?.items ?? null;
  }

  /** The number of rows, n: the same as `users`. */
  get rows(): number {
    return this.users;
  }

  /** The number of columns, p: the same as `items`. */
  get columns(): number {
    return this.items;
  }

  /** The number of interactions. */
  get nonzeros(): number {
    return this.columnIndices.length;
  }

  /**
   * Makes interactions of a dense matrix, users x items. Zeros are not stored; where every other
   * entry is 1, the interactions are binary.
   *
   * @param x A matrix, or an array of rows of equal length.
   * @throws {TypeError} If x is neither, or has an entry that is no number.
   * @throws {RangeError} If x is empty or ragged, or has an entry that is missing or not finite.
   *
   * @example
   * ```ts
   * import { Interactions } from "cosine-lab";
   * import assert from "node:assert/strict";
   *
   * const ratings = Interactions.fromDense([[5, 0], [0, 3]]);
   * assert.deepEqual([...ratings.values!], [5, 3]);
   * ```
   */
  static fromDense(x: Matrix | readonly (readonly number[])[]): Interactions {
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
    return new Interactions(compressRows(rows.length, rows[0].length, { users, items, values }));
  }

  /**
   * Makes interactions of a table with one row for each of them.
   *
   * The distinct ids of users and of items, in ascending order, become rows and columns;
   * `userIds` and `itemIds` tell which is which. A value of 0 says that there was no interaction:
   * it is not stored, though its user and its item are there.
   *
   * @param df The table: a nodejs-polars DataFrame, or anything with `columns` and
   * `getColumn(name).toArray()`.
   * @param columns Which of its columns hold the user, the item and, if any, the value.
   * @throws {TypeError} If df is no DataFrame, columns does not name the columns, an id is no string,
   * number, bigint or boolean (a date, for example: cast it to a string), or a value is no number.
   * @throws {RangeError} If a column is unknown, the table is empty, an id is missing, a value is
   * not finite or an integer too large for a number, or a (user, item) pair is there twice.
   *
   * @example
   * ```ts
   * import { Interactions } from "cosine-lab";
   * import pl from "nodejs-polars";
   * import assert from "node:assert/strict";
   *
   * const log = pl.DataFrame({ who: ["ann", "bob", "ann"], what: ["tea", "tea", "cake"] });
   * const x = Interactions.fromDataFrame(log, { user: "who", item: "what" });
   * assert.deepEqual(x.itemIds, ["cake", "tea"]);
   * assert.deepEqual(x.toDense().to2DArray(), [[1, 1], [0, 1]]);
   * ```
   */
  static fromDataFrame(df: ColumnTable, columns: InteractionColumns): Interactions {
    assertObject("read interactions", "columns", columns);
    const users = indexIds(readColumn(df, columns.user), columns.user);
    const items = indexIds(readColumn(df, columns.item), columns.item);
    const values = columns.value === undefined
      ? null
      : readColumn(df, columns.value).map((value, row) => finite(value, columns.value!, row));
    if (users.index.length === 0) {
      throw new RangeError("Cannot read interactions: the table has no rows");
    }
    const rows = compressRows(users.ids.length, items.ids.length, {
      users: users.index,
      items: items.index,
      values,
      name: (u, i) => `(${users.ids[u]}, ${items.ids[i]})`,
    });
    return new Interactions(rows, { users: users.ids, items: items.ids });
  }

  /** Returns X as a dense matrix, n x p. */
  toDense(): Matrix {
    const x = Matrix.zeros(this.users, this.items);
    for (let u = 0; u < this.users; u++) {
      for (let t = this.rowStarts[u]; t < this.rowStarts[u + 1]; t++) {
        x.set(u, this.columnIndices[t], this.values === null ? 1 : this.values[t]);
      }
    }
    return x;
  }
}

function assertIds(name: string, ids: readonly Id[] | undefined, count: number): void {
  if (ids === undefined) return;
  if (!Array.isArray(ids)) {
    throw new TypeError(`Cannot make interactions: the ids of ${name} must be an array`);
  }
  if (ids.length !== count) {
    throw new RangeError(
      `Cannot make interactions: there must be an id for each of the ${count} ${name}, there are ` +
        `${ids.length}`,
    );
  }
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

function indexIds(column: readonly unknown[], name: string): { ids: Id[]; index: number[] } {
  column.forEach((id, row) => assertId(id, name, row));
  const ids = [...new Set(column as Id[])].sort((a, b) => a < b ? -1 : 1);
  const position = new Map(ids.map((id, i) => [id, i]));
  return { ids, index: column.map((id) => position.get(id as Id)!) };
}

/** Objects are no ids: two equal dates are two objects, and would be two users. */
function assertId(id: unknown, column: string, row: number): asserts id is Id {
  if (id === null || id === undefined || Number.isNaN(id)) {
    throw new RangeError(
      `Cannot read interactions: ids must not be missing, column "${column}" has none in row ${row}`,
    );
  }
  if (!["string", "number", "bigint", "boolean"].includes(typeof id)) {
    throw new TypeError(
      "Cannot read interactions: ids must be strings, numbers, bigints or booleans, column " +
        `"${column}" has ${describe(id)} in row ${row}: cast the column to a string`,
    );
  }
}
