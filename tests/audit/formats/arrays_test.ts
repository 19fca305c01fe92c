/**
 * Arrays, archives, folders and Parquet as programs write them; each was misread, or refused, before.
 *
 * @module
 */
import assert from "node:assert/strict";
import { DuckDBInstance } from "@duckdb/node-api";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { openEmbeddings } from "cosine-lab/audit";
import { withDirectory } from "../write_npy.ts";
import { holds, open, refused, rows, table, words } from "./hold_rows.ts";
import { readRows } from "./read_rows.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const dims = rows[0].map((_, c) => `d${c}`);
const named = words.map((_, i) => `w${i}`);
const long = rows.map((_, i) => String(2n ** 60n + BigInt((i * 5) % 12) * 7n + 1n));
const lines = (cells: (i: number) => unknown[], mark: string) => table(cells, undefined, mark);
const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
const joined = (...parts: Bytes[]): Bytes => Uint8Array.from(parts.flatMap((part) => [...part]));

/** A .npy file of some dtype, of the bytes of its entries. */
function npy(descr: string, data: Bytes, shape: number[]): Bytes {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${
    shape.map((length) => `${length},`).join(" ")
  }), }\n`;
  return joined(
    new Uint8Array([0x93, ...bytesOf("NUMPY"), 1, 0, header.length, 0]),
    bytesOf(header),
    data,
  );
}

const npyBytes = (values: readonly number[], shape: number[]) =>
  npy("<f4", new Uint8Array(Float32Array.from(values).buffer), shape);

const npyText = (texts: readonly string[]) =>
  npy("|S8", joined(...texts.map((text) => bytesOf(text.padEnd(8, "\0")))), [texts.length]);

/** A .npz file, its arrays by name. */
async function zip(arrays: Record<string, Bytes>): Promise<Bytes> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [name, array] of Object.entries(arrays)) {
    await writer.add(`${name}.npy`, new Uint8ArrayReader(array));
  }
  return await writer.close() as Bytes;
}

interface Tensor {
  dtype: string;
  data: Bytes;
  shape: number[];
}

const tensor = (dtype: string, data: Bytes, shape: number[]): Tensor => ({ dtype, data, shape });

function safetensors(tensors: Record<string, Tensor>): Bytes {
  let end = 0;
  const header = JSON.stringify(Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => [
      name,
      { dtype, shape, data_offsets: [end, end += data.length] },
    ]),
  ));
  const length = new Uint8Array(BigUint64Array.of(BigInt(header.length)).buffer);
  return joined(length, bytesOf(header), ...Object.values(tensors).map(({ data }) => data));
}

Deno.test("ids and labels that stand within an array are no coordinates", async () => {
  const beside = (value: (i: number) => number) => rows.flatMap((row, i) => [value(i), ...row]);
  const ids = rows.map((_, i) => 100 + (i * 5) % 12);
  const found = await holds("ids first", "a.npy", npyBytes(beside((i) => ids[i]), [12, 6]), ids);
  assert.match(found.taken, /ids: column 1 of its vectors; 5 coordinates/);
  const labels = rows.flatMap((row, i) => [...row, i % 3]);
  const left = await holds("labels last", "a.npy", npyBytes(labels, [12, 6]));
  assert.deepEqual([left.ids, /ignored: column 6/.test(left.taken)], [undefined, true]);
  const lists = JSON.stringify(rows.map((row, i) => [ids[i], ...row]));
  await holds("in JSON", "a.json", lists, ids);
  // A constant, as a bias has it, and integers among integers are coordinates.
  for (
    const values of [
      beside(() => 1),
      beside((i) => i).map((x, i) => i % 6 ? Math.round(9 * x) : x),
    ]
  ) {
    assert.equal((await open("a.npy", npyBytes(values, [12, 6]))).rows.columns, 6);
  }
});

Deno.test("archives of arrays and tensors give ids, and leave biases and scales", async () => {
  const vectors = npyBytes(rows.flat(), [12, 5]);
  const texts = npyText(named);
  for (const key of ["words", "vocab", "names", "anything"]) {
    await holds(
      key,
      "a.npz",
      await zip({ emb: vectors, [key]: texts, bias: npyBytes(Array(12).fill(0), [12, 1]) }),
      named,
    );
  }
  const each = Object.fromEntries(rows.map((row, i) => [named[i], npyBytes(row, [5])]));
  await holds("an array for each item", "a.npz", await zip(each), named);
  const sparse = Object.fromEntries(
    ["data", "indices", "indptr", "shape", "format"].map((key) => [key, npyBytes([1], [1])]),
  );
  await refused(
    "SciPy",
    "a.npz",
    await zip(sparse),
    /sparse matrix of SciPy.*load_npz\(".*a\.npz"\)\.toarray/,
  );
  const f32 = (row: number[], shape: number[]) =>
    tensor("F32", new Uint8Array(Float32Array.from(row).buffer), shape);
  const big = tensor("I64", new Uint8Array(BigInt64Array.from(long, BigInt).buffer), [12]);
  await holds(
    "integers called ids",
    "a.safetensors",
    safetensors({ emb: f32(rows.flat(), [12, 5]), ids: big }),
    long,
  );
  const byName = Object.fromEntries(rows.map((row, i) => [named[i], f32(row, [5])]));
  await holds("a tensor for each item", "a.safetensors", safetensors(byName), named);
  const whole = rows.map((row) => row.map((x) => Math.round(100 * x)));
  const packed = tensor("I8", new Uint8Array(Int8Array.from(whole.flat()).buffer), [12, 5]);
  const quantized = await open(
    "a.safetensors",
    safetensors({ w: packed, scale: f32(Array(12).fill(0.1), [12, 1]) }),
  );
  assert.deepEqual(quantized.values, whole);
  assert.match(quantized.notes.join(), /int8 are read as they are, tensor "scale" is not applied/);
});

Deno.test("axes of length 1 are left out aloud, and fields of records are named", async () => {
  for (const shape of [[12, 1, 5], [1, 12, 5], [12, 5, 1, 1]]) {
    const { notes } = await holds("an axis more", "a.npy", npyBytes(rows.flat(), shape));
    assert.match(notes.join(), /has the shape \(.*\), which is read as 12 x 5/);
    await holds("in an archive", "a.npz", await zip({ emb: npyBytes(rows.flat(), shape) }));
    const data = new Uint8Array(Float32Array.from(rows.flat()).buffer);
    await holds("as a tensor", "a.safetensors", safetensors({ emb: tensor("F32", data, shape) }));
  }
  await refused(
    "several rows of several",
    "a.npy",
    npyBytes(rows.flat(), [3, 4, 5]),
    /reshape\(-1, 5\)/,
  );
  const records = (descr: string) =>
    joined(
      new Uint8Array([0x93, ...bytesOf("NUMPY"), 1, 0, 118, 0]),
      bytesOf(
        `{'descr': ${descr}, 'fortran_order': False, 'shape': (2,)}`.padEnd(118),
      ),
    );
  const none = npy("|O", new Uint8Array(8), []);
  await refused("a dictionary", "a.npy", none, /np\.stack\(list\(np\.load\(.*\)\.item\(\)\.values/);
  await refused(
    "a field of vectors",
    "a.npy",
    records("[('id', '<i8'), ('vec', '<f4', (24,))]"),
    /np\.load\(".*"\)\["vec"\]\)$/,
  );
  await refused(
    "a field for each coordinate",
    "a.npy",
    records("[('a', '<f4'), ('b', '<f4')]"),
    /structured_to_unstructured\(np\.load/,
  );
});

Deno.test("vectors of big-ann-benchmarks are read, and refused where they are cut off", async () => {
  const head = new Uint8Array(Int32Array.of(12, 5).buffer);
  const data = new Uint8Array(Float32Array.from(rows.flat()).buffer);
  await holds("fbin", "a.fbin", joined(head, data));
  const whole = Int8Array.from(rows.flat(), (x) => Math.round(100 * x));
  for (const [name, bytes] of [["a.i8bin", whole], ["a.u8bin", whole.map(Math.abs)]] as const) {
    const { values } = await open(name, joined(head, new Uint8Array(bytes.buffer)));
    assert.deepEqual(values.flat(), Array.from(bytes), name);
  }
  await refused(
    "cut off",
    "a.fbin",
    joined(head, data.slice(4)),
    /cut off: it declares 12 vectors of 5/,
  );
  await refused("more", "a.fbin", joined(head, data, data), /which take 248 bytes, 488 are there/);
  await refused("raw", "a.npy", data, /not a \.npy file.*np\.fromfile\(".*a\.npy", np\.float32\)/);
  await refused("ground truth", "a.ibin", joined(head, data), /numbers of neighbors.*\.fbin/);
});

Deno.test("a zip file of one file is that file, and one of several says what is in it", async () => {
  const archive = async (files: Record<string, string | Bytes>) => {
    const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string" ? bytesOf(content) : content;
      await writer.add(name, new Uint8ArrayReader(bytes));
    }
    return await writer.close() as Bytes;
  };
  const csv = table((i) => [named[i], ...rows[i]], ["id", ...dims]);
  await holds("as pandas writes it", "a.csv.zip", await archive({ "a.csv": csv }), named);
  await holds(
    "as macOS does",
    "a.zip",
    await archive({ "a.csv": csv, "__MACOSX/._a.csv": "x" }),
    named,
  );
  await holds(
    "npz",
    "a.zip",
    await archive({ "a.npz": await zip({ x: npyBytes(rows.flat(), [12, 5]) }) }),
  );
  const two = await archive({ "a.csv": csv, "b.csv": csv });
  await refused(
    "several",
    "a.zip",
    two,
    /zip file of 2 files.*unzip .*a\.zip, and name one \(a\.csv\)/,
  );
  const sheet = await archive({ "xl/workbook.xml": "<x/>", "[Content_Types].xml": "<x/>" });
  await refused("a workbook", "a.xlsx", sheet, /Excel workbook.*pd\.read_excel\(".*a\.xlsx"\)/);
  const path = await archive({ "zeros.csv": "0,".repeat(2_000_000) });
  await assert.rejects(open("a.zip", path, { memory: 1 }), /"zeros\.csv": unpacking it takes 4 MB/);
});

Deno.test("a folder is read with its partitions, or it is said what to name in it", async () => {
  await withDirectory(async (directory) => {
    const folder = (name: string, files: Record<string, string | Uint8Array>) => {
      for (const [file, content] of Object.entries(files)) {
        const path = `${directory}/${name}/${file}`;
        Deno.mkdirSync(path.replace(/\/[^/]*$/, ""), { recursive: true });
        Deno.writeFileSync(
          path,
          typeof content === "string" ? new TextEncoder().encode(content) : content,
        );
      }
      return `${directory}/${name}`;
    };
    const part = (from: number) =>
      table((i) => [named[from + i], ...rows[from + i] ?? []], ["id", ...dims]).split("\n").slice(
        0,
        7,
      ).join("\n");
    const swapped = (from: number) =>
      table((i) => [...rows[from + i] ?? [], named[from + i]], [...dims, "id"]).split("\n").slice(
        0,
        7,
      ).join("\n");
    const keys = folder("keys", {
      "lang=de/part-00000.csv": part(0),
      "lang=fr/part-00000.csv": swapped(6),
      _SUCCESS: "",
    });
    const found = await openEmbeddings(keys, { columns: ["lang"] });
    assert.deepEqual([readRows(found.rows), found.ids], [rows, named]);
    assert.deepEqual(found.columns.lang, rows.map((_, i) => i < 6 ? "de" : "fr"));
    const text = lines((i) => rows[i], "\t");
    const projector = folder("projector", {
      "vectors.tsv": text,
      "metadata.tsv": `word\tcount\n${named.map((w, i) => `${w}\t${i}\n`).join("")}`,
    });
    const both = await openEmbeddings(projector);
    assert.deepEqual([both.ids, both.taken], [
      named,
      "12 rows; no header; ids: metadata.tsv; coordinates: columns 1 to 5 (5)",
    ]);
    const alone = await openEmbeddings(`${projector}/vectors.tsv`);
    assert.match(
      alone.notes.join(),
      /metadata\.tsv lies beside it, and may hold the ids \(--ids .*metadata\.tsv\)/,
    );
    const hub = folder("hub", {
      "README.md": "# x",
      "data/train-00000-of-00002.csv": part(0),
      "data/train-00001-of-00002.csv": part(6),
    });
    assert.deepEqual(readRows((await openEmbeddings(hub)).rows), rows);
    assert.match(
      (await openEmbeddings(`${hub}/data/train-00001-of-00002.csv`)).notes.join(),
      /is one part of a file of parts/,
    );
    const arrays = folder("arrays", {
      "emb.npy": npyBytes(rows.flat(), [12, 5]),
      "ids.npy": npyText(named),
    });
    await assert.rejects(openEmbeddings(arrays), /emb\.npy --ids .*ids\.npy/);
    const header = `${["id", ...dims].join()}\n`;
    const spark = folder("spark", {
      "part-00000.csv": header,
      "part-00001.csv": part(0),
      "part-00002.csv": part(6),
      "items_manifest": "{}",
    });
    const joint = await openEmbeddings(spark);
    assert.deepEqual([readRows(joint.rows), joint.ids], [rows, named]);
    assert.match(
      joint.notes[0],
      /3 files are read as one, part-00000\.csv to part-00002\.csv; 1 of/,
    );
    const nothing = folder("nothing", { "part-0.csv": header, "part-1.csv": header });
    await assert.rejects(openEmbeddings(nothing), /has no rows, only a header/);
    const runs = folder(
      "runs",
      Object.fromEntries(
        [1, 2].map((seed) => [`seed${seed}.npy`, npyBytes(rows.flat(), [12, 5])]),
      ),
    );
    await assert.rejects(openEmbeddings(runs), /audit compare .*seed1\.npy .*seed2\.npy/);
    const shards = folder(
      "shards",
      Object.fromEntries(
        [1, 2].map((shard) => [`shard${shard}.npy`, npyBytes(rows.flat(), [12, 5])]),
      ),
    );
    assert.equal((await openEmbeddings(shards)).rows.rows, 24);
    const days = folder("days", { "2026-11-29.csv": part(0), "2026-11-30.csv": part(0) });
    await assert.rejects(openEmbeddings(days), /most of their ids are the same.*audit compare/);
    const mixed = folder("mixed", {
      "part-0.npy": npyBytes(rows.flat(), [12, 5]),
      "part-1.npy": npyBytes(rows.flat(), [20, 3]),
    });
    await assert.rejects(openEmbeddings(mixed), /part-0\.npy has 5 dimensions, part-1\.npy has 3/);
    const delta = folder("delta", { "_delta_log/0.json": "{}", "part-00000.csv": part(0) });
    await assert.rejects(
      openEmbeddings(delta),
      /Delta table, which may hold rows that were deleted, .*spark\.read/,
    );
  });
});

Deno.test("structures, lists of one vector, bytes and UUIDs of Parquet are read", async () => {
  const uuid = (i: number) => `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;
  const forms: Record<string, [select: string, ids: string[]]> = {
    "a structure": ["w AS id, {'model': 'm', 'vector': v} AS emb", named],
    "a structure of numbers": [
      `w AS id, {${dims.map((d, c) => `'${d}': v[${c + 1}]`)}} AS emb`,
      named,
    ],
    "an id in a structure": ["{'id': w} AS meta, v AS emb", named],
    "Spark's vectors": [
      "w AS id, {'type': 1, 'size': NULL::INT, 'indices': NULL::INT[], 'values': v} AS features",
      named,
    ],
    "a list of one": ["w AS id, [v] AS emb", named],
    "lists of structures of one field": [
      "w AS id, {'list': list_transform(v, x -> {'element': x})} AS emb",
      named,
    ],
    "UUIDs": ["u::UUID AS id, v AS emb", rows.map((_, i) => uuid(i))],
  };
  const values = rows.map((row, i) => `('${named[i]}', '${uuid(i)}', [${row}]::DOUBLE[])`);
  const write = async (path: string, select: string) => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT ${select} FROM (VALUES ${values}) t(w, u, v)) TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
  };
  await withDirectory(async (directory) => {
    const path = `${directory}/a.parquet`;
    for (const [what, [select, ids]] of Object.entries(forms)) {
      await write(path, select);
      const found = await openEmbeddings(path);
      assert.deepEqual([readRows(found.rows), found.ids], [rows, ids], what);
    }
    await write(path, "w AS id, {'indices': [1, 2], 'values': [0.5, 0.1]} AS features");
    await assert.rejects(
      openEmbeddings(path),
      /"features" holds sparse vectors, .*vector_to_array/,
    );
    await write(path, "w AS id, [v, v] AS emb");
    await assert.rejects(
      openEmbeddings(path),
      /several vectors for each item, at "emb".*numpy\.mean.*explode/,
    );
  });
});
