import assert from "node:assert/strict";
import { openEmbeddings } from "cosine-lab/audit";
import { withDirectory, writeNpy } from "../write_npy.ts";
import { readRows } from "./read_rows.ts";

Deno.test("a file that is changed while it is read is noticed", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/a.npy`;
    writeNpy(path, [[1, 2], [3, 4]]);
    const { rows } = await openEmbeddings(path);
    writeNpy(path, [[1, 2], [3, 4], [5, 6]]);
    assert.throws(() => readRows(rows), /a\.npy was changed while it was read/);
    Deno.removeSync(path);
    assert.throws(() => readRows(rows), /a\.npy does not exist/);
  });
});
