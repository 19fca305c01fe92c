import assert from "node:assert/strict";
import fc from "fast-check";
import pl from "nodejs-polars";
import { gram, Interactions } from "cosine-lab";
import { gramFromCounts, gramQuery } from "cosine-lab/tables";
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

Deno.test("the query gives the Gram matrix of memory, by way of CSV and Parquet", async () => {
  await withTemporaryFolder((folder) =>
    fc.assert(
      fc.asyncProperty(logs, async ({ df, value }) => {
        const columns = { ...logColumns, value };
        df.writeParquet(`${folder}/log.parquet`);
        const x = Interactions.fromDataFrame(df, columns);
        const query = gramQuery(`read_parquet(${literal(`${folder}/log.parquet`)})`, columns);
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

Deno.test("the query counts repeats once, and adds up their values", async () => {
  const df = pl.DataFrame({ who: [1, 2, 1], what: ["a", "b", "a"], much: [0.5, 3, 1.5] });
  await withTemporaryFolder(async (folder) => {
    df.writeParquet(`${folder}/log.parquet`);
    const table = `read_parquet(${literal(`${folder}/log.parquet`)})`;
    for (const [value, expected] of [[undefined, [1, 0, 1]], ["much", [4, 0, 9]]] as const) {
      await write(gramQuery(table, { ...logColumns, value }), `${folder}/counts.parquet`);
      const g = gramFromCounts(`${folder}/counts.parquet`).gram;
      assert.deepEqual([g.get(0, 0), g.get(0, 1), g.get(1, 1)], expected);
    }
  });
});

Deno.test("gramQuery() takes only what is a table and plain columns", () => {
  const write = (table: unknown, columns: unknown) => () =>
    gramQuery(table as string, columns as typeof logColumns);
  assert.match(write("`a-b.c.log`", logColumns)(), /FROM `a-b\.c\.log` AS t/);
  assert.throws(write("log; DROP TABLE log", logColumns), /what stands after FROM/);
  assert.throws(write("", logColumns), RangeError);
  assert.throws(write(7, logColumns), TypeError);
  assert.throws(write("log", { user: "my user", item: "b" }), /one is "my user": rename it/);
  assert.throws(write("log", { user: "a" }), TypeError);
});
