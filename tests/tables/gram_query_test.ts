import { parse } from "@polyglot-sql/sdk";
import { gram, Interactions } from "cosine-lab";
import { type Dialect, gramFromCounts, gramQuery } from "cosine-lab/tables";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import pl from "nodejs-polars";
import { parse as parsePostgresql } from "pgsql-parser";
import { literal, withDuckDb } from "../../lib/tables/duck_db.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
import { withTemporaryFolder } from "../folder.ts";
import { logColumns, logs } from "./logs.ts";
import { hasPostgresql, type Sql, withPostgresql } from "./postgresql.ts";
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
    write("log", logColumns, { dialect: "no such dialect" }),
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

const dialect = "postgresql";
if (!hasPostgresql) {
  console.warn(
    "Skipped: gramQuery() on PostgreSQL, which is not installed (Debian: postgresql-15)",
  );
}

const text = (value: unknown) => `'${String(value).replaceAll("'", "''")}'`;

/** The Gram matrix that a query computes. */
function counted(sql: Sql, query: string, folder: string) {
  const path = `${folder}/counts.csv`;
  Deno.writeTextFileSync(path, sql(query));
  return gramFromCounts(path);
}

Deno.test({
  name: "on PostgreSQL the query gives the Gram matrix of memory, and touches nothing else",
  ignore: !hasPostgresql,
  fn: () =>
    withPostgresql((sql) =>
      withTemporaryFolder((folder) => {
        const hostile = 'log" AS t), y AS (DELETE FROM victim RETURNING 1) SELECT "';
        const column = 'Who; DROP TABLE "victim"; --';
        sql(`CREATE TABLE victim AS SELECT 1 AS one; CREATE SCHEMA "My Shop"`);
        const name = hostile.replaceAll('"', '""');
        fc.assert(
          fc.property(logs, ({ df, value }) => {
            // PostgreSQL refuses a product that is too small for a number.
            fc.pre(
              df.toRecords().every(({ much }) => much === 0 || Math.abs(Number(much)) > 1e-100),
            );
            const id = typeof df.getColumn("what").toArray()[0] === "number" ? "bigint" : "text";
            const rows = df.toRecords().map(({ who, what, much }) =>
              `(${text(who)}, ${text(what)}::${id}, ${text(much)}::float8)`
            );
            sql(`DROP TABLE IF EXISTS "My Shop"."${name}"; CREATE TABLE "My Shop"."${name}" AS
              SELECT * FROM (VALUES ${rows.join()}) AS v("${
              column.replaceAll('"', '""')
            }", "What", much)`);
            const columns = { user: column, item: "What", value: value && "much" };
            const query = gramQuery(`"My Shop"."${name}"`, columns, { dialect });
            const counts = counted(sql, query, folder);
            const x = Interactions.fromDataFrame(df, { ...logColumns, value });
            assert.deepEqual(counts.itemIds, x.itemIds);
            assertClose(counts.gram, gram(x), 1e-9);
          }),
          { numRuns: 5 },
        );
        assert.equal(sql("SELECT count(*) FROM victim"), "count\n1\n");
        sql(`CREATE TABLE large AS SELECT 1 AS who, 'a' AS what, ${2n ** 62n}::bigint AS much`);
        const query = gramQuery("large", { ...logColumns, value: "much" }, { dialect });
        assert.equal(counted(sql, query, folder).gram.get(0, 0), 2 ** 124);
      })
    ),
});

/** Reads texts as CSV files of counts. */
function read(...texts: string[]) {
  return withTemporaryFolder((folder) => {
    const paths = texts.map((text, i) => {
      Deno.writeTextFileSync(`${folder}/${i}.csv`, `item_a,item_b,total\n${text}`);
      return `${folder}/${i}.csv`;
    });
    return gramFromCounts(paths);
  });
}

Deno.test("gramFromCounts() reads pairs in one order or in both, over several files", async () => {
  const expected = { itemIds: [2, 10], gram: [[3, 1], [1, 5]] };
  for (const texts of [["10,2,1\n2,2,3\n10,10,5\n"], ["2,2,3\n10,2,1\n", "2,10,1\n10,10,5\n"]]) {
    const { gram, itemIds } = await read(...texts);
    assert.deepEqual({ itemIds, gram: gram.to2DArray() }, expected);
  }
  assert.deepEqual((await read("1,1,2\n7,7,1\n")).gram.get(0, 1), 0);
  // In the first file all ids look like integers.
  assert.deepEqual((await read("1,1,2\n", "a,a,2\n")).itemIds, ["1", "a"]);
});

Deno.test("gramFromCounts() says what is wrong", async () => {
  const reject = (text: string, error: RegExp) => assert.rejects(() => read(text), error);
  await reject("a,a,1\na,b,1\n", /every item must have a count with itself, b has none/);
  await reject("a,a,1\na,a,1\n", /a pair of items must have one count, \(a, a\) has two/);
  await reject("a,a,1\nb,b,1\na,b,1\nb,a,2\n", /\(a, b\) has two/);
  await reject("a,a,x\n", /Cannot read counts: values must be finite numbers, .* "x" in row 0/);
  await reject("a,a,0x10\n", /values must be finite numbers, .* "0x10" in row 0/);
  await reject("a,a,-1\n", /RangeError.*a sum of squares, that of a is -1/);
  await reject(
    "a,,1\n",
    /two items and a finite count, exact as a number, must be in each row, row 0/,
  );
  await reject("", /there is none in/);
  assert.throws(
    () => gramFromCounts("/nowhere.csv"),
    /Cannot read counts: .*nowhere\.csv does not exist/,
  );
  assert.throws(() => gramFromCounts([]), /there must be a path/);
  assert.throws(() => gramFromCounts(1 as never), TypeError);
  assert.throws(() => gramFromCounts("a.csv", { total: 1 } as never), TypeError);
  assert.throws(() => gramFromCounts("a.csv", { totl: "n" } as never), /no option "totl"/);
});

Deno.test("gramFromCounts() takes the upper case of Snowflake's columns", async () => {
  await withTemporaryFolder((folder) => {
    const columns = { ITEM_A: ["a"], ITEM_B: ["a"], TOTAL: [3] };
    pl.DataFrame(columns).writeParquet(`${folder}/upper.parquet`);
    assert.deepEqual(gramFromCounts(`${folder}/upper.parquet`).gram.to2DArray(), [[3]]);
    // A column that is as it is asked for comes before one that differs in case.
    pl.DataFrame({ ...columns, total: [4] }).writeParquet(`${folder}/both.parquet`);
    const both = { first: "ITEM_A", second: "ITEM_B" };
    assert.deepEqual(gramFromCounts(`${folder}/both.parquet`, both).gram.to2DArray(), [[4]]);
  });
});

Deno.test("gramFromCounts() refuses counts that are not numbers, or cannot be exact", async () => {
  await withTemporaryFolder((folder) => {
    const read = (total: unknown[], type?: typeof pl.UInt64) => {
      const path = `${folder}/counts.parquet`;
      const series = type === undefined ? total : pl.Series("total", total, type);
      pl.DataFrame({ item_a: ["a"], item_b: ["a"], total: series }).writeParquet(path);
      return () => gramFromCounts(path);
    };
    assert.throws(read([true]), /TypeError.*counts must be numbers, .* of type Bool/);
    assert.throws(read([[1]]), /TypeError.*of type List/);
    assert.throws(read(["3"]), /TypeError.*of type (String|Utf8)/);
    assert.throws(read([new Date(0)]), /TypeError.*of type Datetime/);
    assert.throws(read([2n ** 53n + 1n], pl.UInt64), /RangeError.*exact as a number/);
    assert.equal(read([2n ** 53n - 1n], pl.UInt64)().gram.get(0, 0), 2 ** 53 - 1);
  });
});
