import { Matrix } from "ml-matrix";
import type { CompressedRows } from "../linalg/compressed_rows.ts";
import { assertObject } from "../check/assert_object.ts";
import { describe } from "../check/describe.ts";
import { assertCompressed } from "../linalg/assert_compressed.ts";
import { compressRows } from "./compress_rows.ts";
import { denseEntries } from "./dense_entries.ts";
import { type Id, indexIds, isId } from "./index_ids.ts";
import { finiteValues } from "./finite_values.ts";
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
  /** What only the constructor gives, which has checked the arrays. */
  readonly #checked = true;

  /** Whether a value was made by the constructor: what only looks like it may have any arrays. */
  static [Symbol.hasInstance](value: unknown): value is Interactions {
    return typeof value === "object" && value !== null && #checked in value;
  }

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
    assertObject("make interactions", "rows", rows);
    this.users = rows.rows;
    this.items = rows.columns;
    this.rowStarts = rows.rowStarts;
    this.columnIndices = rows.columnIndices;
    this.values = rows.values;
    this.userIds = ids?.users ?? null;
    this.itemIds = ids?.items ?? null;
    assertCompressed(this);
    if (ids !== undefined) {
      assertObject("make interactions", "ids", ids);
      assertIds("users", ids.users, rows.rows);
      assertIds("items", ids.items, rows.columns);
    }
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
   * @throws {TypeError} If x is neither, or has an entry that is not a number.
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
    const { rows, columns, ...entries } = denseEntries(x);
    return new Interactions(compressRows(rows, columns, entries));
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
   * @throws {TypeError} If df is not a DataFrame, columns does not name the columns, an id is not a string,
   * number, bigint or boolean (a date, for example: cast it to a string), or a value is not a number.
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
      : finiteValues(readColumn(df, columns.value), columns.value);
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

function assertIds(name: string, ids: unknown, count: number): void {
  if (!Array.isArray(ids)) {
    throw new TypeError(`Cannot make interactions: the ids of ${name} must be an array`);
  }
  if (ids.length !== count) {
    throw new RangeError(
      `Cannot make interactions: there must be an id for each of the ${count} ${name}, there are ` +
        `${ids.length}`,
    );
  }
  const other = ids.findIndex((id) => !isId(id));
  if (other < 0) return;
  throw new TypeError(
    `Cannot make interactions: the ids of ${name} must be strings, numbers, bigints or booleans, ` +
      `number ${other} is ${describe(ids[other])}`,
  );
}
