import assert from "node:assert/strict";
import { gramFromCounts } from "cosine-lab/tables";
import pl from "nodejs-polars";
import { withTemporaryFolder } from "../temporary_folder.ts";

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
  assert.throws(() => gramFromCounts("/nowhere.csv"), /Cannot read counts: there is no file/);
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
