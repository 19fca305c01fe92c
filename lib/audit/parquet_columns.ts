import pl, { type DataFrame } from "nodejs-polars";
import { InputError } from "./input_error.ts";
import type { SideColumn } from "./embedding_file.ts";

/**
 * Reads embeddings from a .parquet file: from its one column of lists, or from all of its columns
 * as a coordinate each.
 *
 * @param path The file.
 * @param names Columns that are no coordinates, where the file has them.
 * @returns The vectors, row by row, and the columns named.
 * @throws {InputError} If it cannot be read, or has several columns of lists.
 */
export function parquetColumns(
  path: string,
  names: readonly string[],
): { vectors: readonly unknown[]; columns: Record<string, SideColumn> } {
  let df: DataFrame;
  try {
    df = pl.readParquet(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new InputError(`${path} is no .parquet file that can be read: ${reason}`);
  }
  const side = df.columns.filter((name) => names.includes(name));
  const coordinates = df.columns.filter((name) => !names.includes(name));
  const lists = coordinates.filter((name) => /List|Array/.test(String(df.getColumn(name).dtype)));
  if (lists.length > 1) {
    throw new InputError(
      `${path} has ${lists.length} columns of lists, ${lists.join(", ")}: keep the one to audit`,
    );
  }
  const columns = Object.fromEntries(
    side.map((name) => [
      name,
      Array.from(
        df.getColumn(name).toArray(),
        (value) => typeof value === "number" ? value : String(value),
      ),
    ]),
  );
  if (lists.length === 1) {
    const vectors = df.getColumn(lists[0]).toArray() as readonly unknown[];
    return { vectors, columns };
  }
  const values = coordinates.map((name) => {
    const column: unknown[] = Array.from(df.getColumn(name).toArray());
    const bad = column.findIndex((value) => typeof value !== "number" && typeof value !== "bigint");
    if (bad >= 0) {
      throw new InputError(
        `${path}, row ${bad + 1}, column "${name}": ${JSON.stringify(column[bad])} is no number`,
      );
    }
    return column.map(Number);
  });
  const vectors = Array.from({ length: df.height }, (_, i) => values.map((column) => column[i]));
  return { vectors, columns };
}
