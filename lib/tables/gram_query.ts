import { assertKnown, assertObject, assertOneOf, assertString } from "../check.ts";
import type { InteractionColumns } from "../interactions/interactions.ts";
import { type Dialect, dialects, quotedName, tableParts } from "./identifiers.ts";

/** The columns of the result of {@linkcode gramQuery}, and what {@linkcode gramFromCounts} looks for. */
export const countColumns = { first: "item_a", second: "item_b", total: "total" } as const;

/** Options for {@linkcode gramQuery}. */
export interface GramQueryOptions {
  /** The system that the query is for. @default {"duckdb"} */
  dialect?: Dialect;
}

/**
 * Writes the query that computes the Gram matrix G = XᵀX where the data is, for a log of
 * interactions in a warehouse: which items were together with the same users, and how often, each
 * item with itself included.
 *
 * It is a join of the table with itself and a count, for DuckDB, PostgreSQL, BigQuery, Snowflake or
 * Spark SQL. Save its result as Parquet or CSV and read it by {@linkcode gramFromCounts}. Of a pair of
 * items it gives one order. Rows without a user or an item are left out.
 *
 * A (user, item) pair counts once, however often it is there. With a value its values are added up
 * instead, and the products of these sums are what is summed over the users, in double precision, which does
 * not overflow.
 *
 * Names are quoted, whatever is in them, so they must be written as the system keeps them: Snowflake
 * keeps names that were not quoted in upper case, PostgreSQL in lower case.
 *
 * @param table The table: one to three names joined by points, such as `shop.log`; a name of other than
 * letters, digits and underscores stands in double quotes: `"my shop".log`.
 * @param columns Its columns with the user, the item and, if any, the value.
 * @param options The dialect.
 * @returns The query, with the columns item_a, item_b and total.
 * @throws {TypeError} If table or the name of a column is not a string, or an option is unknown.
 * @throws {RangeError} If the table is other than one to three names, a name is empty, has control
 * characters or is too long for the system, or there is no such dialect.
 *
 * @example
 * ```ts
 * import { gramQuery } from "cosine-lab/tables";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   gramQuery("shop.log", { user: "customer", item: "product" }, { dialect: "postgresql" }),
 *   `WITH x AS (
 *   SELECT DISTINCT t."customer" AS u, t."product" AS i
 *   FROM "shop"."log" AS t
 *   WHERE t."customer" IS NOT NULL AND t."product" IS NOT NULL
 * )
 * SELECT a.i AS item_a, b.i AS item_b, COUNT(*) AS total
 * FROM x AS a
 * INNER JOIN x AS b ON a.u = b.u
 * WHERE a.i <= b.i
 * GROUP BY a.i, b.i`,
 * );
 * ```
 */
export function gramQuery(
  table: string,
  columns: InteractionColumns,
  options: GramQueryOptions = {},
): string {
  const action = "write the query";
  assertString(action, "table", table);
  assertObject(action, "columns", columns);
  assertKnown(action, options, ["dialect"]);
  const { dialect = "duckdb" } = options;
  assertOneOf(action, "dialect", dialect, Object.keys(dialects));
  const column = (name: string) => `t.${quotedName(name, "the name of a column", dialect)}`;
  const [user, item] = [columns.user, columns.item].map(column);
  const from = tableParts(table)
    .map((part) => quotedName(part, "the name of a table", dialect)).join(".");
  const rows = `FROM ${from} AS t
  WHERE ${user} IS NOT NULL AND ${item} IS NOT NULL`;
  const { double } = dialects[dialect];
  const x = columns.value === undefined
    ? `  SELECT DISTINCT ${user} AS u, ${item} AS i
  ${rows}`
    : `  SELECT ${user} AS u, ${item} AS i, SUM(CAST(${column(columns.value)} AS ${double})) AS v
  ${rows}
  GROUP BY ${user}, ${item}`;
  const total = columns.value === undefined ? "COUNT(*)" : "SUM(a.v * b.v)";
  return `WITH x AS (
${x}
)
SELECT a.i AS ${countColumns.first}, b.i AS ${countColumns.second}, ${total} AS ${countColumns.total}
FROM x AS a
INNER JOIN x AS b ON a.u = b.u
WHERE a.i <= b.i
GROUP BY a.i, b.i`;
}
