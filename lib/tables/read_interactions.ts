import pl, { type DataFrame } from "nodejs-polars";
import { isExpected } from "../errors.ts";
import { anything, assertInteger, checkedOptions } from "../check.ts";
import { dropRare, type MinimumCount } from "../interactions/select.ts";
import { assertRepeats, type Id, type Repeats, TABLE_OPTIONS } from "../interactions/ids.ts";
import { type InteractionColumns, Interactions } from "../interactions/interactions.ts";
import { readTable } from "./read_table.ts";

/** Options for {@linkcode readInteractions}. */
export interface ReadOptions extends InteractionColumns {
  /**
   * The fewest interactions of users and items that are kept: a number for both, or one for each.
   * See {@linkcode dropRare}.
   *
   * @default {0, which keeps all}
   */
  minimumCount?: number | MinimumCount;
  /** What to do about a (user, item) pair that occurs more than once. @default {"refuse"} */
  repeats?: Repeats;
}

/** Interactions of a file, and where its ids went; what {@linkcode readInteractions} makes. */
export interface ReadInteractions {
  /** X, n x p; `userIds` and `itemIds` are the ids of its rows and columns. */
  interactions: Interactions;
  /** The row of each user that is kept, by the user's id. */
  users: ReadonlyMap<Id, number>;
  /** The column of each item that is kept, by the item's id. */
  items: ReadonlyMap<Id, number>;
}

/**
 * Reads interactions of your own from a CSV or Parquet file with one row for each of them.
 *
 * Ids are of any type and may have gaps: in ascending order they become rows and columns. In a CSV
 * file (.csv, or .tsv with tabs; with a header) they are numbers where all of a column are plain
 * integers, and strings otherwise. Dates become strings.
 *
 * @param path The file; its name ends in .csv, .tsv or .parquet.
 * @param options The columns of `user`, `item` and, if any, `value`; `minimumCount`; `repeats`.
 * @returns The interactions, the row of each user, and the column of each item.
 * @throws {TypeError} If an option or a value is of the wrong kind, or an option unknown.
 * @throws {RangeError} If there is no such file or column, the file is damaged or empty, an id is
 * missing, a value is not finite, a (user, item) pair occurs twice, or nothing is left of it.
 *
 * @example
 * ```ts
 * import { readInteractions } from "cosine-lab/tables";
 * import assert from "node:assert/strict";
 *
 * const path = Deno.makeTempFileSync({ suffix: ".csv" });
 * Deno.writeTextFileSync(path, "who,what\nann,tea\nbob,tea\nann,cake\n");
 * const { interactions, items } = readInteractions(path, { user: "who", item: "what" });
 * assert.deepEqual(interactions.toDense().getColumn(items.get("tea")!), [1, 1]);
 * Deno.removeSync(path);
 * ```
 */
export function readInteractions(path: string, options: ReadOptions): ReadInteractions {
  const { user, item, value, repeats, minimumCount } = checkedOptions(
    "read interactions",
    options,
    { ...TABLE_OPTIONS, minimumCount: anything<number | MinimumCount>(0) },
  );
  assertRepeats("read interactions", repeats, value);
  if (typeof minimumCount !== "object") {
    assertInteger("read interactions", "minimumCount", minimumCount, 0);
  }
  const minimum = typeof minimumCount === "object"
    ? minimumCount
    : { user: minimumCount, item: minimumCount };
  const table = merge(
    readTable(path, { ids: [user, item], value }),
    { user, item, value },
    repeats,
  );
  const interactions = dropRare(
    namingFile(path, () => Interactions.fromDataFrame(...table)),
    minimum,
  );
  return {
    interactions,
    users: new Map(interactions.userIds!.map((id, u) => [id, u])),
    items: new Map(interactions.itemIds!.map((id, i) => [id, i])),
  };
}

/** Merges the rows of one pair. A missing value is left for the check that names its row. */
function merge(
  df: DataFrame,
  columns: InteractionColumns,
  repeats: Repeats,
): [DataFrame, InteractionColumns] {
  const { user, item, value } = columns;
  if (repeats === "once") return [df.unique(), columns];
  if (repeats === "refuse" || df.height === 0) return [df, columns];
  if (value !== undefined && df.getColumn(value).nullCount() > 0) return [df, columns];
  const weight = value === undefined ? pl.lit(1).cast(pl.Float64) : pl.col(value).cast(pl.Float64);
  const name = "sum of the values";
  const sums = df.withColumn(weight.alias(name)).groupBy(user, item).agg(pl.col(name).sum());
  return [sums, { user, item, value: name }];
}

/** Adds the name of the file to what is wrong with it. */
function namingFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && isExpected(error)) error.message += `, in ${path}`;
    throw error;
  }
}
