import assert from "node:assert/strict";
import { gramFromCounts } from "cosine-lab/tables";
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
  await reject("a,,1\n", /two items and a finite count must be in each row, row 0/);
  await reject("", /there is none in/);
  assert.throws(() => gramFromCounts("/nowhere.csv"), /Cannot read counts: there is no file/);
  assert.throws(() => gramFromCounts([]), /there must be a path/);
  assert.throws(() => gramFromCounts(1 as never), TypeError);
  assert.throws(() => gramFromCounts("a.csv", { total: 1 } as never), TypeError);
});
