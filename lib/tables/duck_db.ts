import type { DuckDBConnection } from "@duckdb/node-api";
import { systemFolder } from "../io/files.ts";
import type { Id, Repeats } from "../interactions/ids.ts";

/** What DuckDB may use. */
interface DuckDbLimits {
  /** In megabytes; beyond that it spills to a temporary folder. */
  memory: number;
}

/**
 * Runs a function with a DuckDB of its own that keeps to a limit of memory and spills the rest into a
 * temporary folder, which is removed afterwards. It neither downloads nor loads extensions, so it reads only
 * what is on this machine. It takes as many threads as there are cores, DuckDB's own default, which the
 * limits of our kernels (`MOST_THREADS`) do not touch.
 *
 * The library is loaded here, and not with ours: it takes a while, and few need it.
 */
export async function withDuckDb<T>(
  { memory }: DuckDbLimits,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  using folder = systemFolder();
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${memory}MB`,
    temp_directory: folder.path,
    preserve_insertion_order: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  try {
    const connection = await instance.connect();
    try {
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** A text as a literal of SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The name of a column, quoted for SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
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
interface SortedChunk {
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
