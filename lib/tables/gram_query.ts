import { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertObject, assertString, checkedOptions, describe, oneOf, text } from "../check.ts";
import type { Id } from "../interactions/ids.ts";
import type { InteractionColumns } from "../interactions/interactions.ts";
import type { GramData } from "../interactions/centered_gram.ts";
import { assertPaths, assertRoom, readTable } from "./read_table.ts";

/** The columns of the result of {@linkcode gramQuery}, and what {@linkcode gramFromCounts} looks for. */
const countColumns = { first: "item_a", second: "item_b", total: "total" } as const;

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
 * A (user, item) pair counts once, however often it occurs. With a value its values are added up
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
  const { dialect } = checkedOptions(action, options, {
    dialect: oneOf(Object.keys(dialects) as Dialect[], "duckdb"),
  });
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

/** Systems whose SQL is written; they differ in how names are quoted and what types are called. */
export type Dialect = "duckdb" | "postgresql" | "bigquery" | "snowflake" | "spark";

/** How a dialect writes names and numbers. */
interface Rules {
  /** The quotes around a name. */
  quote: '"' | "`";
  /** How the quote, and what escapes it, is written within. */
  escape: (name: string) => string;
  /** The most bytes of a name: PostgreSQL cuts longer ones off, and finds another table. */
  longest: number;
  /** The type of numbers of 64 bits with a binary point. */
  double: string;
}

const doubled = (quote: string) => (name: string) => name.replaceAll(quote, quote + quote);

/** The rules of each dialect. */
const dialects: Readonly<Record<Dialect, Rules>> = {
  duckdb: { quote: '"', escape: doubled('"'), longest: Infinity, double: "DOUBLE" },
  postgresql: { quote: '"', escape: doubled('"'), longest: 63, double: "DOUBLE PRECISION" },
  // In BigQuery a quoted name has the escapes of a string.
  bigquery: {
    quote: "`",
    escape: (name) => name.replaceAll("\\", "\\\\").replaceAll("`", "\\`"),
    longest: 1024,
    double: "FLOAT64",
  },
  snowflake: { quote: '"', escape: doubled('"'), longest: 255, double: "DOUBLE" },
  spark: { quote: "`", escape: doubled("`"), longest: 255, double: "DOUBLE" },
};

/** A name as it stands in SQL: always quoted, so that it is what it is, whatever is in it. */
function quotedName(name: string, what: string, dialect: Dialect): string {
  const action = "write the query";
  assertString(action, what, name);
  const { quote, escape, longest } = dialects[dialect];
  // deno-lint-ignore no-control-regex
  if (name === "" || /[\x00-\x1f\x7f]/.test(name)) {
    throw new InputRangeError(
      `Cannot ${action}: ${what} must be a name without control characters, it is ${
        describe(name)
      }`,
    );
  }
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > longest) {
    throw new InputRangeError(
      `Cannot ${action}: ${what} may have ${longest} bytes in ${dialect}, "${name}" has ${bytes}`,
    );
  }
  return quote + escape(name) + quote;
}

/** One part of a name: in double quotes, in backticks, or plain. Hyphens are those of BigQuery's projects. */
const PART = /"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|([\p{L}_][\p{L}\p{N}_$]*(?:-[\p{L}\p{N}_$]+)*)/uy;

/**
 * The parts of the name of a table: `log`, `shop.log`, or `"my project".shop.log`. Plain parts are taken
 * as they are written, upper and lower case included.
 */
function tableParts(table: string): string[] {
  const parts: string[] = [];
  for (let place = 0;;) {
    PART.lastIndex = place;
    const match = PART.exec(table);
    if (match === null) break;
    parts.push(
      match[1]?.replaceAll('""', '"') ?? match[2]?.replaceAll("``", "`") ?? match[3],
    );
    place = PART.lastIndex;
    if (place === table.length && parts.length <= 3) return parts;
    if (table[place++] !== ".") break;
  }
  throw new InputRangeError(
    "Cannot write the query: table must be one to three names, joined by points; those of other than " +
      `letters, digits and underscores in double quotes. It is ${describe(table)}`,
  );
}

/** The columns of a table of counts. */
export interface CountColumns {
  /** One item of a pair. @default {"item_a"} */
  first?: string;
  /** The other item. @default {"item_b"} */
  second?: string;
  /** How many users had both, or the sum of the products of their values. @default {"total"} */
  total?: string;
}

const INTEGER = /^U?Int\d+$/, NUMERIC = /^(U?Int\d+|Float\d+|Decimal)$/;

/** One number for each pair of items, in some order. */
interface Counts {
  first: Id[];
  second: Id[];
  totals: number[];
}

/**
 * Reads the Gram matrix G = XᵀX that {@linkcode gramQuery} computed: a table of item, item and
 * count, in CSV or Parquet.
 *
 * A pair may be there in one order or in both; pairs that are not there count 0. Items are the ids
 * in ascending order. Upper and lower case of the columns' names are the same where no name is as it is
 * asked for.
 *
 * @param paths The file, or the files that a warehouse wrote in its place.
 * @param columns The names of the columns; those of the query by default.
 * @returns G and the ids of the items; `svdOfGram(gram)` goes on from there.
 * @throws {TypeError} If paths are not strings, counts are not numbers, or an option is unknown.
 * @throws {RangeError} If there is no such file or column, it is empty, an id or a count is missing, a
 * count is not finite or an integer that a number cannot hold, an item is not there with itself or
 * has a negative count, a pair occurs twice or with two counts, or
 * there is no room for p x p numbers.
 *
 * @example
 * ```ts
 * import { gramFromCounts } from "cosine-lab/tables";
 * import assert from "node:assert/strict";
 *
 * const path = Deno.makeTempFileSync({ suffix: ".csv" });
 * Deno.writeTextFileSync(path, "item_a,item_b,total\ncake,cake,3\ncake,tea,2\ntea,tea,5\n");
 * const { gram, itemIds } = gramFromCounts(path);
 * assert.deepEqual([itemIds, gram.to2DArray()], [["cake", "tea"], [[3, 2], [2, 5]]]);
 * Deno.removeSync(path);
 * ```
 */
export function gramFromCounts(
  paths: string | readonly string[],
  columns: CountColumns = {},
): GramData {
  assertPaths("read counts", paths);
  const names = checkedOptions("read counts", columns, {
    first: text(countColumns.first),
    second: text(countColumns.second),
    total: text(countColumns.total),
  });
  const { first, second, totals } = read([paths].flat(), names);
  const itemIds = [...new Set([...first, ...second])].sort((a, b) => a < b ? -1 : 1);
  const position = new Map(itemIds.map((id, i) => [id, i]));
  assertRoom("read counts", itemIds.length);
  const gram = new Matrix(itemIds.length, itemIds.length).fill(NaN);
  totals.forEach((total, row) => {
    const [i, j] = [position.get(first[row])!, position.get(second[row])!];
    if (!Number.isNaN(gram.get(i, j))) throw contradiction([first[row], second[row]]);
    gram.set(i, j, total);
  });
  complete(gram, itemIds);
  return { gram, itemIds };
}

/** Fills in the pairs that are given in the other order, or not at all. */
function complete(gram: Matrix, ids: readonly Id[]): void {
  for (let i = 0; i < gram.rows; i++) {
    if (Number.isNaN(gram.get(i, i))) {
      throw new InputRangeError(
        `Cannot read counts: every item must have a count with itself, ${ids[i]} has none`,
      );
    }
    if (gram.get(i, i) < 0) {
      throw new InputRangeError(
        "Cannot read counts: the count of an item with itself is a sum of squares, that of " +
          `${ids[i]} is ${gram.get(i, i)}`,
      );
    }
    for (let j = 0; j < i; j++) {
      const [below, above] = [gram.get(i, j), gram.get(j, i)];
      const known = Number.isNaN(below) ? above : below;
      if (known !== above && !Number.isNaN(above)) throw contradiction([ids[j], ids[i]]);
      gram.set(i, j, Number.isNaN(known) ? 0 : known);
      gram.set(j, i, gram.get(i, j));
    }
  }
}

function contradiction(pair: readonly Id[]): RangeError {
  return new InputRangeError(
    `Cannot read counts: a pair of items must have one count, (${pair.join(", ")}) has two`,
  );
}

/** Reads the files one after another. */
function read(paths: readonly string[], names: Required<CountColumns>): Counts {
  const counts: Counts = { first: [], second: [], totals: [] };
  for (const path of paths) {
    const df = readTable(path, {
      ids: [names.first, names.second],
      value: names.total,
      action: "read counts",
      anyCase: true,
    });
    const column = df.getColumn(names.total);
    if (!NUMERIC.test(column.dtype.variant)) {
      throw new InputTypeError(
        `Cannot read counts: counts must be numbers, "${names.total}" of ${path} is of type ` +
          column.dtype.variant,
      );
    }
    const totals = column.toArray();
    const columns = [names.first, names.second].map((name) => df.getColumn(name).toArray());
    for (let row = 0; row < totals.length; row++) {
      const [first, second] = columns.map((column) => column[row]);
      const total = totals[row] === null ? NaN : Number(totals[row]);
      const exact = !INTEGER.test(column.dtype.variant) || Number.isSafeInteger(total);
      if (first === null || second === null || !Number.isFinite(total) || !exact) {
        throw new InputRangeError(
          `Cannot read counts: two items and a finite count, exact as a number, must be in each row, row ${row} of ` +
            `${path} has ${first}, ${second} and ${totals[row]}`,
        );
      }
      counts.first.push(first);
      counts.second.push(second);
      counts.totals.push(total);
    }
  }
  if (counts.totals.length === 0) {
    throw new InputRangeError(`Cannot read counts: there is none in ${paths.join(", ")}`);
  }
  return oneType(counts);
}

/** In one CSV file all ids may look like integers, and in the next not: then all are strings. */
function oneType(counts: Counts): Counts {
  const ids = [...counts.first, ...counts.second];
  if (ids.every((id) => typeof id === typeof ids[0])) return counts;
  return { ...counts, first: counts.first.map(String), second: counts.second.map(String) };
}
