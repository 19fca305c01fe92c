import type { DuckDBConnection } from "@duckdb/node-api";
import { describe } from "../check.ts";
import { literal, quoted } from "./duck_db.ts";
import type { Id, Repeats } from "../interactions/ids.ts";
import type { InteractionColumns } from "../interactions/interactions.ts";

/** Types whose values are ids in JavaScript as they are; others become strings. */
const PLAIN = /^(VARCHAR|BOOLEAN|DOUBLE|FLOAT|(U?(TINY|SMALL|BIG)|U)?INT(EGER)?)$/;
const NUMERIC = /^(DOUBLE|FLOAT|DECIMAL.*|U?HUGEINT|(U?(TINY|SMALL|BIG)|U)?INT(EGER)?)$/;

/**
 * Opens Parquet files as the view `log` with columns u, i and v, and checks what is in it.
 *
 * @returns How many rows there are.
 */
export async function openParquet(
  connection: DuckDBConnection,
  paths: readonly string[],
  { user, item, value }: InteractionColumns,
): Promise<number> {
  const files = paths.map((path) => literal(localPattern(path)));
  const source = `read_parquet([${files.join(", ")}])`;
  const types = await columnTypes(connection, source, paths);
  for (const name of value === undefined ? [user, item] : [user, item, value]) {
    if (types.has(name)) continue;
    throw new RangeError(
      `Cannot read interactions: there is no column ${describe(name)} in ${paths.join(", ")}, it ` +
        `has ${[...types.keys()].map((column) => `"${column}"`).join(", ")}`,
    );
  }
  if (value !== undefined && !NUMERIC.test(types.get(value)!)) {
    throw new TypeError(
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
    throw new RangeError(
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
    throw new RangeError(
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
  if (total === 0) throw new RangeError("Cannot read interactions: the table has no rows");
  for (const [name, count] of [[user, users], [item, items]] as const) {
    if (count === 0) continue;
    throw new RangeError(
      `Cannot read interactions: ids must not be missing, column "${name}" has none in ${count} ` +
        `of ${total} rows`,
    );
  }
  if (values > 0) {
    throw new RangeError(
      `Cannot read interactions: values must be finite numbers, column "${value}" has others in ` +
        `${values} of ${total} rows`,
    );
  }
  return total;
}

/** Numbers users and items from 0, in ascending order of their ids. */
export async function numberIds(
  connection: DuckDBConnection,
): Promise<{ users: number; itemIds: Id[] }> {
  for (const [table, column] of [["users", "u"], ["items", "i"]]) {
    await connection.run(
      `CREATE TABLE ${table} AS
       SELECT ${column}, CAST(row_number() OVER (ORDER BY ${column}) - 1 AS INTEGER) AS number
       FROM (SELECT DISTINCT ${column} FROM log)`,
    );
  }
  const users = await connection.runAndReadAll("SELECT count(*) FROM users");
  const items = await connection.runAndReadAll("SELECT i, typeof(i) FROM items ORDER BY number");
  const rows = items.getRows();
  return {
    users: Number(users.getRows()[0][0]),
    itemIds: asIds(rows.map(([id]) => id as Id), rows[0][1]),
  };
}

/** Integers of 64 bits come as bigints; polars makes numbers of the signed ones, and so do we. */
function asIds(ids: Id[], type: unknown): Id[] {
  if (type !== "BIGINT") return ids;
  const exact = ids.every((id) => Number.isSafeInteger(Number(id)));
  return ids.map((id) => exact ? Number(id) : String(id));
}

/** Interactions in the order of user and item, by number. */
export interface SortedChunk {
  size: number;
  users: Int32Array;
  items: Int32Array;
  /** `null` where all of them are 1. */
  values: Float64Array | null;
}

/** Streams the table sorted by user and item; DuckDB sorts, and spills where it has to. */
export async function* sortedRows(
  connection: DuckDBConnection,
  { weighted, repeats }: { weighted: boolean; repeats: Repeats },
): AsyncGenerator<SortedChunk> {
  const numbers = "users.number AS user, items.number AS item";
  const columns = {
    refuse: `${numbers}${weighted ? ", v" : ""}`,
    once: `DISTINCT ${numbers}`,
    sum: `${numbers}, sum(v) AS v`,
  }[repeats];
  const result = await connection.stream(
    `SELECT ${columns} FROM log JOIN users USING (u) JOIN items USING (i)
     ${repeats === "sum" ? "GROUP BY users.number, items.number" : ""}
     ORDER BY user, item`,
  );
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const numbersOf = (column: number) =>
      (chunk.getColumnVector(column) as unknown as { items: ArrayLike<number> }).items;
    yield {
      size: chunk.rowCount,
      users: numbersOf(0) as Int32Array,
      items: numbersOf(1) as Int32Array,
      values: weighted ? numbersOf(2) as Float64Array : null,
    };
  }
}
