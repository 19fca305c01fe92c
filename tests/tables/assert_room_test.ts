import assert from "node:assert/strict";
import { assertRoom } from "../../lib/tables/read_table.ts";
import { gramFromCounts } from "cosine-lab/tables";
import { withTemporaryFolder } from "../temporary_folder.ts";

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
