import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertObject, describe, LARGEST_FACTOR } from "../check.ts";
import { assertCompressed, type CompressedRows } from "../linalg/compressed_rows.ts";
import { type ColumnTable, type Id, indexIds, isId, readColumn } from "./ids.ts";

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
  readonly columnIndices: Uint16Array | Uint32Array;
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
   * not finite or an integer too large for a number, or a (user, item) pair occurs twice.
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
      throw new InputRangeError("Cannot read interactions: the table has no rows");
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
    throw new InputTypeError(`Cannot make interactions: the ids of ${name} must be an array`);
  }
  if (ids.length !== count) {
    throw new InputRangeError(
      `Cannot make interactions: there must be an id for each of the ${count} ${name}, there are ` +
        `${ids.length}`,
    );
  }
  const other = ids.findIndex((id) => !isId(id));
  if (other < 0) return;
  throw new InputTypeError(
    `Cannot make interactions: the ids of ${name} must be strings, numbers, bigints or booleans, ` +
      `number ${other} is ${describe(ids[other])}`,
  );
}

/** Interactions as three parallel lists. */
interface Triplets {
  users: ArrayLike<number>;
  items: ArrayLike<number>;
  /** `null` where every interaction counts 1. */
  values: ArrayLike<number> | null;
  /** How a pair is named in an error. */
  name?: (user: number, item: number) => string;
}

/**
 * Sorts (user, item, value) triplets into compressed sparse rows, leaving out values of 0.
 *
 * @param rows The number of users.
 * @param columns The number of items.
 * @param triplets The interactions, in any order.
 * @returns The rows; `values` is `null` where all of them are 1.
 * @throws {RangeError} If a (user, item) pair occurs twice.
 */
export function compressRows(rows: number, columns: number, triplets: Triplets): CompressedRows {
  const { users, items, values, name = (u, i) => `(${u}, ${i})` } = triplets;
  const byItem = countingSort(new Uint32Array(users.length).map((_, t) => t), items, columns);
  const order = countingSort(byItem, users, rows);
  const rowStarts = new Uint32Array(rows + 1);
  const columnIndices = new Uint32Array(users.length);
  const kept = new Float64Array(users.length);
  let count = 0;
  order.forEach((t, position) => {
    const before = order[position - 1];
    if (position > 0 && users[t] === users[before] && items[t] === items[before]) {
      throw new InputRangeError(
        `Cannot read interactions: every (user, item) pair may be there once, ` +
          `${name(users[t], items[t])} is there again: count it once (df.unique(), ` +
          `or repeats: "once" where a file is read), or add up its values (repeats: "sum")`,
      );
    }
    const value = values === null ? 1 : values[t];
    if (value === 0) return;
    columnIndices[count] = items[t];
    kept[count++] = value;
    rowStarts[users[t] + 1]++;
  });
  for (let u = 0; u < rows; u++) rowStarts[u + 1] += rowStarts[u];
  const binary = kept.subarray(0, count).every((value) => value === 1);
  return {
    rows,
    columns,
    rowStarts,
    columnIndices: columnIndices.slice(0, count),
    values: binary ? null : kept.slice(0, count),
  };
}

/** Sorts positions by their keys, 0 to size - 1, in linear time; positions of one key stay in order. */
function countingSort(positions: Uint32Array, keys: ArrayLike<number>, size: number): Uint32Array {
  const next = new Uint32Array(size + 1);
  for (const t of positions) next[keys[t] + 1]++;
  for (let key = 0; key < size; key++) next[key + 1] += next[key];
  const sorted = new Uint32Array(positions.length);
  for (const t of positions) sorted[next[keys[t]]++] = t;
  return sorted;
}

/** The entries of a dense matrix that are not zero, one after the other. */
interface DenseEntries {
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
function denseEntries(x: Matrix | readonly (readonly number[])[]): DenseEntries {
  const rows = Matrix.isMatrix(x) ? x.to2DArray() : x;
  assertRows(rows);
  const users: number[] = [], items: number[] = [], values: number[] = [];
  rows.forEach((row, u) => {
    if (row.length !== rows[0].length) {
      throw new InputRangeError(
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
    throw new InputTypeError("Cannot read interactions: x must be a Matrix or an array of rows");
  }
  for (let u = 0; u < rows.length; u++) {
    if (rows[u] === undefined) {
      throw new InputRangeError(`Cannot read interactions: row ${u} is missing`);
    }
    if (!Array.isArray(rows[u])) {
      throw new InputTypeError(
        "Cannot read interactions: x must be a Matrix or an array of rows, row " +
          `${u} is ${describe(rows[u])}`,
      );
    }
  }
  if (rows.length === 0 || rows[0].length === 0) {
    throw new InputRangeError(
      "Cannot read interactions: x must have at least one user and one item",
    );
  }
}

function assertEntry(value: unknown, u: number, i: number): asserts value is number {
  if (value === undefined) {
    throw new InputRangeError(`Cannot read interactions: entry (${u}, ${i}) is missing`);
  }
  const message = `Cannot read interactions: entries must be finite numbers, entry (${u}, ${i}) is`;
  if (typeof value !== "number") throw new InputTypeError(`${message} ${describe(value)}`);
  if (!Number.isFinite(value)) throw new InputRangeError(`${message} ${value}`);
}

/**
 * Reads a column of weights.
 *
 * @param column The entries.
 * @param name The name of the column, for messages.
 * @returns The weights.
 * @throws {TypeError} If an entry is not a number.
 * @throws {RangeError} If one is missing, not finite, or an integer too large for a number.
 */
function finiteValues(column: readonly unknown[], name: string): number[] {
  return column.map((value, row) => finite(value, name, row));
}

function finite(value: unknown, column: string, row: number): number {
  const message = "Cannot read interactions: values must be finite numbers, " +
    `column "${column}" has ${describe(value)} in row ${row}`;
  if (typeof value === "bigint") {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw new InputRangeError(
      `${message}, which is too large to be exact: cast the column to Float64`,
    );
  }
  // A gap in the table is a missing value, not one of another kind.
  const missing = value === null || value === undefined;
  if (!missing && typeof value !== "number") {
    throw new InputTypeError(`${message}: cast the column to Float64`);
  }
  if (!Number.isFinite(value)) throw new InputRangeError(message);
  return value as number;
}

/**
 * Throws unless `x` is an {@linkcode Interactions}.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the value, as the caller knows it.
 * @param x The value to check.
 * @throws {TypeError} If it is anything else, a dense matrix for example.
 * @throws {RangeError} If a value is so large that products overflow.
 *
 * @example
 * ```ts
 * import { assertInteractions } from "./interactions.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(
 *   () => assertInteractions("train", "x", [[1]]),
 *   /Cannot train: x must be an Interactions \(.*fromDense makes one.*\), current value is an Array/,
 * );
 * ```
 */
export function assertInteractions(
  action: string,
  name: string,
  x: unknown,
): asserts x is Interactions {
  if (!(x instanceof Interactions)) {
    throw new InputTypeError(
      `Cannot ${action}: ${name} must be an Interactions (Interactions.fromDense makes one of a ` +
        `matrix), current value is ${describe(x)}`,
    );
  }
  if (moderate.has(x)) return;
  const large = x.values?.find((value) => Math.abs(value) > LARGEST_FACTOR);
  if (large !== undefined) {
    throw new InputRangeError(
      `Cannot ${action}: the values of ${name} must be at most ${LARGEST_FACTOR} in size, one is ${large}`,
    );
  }
  moderate.add(x);
}

/** Interactions whose values were looked at before. */
const moderate = new WeakSet<Interactions>();
