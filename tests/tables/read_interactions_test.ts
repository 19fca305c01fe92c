import { Interactions } from "cosine-lab";
import { gramFromCounts, readInteractions, type ReadOptions } from "cosine-lab/tables";
import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { assertRoom } from "../../lib/tables/read_table.ts";
import fc from "../fast_check.ts";
import { withTemporaryFolder } from "../folder.ts";

const columns = { user: "who", item: "what" };

/** Reads a text as a CSV file. */
function read(text: string, options: Partial<ReadOptions> = {}, extension = "csv") {
  return withTemporaryFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/log.${extension}`, text);
    return readInteractions(`${folder}/log.${extension}`, { ...columns, ...options });
  });
}

/** A field of a CSV file. */
function quoted(field: unknown): string {
  return `"${String(field).replaceAll('"', '""')}"`;
}

Deno.test("readInteractions() reads the same from CSV, Parquet and memory", async () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('a "b", c', "ä;é", "😀", "007", "7", "1e3"))
    .filter((text) => text.trim() === text && text !== "" && !/[\r\n\0]/.test(text));
  const id = fc.oneof(
    { arbitrary: fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), weight: 2 },
    fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 6 }),
  );
  const tables = fc.tuple(id, id).chain(([users, items]) =>
    fc.uniqueArray(fc.tuple(fc.constantFrom(...users), fc.constantFrom(...items)), {
      minLength: 1,
      selector: ([user, item]) => JSON.stringify([user, item]),
    })
  );
  await withTemporaryFolder((folder) =>
    fc.assert(
      fc.property(tables, fc.double({ noNaN: true, min: 0.5, max: 9 }), (pairs, scale) => {
        const df = pl.DataFrame({
          who: pairs.map(([user]) => user),
          what: pairs.map(([, item]) => item),
          much: pairs.map((_, t) => scale * (t + 1)),
        });
        const rows = df.toRecords().map((row) => Object.values(row).map(quoted).join());
        Deno.writeTextFileSync(`${folder}/log.csv`, ["who,what,much", ...rows, ""].join("\n"));
        df.writeParquet(`${folder}/log.parquet`);
        for (const options of [columns, { ...columns, value: "much" }]) {
          const expected = Interactions.fromDataFrame(df, options);
          for (const extension of ["csv", "parquet"]) {
            const { interactions } = readInteractions(`${folder}/log.${extension}`, options);
            const ids = interactions.itemIds!.map(String);
            assert.deepEqual(new Set(ids), new Set(expected.itemIds!.map(String)));
            // Strings that look like integers are numbers in a CSV file, and sorted as such.
            if (typeof interactions.itemIds![0] !== typeof expected.itemIds![0]) continue;
            if (typeof interactions.userIds![0] !== typeof expected.userIds![0]) continue;
            assert.deepEqual(interactions, expected);
          }
        }
      }),
      { numRuns: 60 },
    )
  );
});

Deno.test("readInteractions() tells where ids went", async () => {
  const { interactions, users, items } = await read("who,what\n30,b\n4,a\n30,a\n");
  assert.deepEqual([...users], [[4, 0], [30, 1]]);
  assert.deepEqual([...items], [["a", 0], ["b", 1]]);
  assert.deepEqual(interactions.toDense().to2DArray(), [[1, 0], [1, 1]]);
});

Deno.test("readInteractions() reads CSV as programs write it", async () => {
  const excel = await read('\ufeffwho,what,x\r\n"Doe, Ann",007,1\r\n"the ""one""",7,2\r\n');
  assert.deepEqual([...excel.users.keys()], ["Doe, Ann", 'the "one"']);
  assert.deepEqual([...excel.items.keys()], ["007", "7"]);
  assert.deepEqual([...(await read("what\twho\nx y\t1\n", {}, "tsv")).items.keys()], ["x y"]);
});

Deno.test("readInteractions() drops what is rare", async () => {
  const log = "who,what\n1,a\n1,b\n2,a\n2,b\n3,c\n";
  assert.deepEqual([...(await read(log, { minimumCount: 2 })).items.keys()], ["a", "b"]);
  assert.deepEqual([...(await read(log, { minimumCount: { item: 1 } })).users.keys()], [1, 2, 3]);
  await assert.rejects(() => read(log, { minimumCount: 3 }), /nothing is left/);
});

Deno.test("readInteractions() takes repeats as it is told", async () => {
  const log = "who,what,much\n1,a,0.5\n1,a,1.5\n2,b,3\n";
  await assert.rejects(
    () => read(log),
    /pair may be there once, \(1, a\) is there again: count it once .*"sum"\), in .*csv/,
  );
  assert.equal((await read(log, { repeats: "once" })).interactions.values, null);
  const counts = (await read(log, { repeats: "sum" })).interactions;
  assert.deepEqual(counts.toDense().to2DArray(), [[2, 0], [0, 1]]);
  const sums = (await read(log, { repeats: "sum", value: "much" })).interactions;
  assert.deepEqual(sums.toDense().to2DArray(), [[2, 0], [0, 3]]);
  await assert.rejects(() => read(log, { repeats: "once", value: "much" }), RangeError);
  await assert.rejects(() => read(log, { repeats: "never" as never }), /"refuse", "once" or "sum"/);
});

Deno.test("readInteractions() reads ids that are dates or too large for a number", async () => {
  await withTemporaryFolder((folder) => {
    const days = [new Date(0), new Date(86_400_000), new Date(0)];
    const df = pl.DataFrame({ who: [1n, 2n ** 60n, 2n ** 60n], what: days });
    df.writeParquet(`${folder}/log.parquet`);
    const { users, items } = readInteractions(`${folder}/log.parquet`, columns);
    assert.deepEqual([...users.keys()], [1n, 2n ** 60n]);
    assert.equal(items.size, 2);
    assert.match(String([...items.keys()][0]), /^1970-01-01/);
  });
});

Deno.test("readInteractions() says what is wrong with a file", async () => {
  const reject = (text: string, error: RegExp, options = {}, extension = "csv") =>
    assert.rejects(() => read(text, options, extension), error);
  await reject("who,item\n1,2\n", /there is no column "what" in .*log.csv, it has "who", "item"/);
  await reject("", /log.csv is not a csv file/);
  await reject("who,what\n", /the table has no rows, in .*log.csv/);
  await reject("who,what\n1,2\n3\n", /column "what" has none in row 1, in .*log.csv/);
  await reject("who,what\n1,2,3\n", /log.csv is not a csv file/);
  await reject("who,what\n1,2\n", /log.parquet is not a parquet file/, {}, "parquet");
  await reject("who,what\n1,2\n", /must end in .csv, .tsv or .parquet/, {}, "txt");
  for (const value of ["much", "", "nan", "inf", "1,5"]) {
    const text = `who,what,much\n1,2,3\n1,3,"${value}"\n`;
    await reject(text, /values must be finite numbers, .* row 1/, { value: "much" });
  }
  assert.throws(
    () => readInteractions("/nowhere/log.csv", columns),
    /nowhere\/log\.csv does not exist/,
  );
  assert.throws(() => readInteractions(7 as never, columns), TypeError);
  assert.throws(() => readInteractions("log.csv", null as never), TypeError);
  assert.throws(() => readInteractions("log.csv", { user: "a" } as never), /item must be a string/);
});

Deno.test("assertRoom() counts all matrices, to the byte", () => {
  assertRoom("add", 1000, 2, 16e6);
  assert.throws(() => assertRoom("add", 1000, 2, 16e6 - 1), /RangeError: Cannot add: .*0.0 GB/);
});

Deno.test("gramFromCounts() refuses more items than fit, before it takes the memory", async () => {
  await withTemporaryFolder((folder) => {
    const items = 200_000;
    const rows = Array.from({ length: items }, (_, i) => `${i},${i},1`);
    Deno.writeTextFileSync(`${folder}/counts.csv`, `item_a,item_b,total\n${rows.join("\n")}\n`);
    assert.throws(
      () => gramFromCounts(`${folder}/counts.csv`),
      /RangeError: Cannot read counts: a Gram matrix of 200000 items takes 320.0 GB/,
    );
  });
});
