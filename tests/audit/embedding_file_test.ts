import assert from "node:assert/strict";
import { type EmbeddingFile, openEmbeddings } from "cosine-lab/audit";
import pl from "nodejs-polars";
import { labelNumbers, numericValues, sideColumns } from "../../lib/audit/side_values.ts";
import { withDirectory, writeNpy } from "./write_npy.ts";

const matrixOf = ({ rows }: EmbeddingFile) => {
  const all: number[][] = [];
  for (const { values, rows: count } of rows.blocks()) {
    for (let i = 0; i < count; i++) {
      all.push([...values.subarray(i * rows.columns, (i + 1) * rows.columns)]);
    }
  }
  return all;
};

Deno.test("embeddings are read from text, with and without a header", () => {
  withDirectory((directory) => {
    const read = (name: string, text: string, columns: string[] = []) => {
      Deno.writeTextFileSync(`${directory}/${name}`, text);
      return openEmbeddings(`${directory}/${name}`, columns);
    };
    const expected = [[1, 2], [3, -4.5e-3]];
    assert.deepEqual(matrixOf(read("a.csv", "1,2\n3,-4.5e-3\n")), expected);
    assert.deepEqual(matrixOf(read("a.csv", "\ufeffx,y\r\n1,2\r\n\r\n3,-4.5e-3")), expected);
    assert.deepEqual(matrixOf(read("a.tsv", "1\t2\n3\t-4.5e-3\n")), expected);
    const named = read("a.csv", 'id,x,y\n"a, ""b""\nc",1,2\nd,3,-4.5e-3\n', ["id"]);
    assert.deepEqual(matrixOf(named), expected);
    assert.deepEqual(named.columns.id, ['a, "b"\nc', "d"]);
    assert.deepEqual(matrixOf(read("a.json", "[[1,2],[3,-0.0045]]")), expected);
    const json = read("a.json", '{"embeddings":[[1,2],[3,-0.0045]],"label":["u","v"]}', ["label"]);
    assert.deepEqual(matrixOf(json), expected);
    assert.deepEqual(json.columns.label, ["u", "v"]);
  });
});

Deno.test("embeddings are read from a parquet file, of columns or of lists", () => {
  withDirectory((directory) => {
    const path = `${directory}/x.parquet`;
    pl.DataFrame({ id: ["a", "b"], x: [1, 2], y: [3.5, 4] }).writeParquet(path);
    const columns = openEmbeddings(path, ["id", "label"]);
    assert.deepEqual(matrixOf(columns), [[1, 3.5], [2, 4]]);
    assert.deepEqual(columns.columns, { id: ["a", "b"] });
    pl.DataFrame({ id: ["a", "b"], v: [[1, 3.5], [2, 4]] }).writeParquet(path);
    assert.deepEqual(matrixOf(openEmbeddings(path, ["id"])), [[1, 3.5], [2, 4]]);
    assert.deepEqual(matrixOf(openEmbeddings(path)), [[1, 3.5], [2, 4]]);
    pl.DataFrame({ x: [1, 2], y: ["u", "v"] }).writeParquet(path);
    assert.throws(() => openEmbeddings(path), /row 1, column "y": "u" is no number/);
    Deno.writeTextFileSync(path, "no parquet");
    assert.throws(() => openEmbeddings(path), /x\.parquet is no \.parquet file that can be read/);
  });
});

Deno.test("a text file that cannot be used is named, with line and column", () => {
  withDirectory((directory) => {
    const fails = (name: string, text: string, message: RegExp) => {
      Deno.writeTextFileSync(`${directory}/${name}`, text);
      assert.throws(() => openEmbeddings(`${directory}/${name}`), { name: "InputError", message });
    };
    fails("a.csv", "1,2\n3\n", /a\.csv, line 2 has 1 cells, line 1 has 2/);
    fails("a.csv", "x,y\n1,2\n\n3,oops\n", /a\.csv, line 4, column "y": "oops" is no number/);
    fails("a.csv", "1,2\n3,\n", /a\.csv, line 2, column 2: "" is no number/);
    fails("a.csv", '1,"2\n3,4\n', /line 1: a quote does not end/);
    fails("a.csv", '1,"2"3\n', /line 1: a quoted cell goes on after its quote/);
    fails("a.json", "[[1,2],[3]]", /row 2 has 1 entries, row 1 has 2/);
    fails("a.json", '[[1,2],[3,"4"]]', /row 2, column 2: "4" is no number/);
    fails("a.json", "[[1,2],[3,null]]", /row 2, column 2: null is no number/);
    fails("a.json", "[1,2]", /row 1 is no list of numbers/);
    fails("a.json", '{"vectors":[]}', /must hold \[\[…\], …\] or/);
    fails("a.json", "{", /is no JSON/);
    fails("a.bin", "1", /must be a \.npy, \.csv, \.tsv, \.parquet or \.json file/);
    assert.throws(() => openEmbeddings(`${directory}/none.csv`), /none\.csv does not exist/);
    assert.throws(() => openEmbeddings(directory), /is no file/);
  });
});

Deno.test("labels, popularity and ids come from columns, or from files", () => {
  withDirectory((directory) => {
    const path = (name: string) => `${directory}/${name}`;
    Deno.writeTextFileSync(path("x.csv"), "kind,x,y\nu,1,2\nv,3,4\nu,5,6\n");
    const embeddings = openEmbeddings(path("x.csv"), ["kind"]);
    const find = (labels: string) =>
      sideColumns({ labels, ids: ["id"], popularity: ["popularity"] }, embeddings);
    assert.deepEqual(find("kind"), { labels: ["u", "v", "u"] });
    Deno.writeTextFileSync(path("l.txt"), "u\nv\nu\n");
    assert.deepEqual(find(path("l.txt")).labels, ["u", "v", "u"]);
    Deno.writeTextFileSync(path("l.csv"), "name\nu\nv\nu\n");
    assert.deepEqual(find(path("l.csv")).labels, ["u", "v", "u"]);
    Deno.writeTextFileSync(path("l.csv"), "u\nv\nu\n");
    assert.deepEqual(find(path("l.csv")).labels, ["u", "v", "u"]);
    Deno.writeTextFileSync(path("l.json"), '["u",2,"u"]');
    assert.deepEqual([...labelNumbers(find(path("l.json")).labels!)], [0, 1, 0]);
    writeNpy(path("l.npy"), [[7, 8, 7]], { dtype: "i8", shape: [3] });
    assert.deepEqual(find(path("l.npy")).labels, [7, 8, 7]);

    Deno.writeTextFileSync(path("l.txt"), "u\nv\n");
    assert.throws(() => find(path("l.txt")), /labels for each of the 3 items, .*l\.txt has 2/);
    assert.throws(() => find("sort"), /labels must be in a column .*"sort" is neither/);
    assert.throws(() => find(path("none.txt")), /none\.txt does not exist/);
    assert.throws(
      () => numericValues("popularity", ["1", "x"]),
      /popularity of item 1, counted from 0: "x" is no number/,
    );
    assert.deepEqual([...numericValues("popularity", ["1", 2.5])], [1, 2.5]);
  });
});
