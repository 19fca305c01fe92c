import assert from "node:assert/strict";
import { DuckDBInstance } from "@duckdb/node-api";
import { InputError, openEmbeddings } from "cosine-lab/audit";
import pl from "nodejs-polars";
import seedrandom from "seedrandom";
import { withDirectory } from "../write_npy.ts";

const fixtures = new URL("../fixtures/", import.meta.url).pathname;
const FILES = [
  ...["float16.npy", "int8.npy", "fortran_big_endian.npy", "stored.npz", "compressed.npz"],
  ...["gensim.vec", "gensim.bin", "glove.txt", "savetxt.txt", "faiss.fvecs"],
  ...["pandas.csv", "pandas_semicolon.csv", "pandas_arrays.csv", "pandas_lists.csv"],
  ...["pandas.jsonl", "pandas_records.json", "openai.json", "openai_base64.json"],
  ...["bf16.safetensors", "f32.safetensors"],
];
const CASES = 60;

/** Damages bytes in one of the ways in which files are damaged, or are made to harm. */
function damaged(bytes: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  const below = (n: number) => Math.floor(random() * n);
  let result = [...bytes];
  for (let times = 1 + below(3); times > 0; times--) {
    const at = below(result.length);
    const kind = below(6);
    if (kind === 0) result = result.slice(0, at);
    else if (kind === 1) result[at] = below(256);
    else if (kind === 2) result[at] ^= 1 << below(8);
    else if (kind === 3) result.splice(at, 1 + below(8));
    else if (kind === 4) result.splice(at, 0, ...result.slice(at, at + 1 + below(20)));
    else {
      const text = [
        "\n",
        '"',
        ",",
        "NaN",
        "-",
        "1e999",
        "[",
        "}",
        "\0",
        "\r",
        "\ufeff",
        "999999999",
      ];
      result.splice(at, 0, ...new TextEncoder().encode(text[below(text.length)]));
    }
  }
  return Uint8Array.from(result);
}

/** Reads a file to its end: what comes is finite, or it ends in an InputError of one line. */
async function readsOrRefuses(path: string, what: string): Promise<boolean> {
  try {
    const { rows, ids, columns } = await openEmbeddings(path, { columns: ["popularity"] });
    let count = 0;
    for (const block of rows.blocks()) {
      assert.equal(block.start, count, what);
      assert.equal(block.values.length, block.rows * rows.columns, what);
      assert(block.values.every(Number.isFinite), what);
      count += block.rows;
    }
    assert(count > 0 && count === rows.rows, what);
    if (ids !== undefined) assert.equal(ids.length, count, what);
    for (const column of Object.values(columns)) assert.equal(column.length, count, what);
    return true;
  } catch (error) {
    assert(error instanceof InputError, `${what}: ${(error as Error).stack}`);
    assert.match(error.message, /^[^\n\r]{1,1010}$/, what);
    return false;
  }
}

async function mutate(name: string, bytes: Uint8Array, directory: string): Promise<void> {
  const random = seedrandom.alea(`mutations of ${name}`);
  const path = `${directory}/${name}`;
  let read = 0;
  for (let i = 0; i < CASES; i++) {
    Deno.writeFileSync(path, damaged(bytes, random));
    if (await readsOrRefuses(path, `${name}, case ${i}`)) read++;
  }
  assert(read < CASES, `${name}: nothing was refused`);
}

for (const name of FILES) {
  Deno.test(`a damaged ${name} is read or refused, and no NaN passes`, async () => {
    await withDirectory((directory) => mutate(name, Deno.readFileSync(fixtures + name), directory));
  });
}

Deno.test("a damaged Parquet or Arrow file is read or refused, and no NaN passes", async () => {
  await withDirectory(async (directory) => {
    const { rows, words } = JSON.parse(Deno.readTextFileSync(`${fixtures}expected.json`));
    const parquet = `${directory}/a.parquet`;
    for (const compression of ["uncompressed", "lz4", "zstd"] as const) {
      const arrow = `${directory}/${compression}`;
      pl.DataFrame({ word: words, vector: rows }).writeIPC(arrow, { compression });
      await mutate(`${compression}.arrow`, Deno.readFileSync(arrow), directory);
    }
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT range AS id, [random(), random()]::FLOAT[] AS v FROM range(20))
       TO '${parquet}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    await mutate("b.parquet", Deno.readFileSync(parquet), directory);
  });
});
