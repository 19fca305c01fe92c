import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { parse } from "@polyglot-sql/sdk";
import pl from "nodejs-polars";
import { fileURLToPath } from "node:url";
import { parse as parsePostgresql } from "pgsql-parser";
import { gram, Interactions } from "cosine-lab";
import { type Dialect, gramFromCounts, gramQuery } from "cosine-lab/tables";
import { literal, withDuckDb } from "../../lib/tables/duck_db.ts";
import { assertClose } from "../assert_close.ts";
import { withTemporaryFolder } from "../temporary_folder.ts";
import { logColumns, logs } from "./logs.ts";
import type { SparkSQL } from "./spark_grammar.ts";

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

/**
 * Names that would end a query early, or begin another, were they not quoted. They begin with a letter:
 * one of the parsers takes three quotes for the start of a string in any dialect.
 */
const hostileNames = fc.string({ unit: "grapheme", minLength: 1, maxLength: 9 })
  .filter((name) => !/\p{C}/u.test(name))
  .chain((name) => fc.shuffledSubarray([name, '"', "`", "\\", "'", "; DROP TABLE x", "--", "/*"]))
  .map((parts) => `n${parts.join("")}`);

/** A query of three names, with a value and without, and what a grammar makes of it. */
const queries = (name: string, dialect: Dialect) =>
  [undefined, `${name}v`].map((value) =>
    gramQuery(
      `"${name.replaceAll('"', '""')}"."b c"`,
      { user: `${name}u`, item: "select", value },
      {
        dialect,
      },
    )
  );

/** A tree without places, in which the names that begin with `name` are called as those of `plain`. */
const renamed = (tree: unknown, name: string, plain: string): unknown =>
  JSON.parse(
    JSON.stringify(tree, (key, value) =>
      key === "span" || /location|stmt_len/.test(key)
        ? undefined
        : ["", "u", "v"].some((end) =>
            value === name + end
          )
        ? plain + value.slice(name.length)
        : value),
  );

Deno.test("a grammar of each dialect finds one query, and in it the names as they are", async () => {
  const trees: Record<string, (query: string) => unknown> = Object.fromEntries(
    dialects.map((dialect) => [dialect, (query: string) => {
      const { success, ast, error } = parse(query, dialect as Parameters<typeof parse>[1]);
      assert(success, `${error}: ${query}`);
      return ast;
    }]),
  );
  for (const dialect of dialects) {
    const plain = queries("log", dialect).map(trees[dialect]);
    assert(plain.every((tree) => Array.isArray(tree) && tree.length === 1 && "select" in tree[0]));
    fc.assert(fc.property(hostileNames, (name) => {
      const found = queries(name, dialect).map(trees[dialect]);
      assert.deepEqual(renamed(found, name, "log"), renamed(plain, "log", "log"));
    }));
  }
  // PostgreSQL's own parser.
  const parseAll = (name: string) => Promise.all(queries(name, "postgresql").map(parsePostgresql));
  const plain = await parseAll("log");
  await fc.assert(fc.asyncProperty(hostileNames, async (name) => {
    assert.deepEqual(renamed(await parseAll(name), name, "log"), renamed(plain, "log", "log"));
  }));
});

Deno.test("Spark's own grammar takes the query", async () => {
  await withTemporaryFolder(async (folder) => {
    const source = fileURLToPath(new URL("./spark_grammar.ts", import.meta.url));
    const bundled = `${folder}/spark.js`;
    const { success, stderr } = new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--platform", "browser", "--output", bundled, source],
    }).outputSync();
    assert(success, new TextDecoder().decode(stderr));
    const spark = new (await import(`file://${bundled}`)).SparkSQL() as SparkSQL;
    assert.notEqual(spark.validate("SELECT `a FROM b").length, 0);
    fc.assert(
      fc.property(hostileNames, (name) => {
        for (const query of queries(name, "spark")) assert.deepEqual(spark.validate(query), []);
      }),
      { numRuns: 20 },
    );
  });
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
