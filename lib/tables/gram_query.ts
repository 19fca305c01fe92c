import { assertObject } from "../check/assert_object.ts";
import { assertString } from "../check/assert_string.ts";
import { describe } from "../check/describe.ts";
import type { InteractionColumns } from "../interactions/interactions.ts";

/** The columns of the result of {@linkcode gramQuery}, and what {@linkcode gramFromCounts} looks for. */
export const countColumns = { first: "item_a", second: "item_b", total: "total" } as const;

/**
 * Writes the query that computes the Gram matrix G = XᵀX where the data is, for a log of
 * interactions in a warehouse: which items were together with the same users, and how often, each
 * item with itself included.
 *
 * It is plain SQL, a join of the table with itself and a count, and runs as it is on DuckDB, Spark
 * SQL, BigQuery, Snowflake and ClickHouse; only the name of the table is written as each of them wants
 * it. Save its result as Parquet or CSV and read it by {@linkcode gramFromCounts}. Of a pair of items
 * it gives one order. Rows without a user or an item are left out.
 *
 * A (user, item) pair counts once, however often it is there. With a value its values are added up
 * instead, and the products of these sums are what is summed over the users.
 *
 * @param table The table, as it stands after FROM: `shop.log`, or `read_parquet('log/*.parquet')` in
 * DuckDB.
 * @param columns Its columns with the user, the item and, if any, the value: plain names of letters,
 * digits and underscores, since systems differ in how others are quoted.
 * @returns The query, with the columns item_a, item_b and total.
 * @throws {TypeError} If table or the name of a column is no string.
 * @throws {RangeError} If the table is empty or more than a table, or the name of a column is not plain.
 *
 * @example
 * ```ts
 * import { gramQuery } from "cosine-lab/tables";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   gramQuery("shop.log", { user: "customer", item: "product" }),
 *   `WITH x AS (
 *   SELECT DISTINCT t.customer AS u, t.product AS i
 *   FROM shop.log AS t
 * )
 * SELECT a.i AS item_a, b.i AS item_b, COUNT(*) AS total
 * FROM x AS a
 * INNER JOIN x AS b ON a.u = b.u
 * WHERE a.i <= b.i
 * GROUP BY a.i, b.i`,
 * );
 * ```
 */
export function gramQuery(table: string, columns: InteractionColumns): string {
  assertString("write the query", "table", table);
  assertObject("write the query", "columns", columns);
  const { user, item, value } = columns;
  if (table.trim() === "" || /;|--/.test(table)) {
    throw new RangeError(
      `Cannot write the query: table must be what stands after FROM, it is ${describe(table)}`,
    );
  }
  for (const name of value === undefined ? [user, item] : [user, item, value]) assertPlain(name);
  const x = value === undefined
    ? `  SELECT DISTINCT t.${user} AS u, t.${item} AS i
  FROM ${table} AS t`
    : `  SELECT t.${user} AS u, t.${item} AS i, SUM(t.${value}) AS v
  FROM ${table} AS t
  GROUP BY t.${user}, t.${item}`;
  const total = value === undefined ? "COUNT(*)" : "SUM(a.v * b.v)";
  return `WITH x AS (
${x}
)
SELECT a.i AS ${countColumns.first}, b.i AS ${countColumns.second}, ${total} AS ${countColumns.total}
FROM x AS a
INNER JOIN x AS b ON a.u = b.u
WHERE a.i <= b.i
GROUP BY a.i, b.i`;
}

function assertPlain(name: unknown): void {
  assertString("write the query", "the name of a column", name);
  if (/^[A-Za-z_]\w*$/.test(name)) return;
  throw new RangeError(
    "Cannot write the query: the name of a column must be of letters, digits and underscores, one " +
      `is ${describe(name)}: rename it in a view`,
  );
}
