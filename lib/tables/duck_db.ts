import type { DuckDBConnection } from "@duckdb/node-api";
import { systemFolder } from "../io/files.ts";

/** What DuckDB may use. */
export interface DuckDbLimits {
  /** In megabytes; beyond that it spills to a temporary folder. */
  memory: number;
}

/**
 * Runs a function with a DuckDB of its own that keeps to a limit of memory and spills what is beyond
 * into a temporary folder, which is removed afterwards. It neither downloads nor loads extensions: what it
 * reads is on this machine.
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
