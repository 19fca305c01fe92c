import assert from "node:assert/strict";
import { type EmbeddingFile, openEmbeddings } from "cosine-lab/audit";
import pl from "nodejs-polars";
import { withDirectory } from "../write_npy.ts";

const matrixOf = ({ rows }: EmbeddingFile) => {
  const all: number[][] = [];
  for (const { values, rows: count } of rows.blocks()) {
    for (let i = 0; i < count; i++) {
      all.push([...values.subarray(i * rows.columns, (i + 1) * rows.columns)]);
    }
  }
  return all;
};

Deno.test("embeddings are read from text, with and without a header", async () => {
  await withDirectory(async (directory) => {
    const read = (name: string, text: string, columns: string[] = []) => {
      Deno.writeTextFileSync(`${directory}/${name}`, text);
      return openEmbeddings(`${directory}/${name}`, { columns });
    };
    const expected = [[1, 2], [3, -4.5e-3]];
    assert.deepEqual(matrixOf(await read("a.csv", "1,2\n3,-4.5e-3\n")), expected);
    assert.deepEqual(matrixOf(await read("a.csv", "\ufeffx,y\r\n1,2\r\n\r\n3,-4.5e-3")), expected);
    assert.deepEqual(matrixOf(await read("a.tsv", "1\t2\n3\t-4.5e-3\n")), expected);
    const named = await read("a.csv", 'id,x,y\n"a, ""b""\nc",1,2\nd,3,-4.5e-3\n', ["id"]);
    assert.deepEqual(matrixOf(named), expected);
    assert.deepEqual(named.columns.id, ['a, "b"\nc', "d"]);
    assert.deepEqual(matrixOf(await read("a.json", "[[1,2],[3,-0.0045]]")), expected);
    const json = await read("a.json", '{"embeddings":[[1,2],[3,-0.0045]],"label":["u","v"]}', [
      "label",
    ]);
    assert.deepEqual(matrixOf(json), expected);
    assert.deepEqual(json.columns.label, ["u", "v"]);
  });
});

Deno.test("embeddings are read from a parquet file, of columns or of lists", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/x.parquet`;
    pl.DataFrame({ id: ["a", "b"], x: [1, 2], y: [3.5, 4] }).writeParquet(path);
    const columns = await openEmbeddings(path, { columns: ["id", "label"] });
    assert.deepEqual(matrixOf(columns), [[1, 3.5], [2, 4]]);
    assert.deepEqual(columns.columns, { id: ["a", "b"] });
    pl.DataFrame({ id: ["a", "b"], v: [[1, 3.5], [2, 4]] }).writeParquet(path);
    assert.deepEqual(matrixOf(await openEmbeddings(path, { columns: ["id"] })), [[1, 3.5], [2, 4]]);
    assert.deepEqual(matrixOf(await openEmbeddings(path)), [[1, 3.5], [2, 4]]);
    pl.DataFrame({ x: [1, 2], y: ["u", "v"] }).writeParquet(path);
    const { ids, notes } = await openEmbeddings(path);
    assert.deepEqual(ids, ["u", "v"]);
    assert.match(notes[0], /column "y" holds text that is different in every row: .* the ids/);
    Deno.writeTextFileSync(path, "no parquet");
    await assert.rejects(
      openEmbeddings(path),
      /x\.parquet is not a \.parquet file that can be read/,
    );
  });
});

Deno.test("a text file that cannot be used is named, with line and column", async () => {
  await withDirectory(async (directory) => {
    const fails = (name: string, text: string, message: RegExp) => {
      Deno.writeTextFileSync(`${directory}/${name}`, text);
      return assert.rejects(openEmbeddings(`${directory}/${name}`, { strict: true }), {
        name: "InputError",
        message,
      });
    };
    await fails("a.csv", "1,2\n3,4\n5\n", /a\.csv, line 3 has 1 cells, most have 2/);
    await fails(
      "a.csv",
      "x,y\n1,2\n\n3,oops\n",
      /a\.csv, line 4, column "y": "oops" is not a number/,
    );
    await fails("a.csv", "1,2\n3,\n", /a\.csv, line 2, column 2 is missing/);
    await fails("a.csv", '1,"2\n3,4\n', /line 1: a quote does not end/);
    await fails("a.csv", '1,"2"3\n', /line 1: a quoted cell goes on after its quote/);
    await fails("a.json", "[[1,2],[3]]", /row 2, .* of 1 entries, most have 2/);
    await fails("a.json", '[[1,2],[3,"x"]]', /row 2, .*entry 2: "x" is not a number/);
    await fails("a.json", "[[1,2],[3,null]]", /row 2, .*entry 2 is missing/);
    await fails("a.json", '{"rows":[]}', /must hold lists of numbers/);
    await fails("a.json", "{", /is no JSON/);
    await fails("a.bin", "\0\0\x80\x3f", /a\.bin is no word2vec \.bin file.*np\.fromfile/);
    await assert.rejects(openEmbeddings(`${directory}/none.csv`), /none\.csv does not exist/);
    await assert.rejects(
      openEmbeddings(directory),
      /is a folder of 3 files that are no parts of one/,
    );
  });
});
