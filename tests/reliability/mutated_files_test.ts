import assert from "node:assert/strict";
import { DuckDBInstance } from "@duckdb/node-api";
import { InputError, openEmbeddings } from "cosine-lab/audit";
import pl from "nodejs-polars";
import seedrandom from "seedrandom";
import { parseTransform } from "../../lib/audit/fix/corrections.ts";
import { fileSource } from "../../lib/audit/formats/open_embeddings.ts";
import { parseJson } from "../../lib/audit/formats/json_text.ts";
import { matched, readPairs } from "../../lib/audit/formats/side_columns.ts";
import { numericValues } from "../../lib/audit/side_values.ts";
import { withTemporaryFolder } from "../folder.ts";
import { assertHandled } from "./program.ts";
import { pairFiles, sideFiles, transformFiles } from "./hostile/side_files.ts";
import { fixture, FIXTURES } from "./hostile/embedding_files.ts";

/** How often a file is damaged, and one that takes native code to be read. */
const CASES = 40, NATIVE_CASES = 15;

const TEXTS = ["\n", '"', ",", "NaN", "-", "1e999", "[", "}", "\0", "\r", "\ufeff", "999999999"];

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
    else result.splice(at, 0, ...new TextEncoder().encode(TEXTS[below(TEXTS.length)]));
  }
  return Uint8Array.from(result);
}

/** A file, and how it is read; reading fails where what it gives is not as it should be. */
interface Reading {
  name: string;
  bytes: Uint8Array;
  read(path: string): void | Promise<void>;
}

/**
 * Damages each of some files time after time: what is read is right, or it is refused in one line.
 * Counts the row of the page on reliability.
 */
async function mutate(what: string, readings: readonly Reading[], cases: number): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    let tried = 0, refused = 0;
    for (const { name, bytes, read } of readings) {
      const random = seedrandom.alea(`mutations of ${name}`);
      const path = `${folder}/${name}`;
      for (let i = 0; i < cases; i++) {
        Deno.writeFileSync(path, damaged(bytes, random));
        tried++;
        try {
          await read(path);
        } catch (error) {
          assert(error instanceof InputError, `${name}, case ${i}: ${(error as Error).stack}`);
          assert.match(error.message, /^[^\n\r]{1,1010}$/, `${name}, case ${i}`);
          refused++;
        }
      }
    }
    assert(refused > tried / 20 && refused < tried, `${refused} of ${tried} were refused`);
    assertHandled(what, tried, tried);
  });
}

/** Reads embeddings to their end: rows of finite numbers, with ids and a column for each. */
async function readRows(path: string): Promise<void> {
  const { rows, ids, columns } = await openEmbeddings(path, { columns: ["popularity"] });
  let count = 0;
  for (const block of rows.blocks()) {
    assert.equal(block.start, count, path);
    assert.equal(block.values.length, block.rows * rows.columns, path);
    assert(block.values.every(Number.isFinite), path);
    count += block.rows;
  }
  assert(count > 0 && count === rows.rows, path);
  for (const column of [...Object.values(columns), ...ids === undefined ? [] : [ids]]) {
    assert.equal(column.length, count, path);
  }
}

Deno.test("damaged files of embeddings are read or refused, and no NaN passes", async () => {
  const readings = FIXTURES.map((name) => ({ name, bytes: fixture(name), read: readRows }));
  await mutate("damaged files of embeddings", readings, CASES);
});

Deno.test("damaged Parquet and Arrow files are read or refused, and no NaN passes", async () => {
  const readings: Reading[] = [];
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/a`;
    const vector = Array.from({ length: 40 }, (_, i) => [Math.sin(i), i, 1 / (1 + i)]);
    const word = vector.map((_, i) => `word${i}`);
    for (const compression of ["uncompressed", "lz4", "zstd"] as const) {
      pl.DataFrame({ word, vector }).writeIPC(path, { compression });
      readings.push({
        name: `${compression}.arrow`,
        bytes: Deno.readFileSync(path),
        read: readRows,
      });
    }
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT range AS id, [sin(range), cos(range)]::FLOAT[] AS v FROM range(20))
       TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    readings.push({ name: "b.parquet", bytes: Deno.readFileSync(path), read: readRows });
  });
  await mutate("damaged Parquet and Arrow files", readings, NATIVE_CASES);
});

/** Those of some hostile files that are only bytes: damage makes others of them. */
function bytesOf(files: { name: string; content: unknown }[], names: string[]) {
  return files.filter(({ name }) => names.includes(name)).map(({ name, content }) => ({
    name,
    bytes: typeof content === "string" ? new TextEncoder().encode(content) : content as Uint8Array,
  }));
}

Deno.test("damaged side files are read or refused, and what is read as numbers is finite", async () => {
  const names = ["negative.txt", "header.csv", "more of others.csv", "dictionary.json"];
  const ids = Array.from({ length: 64 }, (_, i) => `w${i}`);
  const read = (path: string) => {
    const values = matched("popularity", path, fileSource, ids, ids.length);
    for (const value of values) {
      assert(typeof value === "string" || Number.isFinite(value), path);
    }
    assert(numericValues("popularity", values).every(Number.isFinite), path);
  };
  const files = bytesOf(sideFiles(), [...names, "infinite.npy", "beyond 2^53.npy"]);
  assert.equal(files.length, 6);
  await mutate("damaged side files", files.map((file) => ({ ...file, read })), CASES);
});

Deno.test("damaged pairs and interactions are read or refused, and weights are finite", async () => {
  const read = (path: string) => {
    const { first, second, weights } = readPairs(fileSource(path), path);
    assert.deepEqual([second.length, weights.length], [first.length, first.length], path);
    assert(weights.every((weight) => weight > 0 && Number.isFinite(weight)), path);
  };
  const names = ["smallest.tsv", "every magnitude.tsv", "of themselves.tsv", "qrels.txt"];
  const files = bytesOf(pairFiles(), names);
  assert.equal(files.length, 4);
  await mutate("damaged pairs and interactions", files.map((file) => ({ ...file, read })), CASES);
});

Deno.test("damaged transforms are taken or refused, and their numbers are finite", async () => {
  const read = (path: string) => {
    const { mean, scale, matrix } = parseTransform(parseJson(fileSource(path), 100), path);
    for (const row of [mean ?? [], scale ?? [], ...matrix ?? []]) {
      assert(row.every(Number.isFinite), path);
    }
  };
  const files = bytesOf(transformFiles(4), ["name with escapes.json", "matrix of zeros.json"]);
  assert.equal(files.length, 2);
  await mutate("damaged transforms", files.map((file) => ({ ...file, read })), 3 * CASES);
});
