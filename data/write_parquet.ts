import { DuckDBInstance } from "@duckdb/node-api";

/** How Parquet files of data/ are encoded; those of words and ratings are smaller in version 2. */
interface ParquetOptions {
  version?: "V1" | "V2";
}

/**
 * Writes the result of a query as a Parquet file, by one thread: the same rows give the same bytes.
 *
 * @param query A query of DuckDB's SQL, without a semicolon.
 * @param path The file.
 * @param options The version of the format, V1 by default.
 */
export async function copyToParquet(
  query: string,
  path: string,
  { version = "V1" }: ParquetOptions = {},
): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run(
      `COPY (${query}) TO '${path.replaceAll("'", "''")}'
       (FORMAT parquet, PARQUET_VERSION ${version}, COMPRESSION zstd, COMPRESSION_LEVEL 19)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * Writes rows as a Parquet file, in their order.
 *
 * @param path The file.
 * @param rows An object for each row.
 * @param columns The type of each column, as DuckDB names it.
 */
export async function writeParquet(
  path: string,
  rows: readonly object[],
  columns: Record<string, string>,
  options?: ParquetOptions,
): Promise<void> {
  const json = Deno.makeTempFileSync({ suffix: ".json" });
  Deno.writeTextFileSync(json, JSON.stringify(rows));
  const types = Object.entries(columns).map(([name, type]) => `"${name}": '${type}'`).join(", ");
  try {
    await copyToParquet(
      `SELECT * FROM read_json('${json}', columns = {${types}}, maximum_object_size = 100000000)`,
      path,
      options,
    );
  } finally {
    Deno.removeSync(json);
  }
}

/**
 * Writes labeled vectors as a Parquet file for `lib/datasets/`: a column for each label, and for each
 * dimension one of whole thousandths, `d0`, `d1` and so on.
 *
 * @param path The file.
 * @param table The labels, by the name of their column, and a vector for each row.
 */
export async function writeVectors(
  path: string,
  { labels, vectors }: { labels: Record<string, readonly string[]>; vectors: readonly number[][] },
): Promise<void> {
  const rows = vectors.map((vector, i) => ({
    ...Object.fromEntries(Object.entries(labels).map(([name, values]) => [name, values[i]])),
    ...Object.fromEntries(vector.map((entry, j) => [`d${j}`, Math.round(1000 * entry)])),
  }));
  await writeParquet(path, rows, {
    ...Object.fromEntries(Object.keys(labels).map((name) => [name, "VARCHAR"])),
    ...Object.fromEntries(vectors[0].map((_, j) => [`d${j}`, "SMALLINT"])),
  });
}
