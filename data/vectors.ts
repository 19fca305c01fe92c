import { DuckDBInstance } from "@duckdb/node-api";

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
  const types = [
    ...Object.keys(labels).map((name) => `"${name}": 'VARCHAR'`),
    ...vectors[0].map((_, j) => `"d${j}": 'SMALLINT'`),
  ];
  const json = Deno.makeTempFileSync({ suffix: ".json" });
  Deno.writeTextFileSync(json, JSON.stringify(rows));
  // By one thread, so that the bytes are always the same.
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run(
      `COPY (SELECT * FROM read_json('${json}', columns = {${types.join(", ")}},
               maximum_object_size = 100000000))
       TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
    Deno.removeSync(json);
  }
}
