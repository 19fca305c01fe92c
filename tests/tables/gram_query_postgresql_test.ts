import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { gram, Interactions } from "cosine-lab";
import { gramFromCounts, gramQuery } from "cosine-lab/tables";
import { assertClose } from "../assert_close.ts";
import { withTemporaryFolder } from "../temporary_folder.ts";
import { logColumns, logs } from "./logs.ts";
import { hasPostgresql, type Sql, withPostgresql } from "./postgresql.ts";

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
