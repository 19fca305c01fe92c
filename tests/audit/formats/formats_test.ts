import assert from "node:assert/strict";
import { DuckDBInstance } from "@duckdb/node-api";
import { openEmbeddings, type OpenOptions } from "cosine-lab/audit";
import pl from "nodejs-polars";
import { withDirectory } from "../write_npy.ts";
import { readRows } from "./read_rows.ts";

const fixtures = new URL("../fixtures/", import.meta.url).pathname;
const json = (name: string) => JSON.parse(Deno.readTextFileSync(fixtures + name));
const expected = json("expected.json") as { rows: number[][]; words: string[] };
const descending = Array.from({ length: 12 }, (_, i) => 12 - i);
const times = (factor: number, shift = 0) =>
  expected.rows.map((row) => row.map((value) => value * factor + shift));

interface Case {
  file: string;
  rows?: number[][];
  ids?: unknown;
  options?: OpenOptions;
  dtype?: string;
}

const { words } = expected;
const columns = ["popularity"];
const cases: Record<string, Case[]> = {
  NumPy: [
    ...["float16", "float32", "float64"].map((dtype) => ({ file: `${dtype}.npy`, dtype })),
    ...["int8", "int16", "int32", "int64"].map((dtype) => ({
      file: `${dtype}.npy`,
      dtype,
      rows: times(8),
    })),
    ...["uint8", "uint16"].map((dtype) => ({ file: `${dtype}.npy`, dtype, rows: times(8, 31) })),
    { file: "fortran_big_endian.npy", dtype: "float32" },
    { file: "stored.npz", ids: words, options: { columns } },
    { file: "compressed.npz", ids: words, options: { columns } },
    { file: "two.npz", options: { vectors: "items" } },
    { file: "savetxt.txt" },
  ],
  gensim: [
    { file: "gensim.vec", ids: words },
    { file: "gensim.bin", ids: words, dtype: "float32" },
    { file: "glove.txt", ids: words },
  ],
  fastText: [{
    file: "fasttext.vec",
    ids: json("fasttext.json").words,
    rows: json("fasttext.json").rows,
  }],
  pandas: [
    { file: "pandas.csv", ids: words, dtype: "text" },
    { file: "pandas_semicolon.csv", ids: words },
    { file: "pandas_index.csv", ids: descending.map((_, i) => `${i}`) },
    { file: "pandas_lists.csv", ids: words, options: { columns } },
    { file: "pandas_arrays.csv", ids: words, options: { columns } },
    { file: "pandas.jsonl", ids: words, options: { columns } },
    { file: "pandas_records.json", ids: words, options: { columns } },
  ],
  FAISS: [{ file: "faiss.fvecs", dtype: "float32" }],
  "OpenAI, by its reference": [
    { file: "openai.json" },
    { file: "openai_base64.json" },
  ],
  "safetensors, by its specification": [
    { file: "f32.safetensors", dtype: "float32" },
    { file: "f16.safetensors", dtype: "float16" },
    { file: "bf16.safetensors", dtype: "bfloat16" },
  ],
};

for (const [library, files] of Object.entries(cases)) {
  Deno.test(`embeddings are read as written by ${library}`, async () => {
    for (const { file, rows = expected.rows, ids, options, dtype } of files) {
      const found = await openEmbeddings(fixtures + file, options);
      assert.deepEqual([found.rows.rows, found.rows.columns], [rows.length, rows[0].length], file);
      const read = readRows(found.rows);
      assert.deepEqual(read, rows, file);
      assert.deepEqual(readRows(found.rows), read, `${file}, a second time`);
      assert.deepEqual(found.ids, ids, file);
      if (dtype !== undefined) assert.equal(found.dtype, dtype, file);
      if (options?.columns !== undefined) {
        assert.deepEqual(found.columns.popularity.map(Number), descending, file);
      }
    }
  });
}

Deno.test("embeddings are read as written by DuckDB, in every form that Parquet has for them", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/a [1]*, 'b'.parquet`;
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const values = expected.rows.map((row, i) =>
      `('${words[i].replaceAll("'", "''")}', ${12 - i}, [${row.join(", ")}])`
    );
    const write = (select: string) =>
      connection.run(
        `COPY (SELECT ${select} FROM (VALUES ${values.join(", ")}) t(w, p, v))
         TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`,
      );
    const forms: [string, string][] = [
      ["w AS word, v::FLOAT[] AS vector", "float32"],
      ["w AS word, v::FLOAT[5] AS vector", "float32"],
      ["w AS word, v::DOUBLE[] AS vector, p AS popularity", "float64"],
      ["w AS word, v AS vector", "float64"],
      ["w AS word, CAST(v AS VARCHAR) AS vector", "float64"],
      [`w AS word, ${[1, 2, 3, 4, 5].map((c) => `v[${c}]::FLOAT AS x${c}`)}`, "float32"],
      [`w AS word, ${[1, 2, 3, 4, 5].map((c) => `v[${c}]::DECIMAL(9, 4) AS x${c}`)}`, "float64"],
      ["w AS word, v::FLOAT[] AS vector, uuid() AS u, 'x'::BLOB AS b, {'a': 1} AS s", "float32"],
    ];
    try {
      for (const [select, dtype] of forms) {
        await write(select);
        const found = await openEmbeddings(path, { columns });
        assert.deepEqual(readRows(found.rows), expected.rows, select);
        assert.deepEqual(found.ids, words, select);
        assert.equal(found.dtype, dtype, select);
        if (select.includes("popularity")) {
          assert.deepEqual(found.columns.popularity, descending);
        }
      }
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
});

Deno.test("embeddings are read as written by polars, in every form that Arrow has for them", async () => {
  await withDirectory(async (directory) => {
    const vectors = pl.Series("vector", expected.rows);
    const forms = [
      pl.DataFrame({ word: words, vector: vectors, popularity: descending }),
      pl.DataFrame({ word: words, vector: vectors.cast(pl.List(pl.Float32)) }),
      pl.DataFrame({ word: words, vector: vectors.cast(pl.FixedSizeList(pl.Float32, 5)) }),
      pl.DataFrame({
        word: words,
        ...Object.fromEntries(
          [0, 1, 2, 3, 4].map((c) => [`x${c}`, expected.rows.map((r) => r[c])]),
        ),
      }),
    ];
    for (const [i, frame] of forms.entries()) {
      for (const compression of ["uncompressed", "lz4", "zstd"] as const) {
        const path = `${directory}/a[${i}].feather`;
        frame.writeIPC(path, { compression });
        const found = await openEmbeddings(path, { columns });
        assert.deepEqual(readRows(found.rows), expected.rows);
        assert.deepEqual(found.ids, words);
        if (i === 0) assert.deepEqual(found.columns.popularity, descending);
        // The mark at the start is enough, whatever the name.
        Deno.renameSync(path, `${directory}/export`);
        assert.deepEqual((await openEmbeddings(`${directory}/export`)).ids, words);
      }
    }
  });
});
