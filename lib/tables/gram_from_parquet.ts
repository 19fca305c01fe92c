import type { DuckDBConnection } from "@duckdb/node-api";
import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { callback, checkedOptions, describe, integer } from "../check.ts";
import { assertRepeats, type Id, type Repeats, TABLE_OPTIONS } from "../interactions/ids.ts";
import type { InteractionColumns } from "../interactions/interactions.ts";
import type { GramData } from "../interactions/centered_gram.ts";
import type { CompressedRows } from "../linalg/compressed_rows.ts";
import { GramSum } from "../linalg/gram.ts";
import { literal, numberIds, quoted, sortedRows, withDuckDb } from "./duck_db.ts";
import { assertPaths, assertRoom } from "./read_table.ts";

/** Options for {@linkcode gramFromParquet}. */
export interface ParquetOptions extends InteractionColumns {
  /** What to do about a (user, item) pair that occurs more than once. @default {"refuse"} */
  repeats?: Repeats;
  /**
   * How many megabytes DuckDB may use to sort the table; beyond that it uses the disk. The Gram
   * matrix takes 8p² bytes twice, and some 100 MB are needed besides.
   *
   * @default {1000}
   */
  memory?: number;
  /** Told how many interactions have been added, and how many there are. */
  onProgress?: (done: number, total: number) => void;
}

/** What is known of interactions without having them; what {@linkcode gramFromParquet} computes. */
export interface ParquetGram extends GramData {
  /** The sum of each column of X: of binary interactions, how many each item has. */
  columnSums: Float64Array;
  /** n, the number of users. */
  users: number;
  /** The number of interactions. */
  nonzeros: number;
}

/**
 * Computes the Gram matrix G = XᵀX of a table of interactions in Parquet files that may be much
 * larger than memory: users come one after another, and G adds up over them. DuckDB scans and sorts.
 *
 * The result is that of {@linkcode gram} of the same table in memory: exactly where X is binary or its
 * values are integers, and to the last digit otherwise where users' ids sort in DuckDB as in
 * JavaScript (all but strings with characters beyond the basic plane). A value of 0 is no
 * interaction, but its user and its item are there.
 *
 * @param paths A file, a folder with files in it and its subfolders (partitioned by Hive's
 * convention, for example), a pattern such as `log/*.parquet`, or several of them.
 * @param options The columns of `user`, `item` and, if any, `value`; `repeats`; `memory`.
 * @returns G, the ids of its items in ascending order, the column sums, and how much data it was.
 * @throws {TypeError} If an option is of the wrong kind or unknown, or values are not numbers.
 * @throws {RangeError} If there is no such file or column, a file is damaged or not on this machine, the table is empty, an id
 * is missing, a value is missing or not finite, a (user, item) pair occurs twice, or there is no
 * room for p x p numbers.
 *
 * @example
 * ```ts
 * import { svdOfGram } from "cosine-lab";
 * import { gramFromParquet } from "cosine-lab/tables";
 * import pl from "nodejs-polars";
 * import assert from "node:assert/strict";
 *
 * const path = Deno.makeTempFileSync({ suffix: ".parquet" });
 * pl.DataFrame({ who: ["ann", "ann", "bob"], what: ["cake", "tea", "tea"] }).writeParquet(path);
 * const { gram, itemIds } = await gramFromParquet(path, { user: "who", item: "what" });
 * assert.deepEqual([itemIds, gram.to2DArray()], [["cake", "tea"], [[1, 1], [1, 2]]]);
 * assert.equal(svdOfGram(gram).V.rows, 2);
 * Deno.removeSync(path);
 * ```
 */
export async function gramFromParquet(
  paths: string | readonly string[],
  options: ParquetOptions,
): Promise<ParquetGram> {
  assertPaths("read interactions", paths);
  const { memory, ...checked } = checkedOptions("read interactions", options, {
    ...TABLE_OPTIONS,
    memory: integer(100, Infinity, 1000),
    onProgress: callback,
  });
  assertRepeats("read interactions", checked.repeats, checked.value);
  return await withDuckDb({ memory }, async (connection) => {
    const total = await openParquet(connection, [paths].flat(), checked);
    const { users, itemIds } = await numberIds(connection);
    assertRoom("read interactions", itemIds.length, 2);
    return await addUp(connection, { total, users, itemIds, ...checked });
  });
}

/** The table after {@linkcode numberIds}. */
interface Table extends Pick<ParquetOptions, "value" | "onProgress"> {
  total: number;
  users: number;
  itemIds: Id[];
  repeats: Repeats;
}

async function addUp(
  connection: DuckDBConnection,
  { total, users, itemIds, repeats, value, onProgress = () => {} }: Table,
): Promise<ParquetGram> {
  const sum = new GramSum(itemIds.length);
  const columnSums = new Float64Array(itemIds.length);
  const blocks = new RowBlocks(itemIds.length, (block) => sum.add(block));
  const weighted = value !== undefined || repeats === "sum";
  let done = 0;
  for await (const chunk of sortedRows(connection, { weighted, repeats })) {
    for (let row = 0; row < chunk.size; row++) {
      const weight = chunk.values === null ? 1 : chunk.values[row];
      const item = chunk.items[row];
      if (!blocks.push(chunk.users[row], item, weight)) {
        throw await repeated(connection);
      }
      columnSums[item] += weight;
    }
    onProgress(done += chunk.size, Math.max(done, total));
  }
  blocks.flush();
  onProgress(total, total);
  return inOrder({ gram: sum.total(), itemIds, columnSums, users, nonzeros: blocks.nonzeros });
}

async function repeated(connection: DuckDBConnection): Promise<RangeError> {
  const reader = await connection.runAndReadAll(
    "SELECT u, i FROM log GROUP BY u, i HAVING count(*) > 1 ORDER BY u, i LIMIT 1",
  );
  return new InputRangeError(
    "Cannot read interactions: every (user, item) pair may be there once, " +
      `(${
        reader.getRows()[0].join(", ")
      }) is there again: count it once (repeats: "once"), or add up ` +
      'its values (repeats: "sum")',
  );
}

/** Sorts the items as JavaScript does: DuckDB sorts strings by their UTF-8, JavaScript by UTF-16. */
function inOrder(result: ParquetGram): ParquetGram {
  const { gram, itemIds, columnSums } = result;
  const order = itemIds.map((_, i) => i).sort((i, j) => itemIds[i] < itemIds[j] ? -1 : 1);
  if (order.every((i, place) => i === place)) return result;
  const sorted = new Matrix(gram.rows, gram.columns);
  order.forEach((i, row) => order.forEach((j, column) => sorted.set(row, column, gram.get(i, j))));
  return {
    ...result,
    gram: sorted,
    itemIds: order.map((i) => itemIds[i]),
    columnSums: Float64Array.from(order, (i) => columnSums[i]),
  };
}

/** Types whose values are ids in JavaScript as they are; others become strings. */
const PLAIN = /^(VARCHAR|BOOLEAN|DOUBLE|FLOAT|(U?(TINY|SMALL|BIG)|U)?INT(EGER)?)$/;
const NUMERIC = /^(DOUBLE|FLOAT|DECIMAL.*|U?HUGEINT|(U?(TINY|SMALL|BIG)|U)?INT(EGER)?)$/;

/**
 * Opens Parquet files as the view `log` with columns u, i and v, and checks what is in it.
 *
 * @returns How many rows there are.
 */
async function openParquet(
  connection: DuckDBConnection,
  paths: readonly string[],
  { user, item, value }: InteractionColumns,
): Promise<number> {
  const files = paths.map((path) => literal(localPattern(path)));
  const source = `read_parquet([${files.join(", ")}])`;
  const types = await columnTypes(connection, source, paths);
  for (const name of value === undefined ? [user, item] : [user, item, value]) {
    if (types.has(name)) continue;
    throw new InputRangeError(
      `Cannot read interactions: there is no column ${describe(name)} in ${paths.join(", ")}, it ` +
        `has ${[...types.keys()].map((column) => `"${column}"`).join(", ")}`,
    );
  }
  if (value !== undefined && !NUMERIC.test(types.get(value)!)) {
    throw new InputTypeError(
      "Cannot read interactions: values must be finite numbers, column " +
        `"${value}" is of type ${types.get(value)}`,
    );
  }
  const id = (name: string) =>
    PLAIN.test(types.get(name)!) ? quoted(name) : `CAST(${quoted(name)} AS VARCHAR)`;
  const v = value === undefined ? "1.0::DOUBLE" : `CAST(${quoted(value)} AS DOUBLE)`;
  await connection.run(
    `CREATE VIEW log AS SELECT ${id(user)} AS u, ${id(item)} AS i, ${v} AS v FROM ${source}`,
  );
  return await checkRows(connection, { user, item, value });
}

/**
 * What DuckDB takes for a path: all files of a folder, one file, or a pattern. A folder or a file that is
 * there is no pattern, whatever its name.
 */
function localPattern(path: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw new InputRangeError(
      `Cannot read interactions: files must be on this machine, ${path} is not; download them, or ` +
        "run gramQuery's query where they are",
    );
  }
  try {
    const exact = path.replace(/[*?[]/g, "[$&]");
    return Deno.statSync(path).isDirectory ? `${exact}/**/*.parquet` : exact;
  } catch {
    // A pattern, or nothing: DuckDB tells which.
    return path;
  }
}

async function columnTypes(
  connection: DuckDBConnection,
  source: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  try {
    const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
    return new Map(reader.getRows().map(([name, type]) => [String(name), String(type)]));
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new InputRangeError(
      `Cannot read interactions: ${paths.join(", ")} must be Parquet files (${reason})`,
      { cause: error },
    );
  }
}

async function checkRows(
  connection: DuckDBConnection,
  { user, item, value }: InteractionColumns,
): Promise<number> {
  const types = await connection.runAndReadAll("SELECT typeof(u), typeof(i) FROM log LIMIT 1");
  const [userType, itemType] = types.getRows()[0] ?? [];
  const missing = (column: string, type: unknown) =>
    `${column} IS NULL${type === "DOUBLE" || type === "FLOAT" ? ` OR isnan(${column})` : ""}`;
  const reader = await connection.runAndReadAll(
    `SELECT count(*), count(*) FILTER (${missing("u", userType)}),
       count(*) FILTER (${missing("i", itemType)}), count(*) FILTER (v IS NULL OR NOT isfinite(v))
     FROM log`,
  );
  const [total, users, items, values] = reader.getRows()[0].map(Number);
  if (total === 0) throw new InputRangeError("Cannot read interactions: the table has no rows");
  for (const [name, count] of [[user, users], [item, items]] as const) {
    if (count === 0) continue;
    throw new InputRangeError(
      `Cannot read interactions: ids must not be missing, column "${name}" has none in ${count} ` +
        `of ${total} rows`,
    );
  }
  if (values > 0) {
    throw new InputRangeError(
      `Cannot read interactions: values must be finite numbers, column "${value}" has others in ` +
        `${values} of ${total} rows`,
    );
  }
  return total;
}

/** How many interactions make a block: some tens of megabytes. */
const BLOCK = 1 << 21;

/**
 * Cuts interactions that come sorted by user and item into blocks of whole users, of bounded size
 * unless a single user is larger.
 */
export class RowBlocks {
  /** How many interactions have come, those of value 0 not counted. */
  nonzeros = 0;
  readonly #columns: number;
  readonly #use: (block: CompressedRows) => void;
  #starts: number[] = [0];
  #items = new Uint32Array(BLOCK);
  #values = new Float64Array(BLOCK);
  #binary = true;
  #count = 0;
  #user = -1;
  #item = -1;

  /**
   * @param columns The number of items.
   * @param use What to do with each block, whose arrays are valid only during the call.
   */
  constructor(columns: number, use: (block: CompressedRows) => void) {
    this.#columns = columns;
    this.#use = use;
  }

  /** Takes the next interaction; returns false if it is the same user and item as the last one. */
  push(user: number, item: number, value: number): boolean {
    if (user !== this.#user) {
      this.#endUser();
      this.#user = user;
    } else if (item === this.#item) return false;
    this.#item = item;
    if (value === 0) return true;
    if (this.#count === this.#items.length) this.#grow();
    this.#items[this.#count] = item;
    this.#values[this.#count++] = value;
    this.#binary &&= value === 1;
    this.nonzeros++;
    return true;
  }

  /** Hands over what has not been yet. */
  flush(): void {
    if (this.#user >= 0 && this.#starts.at(-1) !== this.#count) this.#starts.push(this.#count);
    if (this.#count === 0) return;
    this.#use({
      rows: this.#starts.length - 1,
      columns: this.#columns,
      rowStarts: Uint32Array.from(this.#starts),
      columnIndices: this.#items.subarray(0, this.#count),
      values: this.#binary ? null : this.#values.subarray(0, this.#count),
    });
    this.#starts = [0];
    this.#count = 0;
    this.#binary = true;
  }

  #endUser(): void {
    if (this.#starts.at(-1) !== this.#count) this.#starts.push(this.#count);
    // Half full, so that the next user hardly ever makes it grow.
    if (this.#count >= BLOCK / 2) this.flush();
  }

  #grow(): void {
    const [items, values] = [this.#items, this.#values];
    this.#items = new Uint32Array(2 * items.length);
    this.#values = new Float64Array(2 * values.length);
    this.#items.set(items);
    this.#values.set(values);
  }
}
