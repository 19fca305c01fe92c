import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import pl from "nodejs-polars";
import { gram, Interactions } from "cosine-lab";
import { type Dialect, gramFromCounts, gramQuery } from "cosine-lab/tables";
import { literal, withDuckDb } from "../../lib/tables/duck_db.ts";
import { assertClose } from "../assert_close.ts";
import { withTemporaryFolder } from "../temporary_folder.ts";
import { logColumns, logs } from "./logs.ts";

/** Runs a query, and writes its result to a file. */
function write(query: string, path: string): Promise<unknown> {
  return withDuckDb({ memory: 500 }, (connection) =>
    connection.run(
      `COPY (${query}) TO ${literal(path)} (FORMAT ${path.endsWith("csv") ? "CSV" : "PARQUET"})`,
    ));
}

const dialects: Dialect[] = ["duckdb", "postgresql", "bigquery", "snowflake", "spark"];

Deno.test("the query gives the Gram matrix of memory, by way of CSV and Parquet", async () => {
  await withTemporaryFolder((folder) =>
    fc.assert(
      fc.asyncProperty(logs, async ({ df, value }) => {
        const columns = { ...logColumns, value };
        df.writeParquet(`${folder}/log.parquet`);
        const x = Interactions.fromDataFrame(df, columns);
        // A name in quotes may be that of a file for DuckDB.
        const query = gramQuery(`"${folder}/log.parquet"`, columns);
        for (const extension of ["csv", "parquet"]) {
          const path = `${folder}/counts.${extension}`;
          await write(query, path);
          const counts = gramFromCounts(path);
          assert.deepEqual(counts.itemIds, x.itemIds);
          if (value === undefined) {
            assert.deepEqual(counts.gram.to2DArray(), gram(x).to2DArray());
          } else assertClose(counts.gram, gram(x), 1e-9);
        }
      }),
      { numRuns: 25 },
    )
  );
});

Deno.test("the query counts repeats once, adds up their values, and leaves out what is missing", async () => {
  const df = pl.DataFrame({
    who: [1, 2, 1, null, 2],
    what: ["a", "b", "a", "a", null],
    much: [0.5, 3, 1.5, 7, 7],
  });
  await withTemporaryFolder(async (folder) => {
    df.writeParquet(`${folder}/log.parquet`);
    for (const [value, expected] of [[undefined, [1, 0, 1]], ["much", [4, 0, 9]]] as const) {
      const query = gramQuery(`"${folder}/log.parquet"`, { ...logColumns, value });
      await write(query, `${folder}/counts.parquet`);
      const g = gramFromCounts(`${folder}/counts.parquet`).gram;
      assert.deepEqual([g.get(0, 0), g.get(0, 1), g.get(1, 1)], expected);
    }
  });
});

Deno.test("values as large as integers of 64 bits do not overflow", async () => {
  await withTemporaryFolder(async (folder) => {
    await withDuckDb({ memory: 500 }, (connection) =>
      connection.run(
        `COPY (SELECT 1 AS who, 'a' AS what, ${2n ** 62n}::BIGINT AS much)
         TO ${literal(`${folder}/log.parquet`)} (FORMAT PARQUET)`,
      ));
    const query = gramQuery(`"${folder}/log.parquet"`, { ...logColumns, value: "much" });
    await write(query, `${folder}/counts.parquet`);
    assert.equal(gramFromCounts(`${folder}/counts.parquet`).gram.get(0, 0), 2 ** 124);
  });
});

Deno.test("gramQuery() quotes names as each dialect does", () => {
  const from = (table: string, dialect: Dialect) =>
    gramQuery(table, { user: "u", item: 'It"e`m\\' }, { dialect }).match(
      /t\.\S+ AS i\n +FROM .*/,
    )![0];
  assert.equal(from("shop.log", "duckdb"), 't."It""e`m\\" AS i\n  FROM "shop"."log" AS t');
  assert.equal(from("a.b.c", "snowflake"), 't."It""e`m\\" AS i\n  FROM "a"."b"."c" AS t');
  assert.equal(from('"a""b.c".D', "postgresql"), 't."It""e`m\\" AS i\n  FROM "a""b.c"."D" AS t');
  assert.equal(
    from("my-project.b.c", "bigquery"),
    't.`It"e\\`m\\\\` AS i\n  FROM `my-project`.`b`.`c` AS t',
  );
  assert.equal(from("`a``b`.c", "spark"), 't.`It"e``m\\` AS i\n  FROM `a``b`.`c` AS t');
});

Deno.test("gramQuery() keeps a hostile name within its quotes in every dialect", () => {
  // Whatever the names are, the query without its quoted names is the same.
  const skeleton = (table: string, column: string, dialect: Dialect) =>
    gramQuery(table, { user: column, item: column, value: column }, { dialect }).replace(
      dialect === "bigquery"
        ? /`(\\.|[^`\\])*`/gs
        : dialect === "spark"
        ? /`(``|[^`])*`/gs
        : /"(""|[^"])*"/gs,
      "NAME",
    );
  const names = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 40 })
    .map((name) => `${name}";\`\\'--/*${name}`.slice(0, 60));
  fc.assert(fc.property(names, fc.constantFrom(...dialects), (name, dialect) => {
    const table = `"${name.replaceAll('"', '""')}"`;
    assert.equal(skeleton(table, name, dialect), skeleton("log", "who", dialect));
  }));
});

Deno.test("gramQuery() takes only what is a table, columns and a dialect", () => {
  const write = (table: unknown, columns: unknown = logColumns, options?: unknown) => () =>
    gramQuery(table as string, columns as typeof logColumns, options as { dialect: Dialect });
  const hostile = [
    "shop.log AS t), y AS (DELETE FROM shop.victim RETURNING 1",
    "log; DROP TABLE log",
    "log--",
    "a.b.c.d",
    "a..b",
    ".a",
    "a.",
    '"a',
    '"a"b',
    '""',
    "1log",
    "log t",
    "read_parquet('log')",
    "",
    " ",
    "log\n",
  ];
  for (const table of hostile) {
    assert.throws(write(table), /RangeError.*one to three names, joined by points/, table);
  }
  assert.throws(write(7), TypeError);
  assert.throws(write("log", { user: "a" }), TypeError);
  assert.throws(
    write("log", { user: "", item: "b" }),
    /RangeError.*the name of a column must be a name/,
  );
  assert.throws(write("log", { user: "a\0b", item: "b" }), /without control characters/);
  assert.throws(write('"a\nb"'), /without control characters/);
  assert.throws(
    write("log", logColumns, { dialect: "mysql" }),
    /RangeError.*dialect must be "duckdb"/,
  );
  assert.throws(write("log", logColumns, { dialekt: "spark" }), /TypeError.*no option "dialekt"/);
  const long = "é".repeat(32);
  assert.throws(
    write(long, logColumns, { dialect: "postgresql" }),
    /may have 63 bytes in postgresql/,
  );
  assert.match(write(long)(), /FROM "é+" AS t/);
});
