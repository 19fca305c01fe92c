import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { openEmbeddings } from "cosine-lab/audit";
import { KINDS_READ } from "../../../lib/audit/formats/file_kinds.ts";
import { withDirectory, writeNpy } from "../write_npy.ts";
import { type Content, holds, open, quoted, refused, rows, table, words } from "./hold_rows.ts";
import { readRows } from "./read_rows.ts";

Deno.test("the manual and openEmbeddings() name every kind of file that is read", () => {
  const kinds = KINDS_READ.match(/\.[a-z]\w+/g)!.filter((end) => end !== ".gz" && end !== ".zip");
  assert(kinds.length > 10);
  const code = Deno.readTextFileSync("lib/audit/formats/open_embeddings.ts");
  const documentation = code.split("export async function openEmbeddings")[0];
  const manual = Deno.readTextFileSync("docs/audit.md");
  const table = manual.split("\n").filter((line) => line.startsWith("|")).join("\n");
  for (const kind of kinds) {
    assert(documentation.includes(`\`${kind}\``), `openEmbeddings() does not name ${kind}`);
    assert(table.includes(kind), `docs/audit.md does not name ${kind}`);
  }
});

const numbers = [100, 7, 42, 3, 900, 11, 12, 650, 1, 77, 5, 300];

Deno.test("K1: the roles of lines and columns are found and said", async () => {
  const counted = await holds("counted header", "a.csv", table((i) => rows[i], [0, 1, 2, 3, 4]));
  assert.match(counted.taken, /^12 rows; header; no ids; coordinates: 0 to 4 \(5\)$/);
  await holds("counted from 1", "a.csv", table((i) => rows[i], [1, 2, 3, 4, 5]));
  await holds("an index beside", "a.csv", table((i) => [i, ...rows[i]], ["", 0, 1, 2, 3, 4]));
  const r = await holds(
    "write.table",
    "a.tsv",
    table((i) => [words[i], ...rows[i]], ["V1", "V2", "V3", "V4", "V5"], "\t"),
    words,
  );
  assert.match(r.taken, /ids: the column without a name/);
  await holds("comments", "a.csv", `# made by a tool\n# 2024\n${table((i) => rows[i])}`);
  await holds(
    "commas at the end",
    "a.csv",
    table((i) => [...rows[i], ""], ["a", "b", "c", "d", "e", ""]),
  );
  await holds(
    "commas at the end of rows",
    "a.csv",
    table((i) => [...rows[i], ""], ["a", "b", "c", "d", "e"]),
  );
  const groups = table((i) => [i % 3, ...rows[i]], ["cluster_id", "a", "b", "c", "d", "e"]);
  const grouped = await holds("groups are no ids", "a.csv", groups);
  assert.match(grouped.taken, /no ids; .*ignored: cluster_id$/);
  assert.match(grouped.notes.join(), /"cluster_id" has 3 values in 12 rows: these are groups/);
  const asked = await open("a.csv", groups, { ids: "cluster_id" });
  assert.deepEqual(asked.ids?.slice(0, 4).map(String), ["0", "1", "2", "0"]);
  const shop = await holds(
    "numbers beside",
    "a.csv",
    table((i) => [numbers[i], 1990 + i % 7, 9.99 * numbers[i], ...rows[i]], [
      "sku",
      "year",
      "price",
      ...[0, 1, 2, 3, 4].map((c) => `dim_${c}`),
    ]),
  );
  assert.match(shop.taken, /coordinates: dim_0 to dim_4 \(5\); ignored: sku, year, price/);
  const other = await holds(
    "other scales, names without a number",
    "a.csv",
    table((i) => [...rows[i], 1e5 + numbers[i]], [
      "alpha",
      "beta",
      "gamma",
      "delta",
      "eps",
      "salary",
    ]),
  );
  assert.match(other.taken, /ignored: salary/);
  const named = table((i) => [1990 + i % 7, ...rows[i]], ["year", "v0", "v1", "v2", "v3", "v4"]);
  await holds("a range", "a.csv", named, undefined, { coordinates: "v0-v4" });
  const two = await open("a.csv", named, { coordinates: ["v1", "v0"] });
  assert.deepEqual(two.values, rows.map((row) => [row[1], row[0]]));
  assert.equal(
    (await open("a.csv", table((i) => rows[i], [0, 1, 2, 3, 4]), { header: false })).records,
    13,
  );
  const float32 = (i: number) => rows[i].map((value) => `np.float32(${value})`).join(", ");
  const ways: Record<string, (i: number) => string> = {
    blanks: (i) => rows[i].join(" "),
    bars: (i) => rows[i].join("|"),
    commas: (i) => quoted(rows[i].join(",")),
    semicolons: (i) => rows[i].join(";"),
    braces: (i) => quoted(`{${rows[i].join(",")}}`),
    nested: (i) => quoted(`[[${rows[i].join(", ")}]]`),
    numpy2: (i) => quoted(`[${float32(i)}]`),
    array: (i) => quoted(`array([${rows[i].join(", ")}],\n      dtype=float32)`),
    tensor: (i) => quoted(`tensor([${rows[i].join(", ")}], device='cuda:0')`),
    printed: (i) => quoted(`[ ${rows[i].slice(0, 3).join("  ")}\n  ${rows[i].slice(3).join(" ")}]`),
    spark: (i) => quoted(`DenseVector([${rows[i].join(", ")}])`),
  };
  for (const [way, cell] of Object.entries(ways)) {
    await holds(way, "a.csv", table((i) => [quoted(words[i]), cell(i)], ["word", "emb"]), words);
    if (way === "array" || way === "printed") continue;
    await holds(way, "a.csv", table((i) => [quoted(words[i]), cell(i)]), words);
  }
  const recbole = ["item_id:token", "item_emb:float_seq"];
  await holds(
    "RecBole",
    "a.itememb",
    table((i) => [`i${i}`, rows[i].join(" ")], recbole, "\t"),
    rows.map((_, i) => `i${i}`),
  );
});

Deno.test("K2: what a file says of ids is kept", async () => {
  const big = numbers.map((n) => `9007199254740${n + 1000}`);
  const dictionary = `{${numbers.map((n, i) => `"${n}": [${rows[i]}]`).join(", ")}}`;
  await holds("keys that are integers", "a.json", dictionary, numbers);
  const lines = numbers.map((_, i) => `{"id": ${big[i]}, "vector": [${rows[i]}]}`).join("\n");
  await holds("long integers, lines", "a.jsonl", lines, big);
  await holds("long integers", "a.json", `[${lines.replaceAll("\n", ",")}]`, big);
  await holds(
    "long integers, text",
    "a.csv",
    table((i) => [big[i], ...rows[i]], ["id", "a", "b", "c", "d", "e"]),
    big,
  );
  const zero = rows.map((_, i) => `00${i}`);
  await holds(
    "zeros first",
    "a.csv",
    table((i) => [zero[i], ...rows[i]], ["sku_id", "a", "b", "c", "d", "e"]),
    zero,
  );
});

Deno.test("K3: vectors are found wherever lists of one length repeat", async () => {
  const ids = rows.map((_, i) => `id-${i}`);
  const each = <T>(make: (i: number) => T) => rows.map((_, i) => make(i));
  const by = <T>(make: (i: number) => T) => Object.fromEntries(each((i) => [ids[i], make(i)]));
  const forms: Record<string, unknown> = {
    "Pinecone fetch": {
      namespace: "",
      vectors: by((i) => ({ id: ids[i], values: rows[i], metadata: { year: i } })),
    },
    "Pinecone query": { matches: each((i) => ({ id: ids[i], score: 0.5, values: rows[i] })) },
    "Weaviate": {
      objects: each((i) => ({ class: "A", id: ids[i], properties: { t: "x" }, vector: rows[i] })),
    },
    "Weaviate, named": { objects: each((i) => ({ id: ids[i], vectors: { default: rows[i] } })) },
    "GraphQL": {
      data: {
        Get: {
          Article: each((i) => ({ title: `t${i}`, _additional: { id: ids[i], vector: rows[i] } })),
        },
      },
    },
    "Qdrant": {
      result: { points: each((i) => ({ id: ids[i], payload: { n: 1 }, vector: rows[i] })) },
      status: "ok",
      time: 0.1,
    },
    "Chroma get": { ids, embeddings: rows, documents: null, metadatas: each((i) => ({ page: i })) },
    "Elasticsearch": {
      took: 3,
      hits: {
        total: { value: 12 },
        hits: each((i) => ({
          _index: "a",
          _id: ids[i],
          _score: 1,
          _source: { text: "x", emb: rows[i] },
        })),
      },
    },
    "Milvus": { code: 0, data: each((i) => ({ id: ids[i], vector: rows[i], color: "red" })) },
    "LlamaIndex": {
      embedding_dict: by((i) => rows[i]),
      text_id_to_ref_doc_id: by(() => "d"),
      metadata_dict: by(() => ({})),
    },
    "LangChain": by((i) => ({ id: ids[i], vector: rows[i], text: "x", metadata: {} })),
    "deep": {
      a: { b: { c: { items: each((i) => ({ key: ids[i], x: { y: { z: rows[i] } } })) } } },
    },
    "pandas records": each((i) => ({ id: ids[i], embedding: rows[i] })),
    "pandas columns": { id: { ...ids }, embedding: { ...rows } },
    "pandas index": { ...each((i) => ({ id: ids[i], embedding: rows[i] })) },
    "pandas split": {
      columns: ["id", "embedding"],
      index: each((i) => i),
      data: each((i) => [ids[i], rows[i]]),
    },
    "pandas table": {
      schema: { fields: [] },
      data: each((i) => ({ index: i, id: ids[i], embedding: rows[i] })),
    },
    "pandas values": each((i) => [ids[i], rows[i]]),
    "pandas wide records": each((i) => ({
      id: ids[i],
      ...Object.fromEntries(rows[i].map((v, c) => [`f${c}`, v])),
    })),
    "pandas wide columns": {
      id: { ...ids },
      ...Object.fromEntries([0, 1, 2, 3, 4].map((c) => [`f${c}`, { ...rows.map((r) => r[c]) }])),
    },
    "pandas wide split": { columns: [0, 1, 2, 3, 4], index: ids, data: rows },
    "lists by column": {
      id: ids,
      ...Object.fromEntries([0, 1, 2, 3, 4].map((c) => [`f${c}`, rows.map((r) => r[c])])),
    },
    "text in JSON": each((i) => ({ id: ids[i], embedding: JSON.stringify(rows[i]) })),
  };
  for (const [store, json] of Object.entries(forms)) {
    await holds(store, "a.json", JSON.stringify(json), ids);
  }
  const services: Record<string, unknown> = {
    "Cohere": {
      id: "r",
      texts: ids,
      embeddings: { float: rows, int8: rows.map((r) => r.map(Math.round)) },
    },
    "Voyage": {
      object: "list",
      data: each((i) => ({ object: "embedding", embedding: rows[i], index: i })),
      usage: { total_tokens: 3 },
    },
    "Ollama": { model: "m", embeddings: rows, total_duration: 5 },
    "Vertex": {
      predictions: each((i) => ({
        embeddings: { values: rows[i], statistics: { token_count: i, truncated: false } },
      })),
    },
    "TEI": rows,
  };
  for (const [service, json] of Object.entries(services)) {
    await holds(service, "a.json", JSON.stringify(json));
  }
  const lines = (records: unknown[]) => records.map((record) => JSON.stringify(record)).join("\n");
  await holds(
    "Bedrock",
    "a.jsonl",
    lines(each((i) => ({ embedding: rows[i], inputTextTokenCount: i }))),
  );
  await holds("a word a line", "a.jsonl", lines(each((i) => ({ [ids[i]]: rows[i] }))), ids);
  await holds(
    "bulk",
    "a.ndjson",
    lines(rows.flatMap((row, i) => [{ index: { _id: ids[i] } }, { vec: row }])),
    ids,
  );
  const batch = [0, 4, 8].map((from, line) => ({
    id: `b${line}`,
    custom_id: `r${line}`,
    response: {
      status_code: 200,
      body: {
        data: [3, 2, 1, 0].map((index) => ({
          object: "embedding",
          index,
          embedding: rows[from + index],
        })),
      },
    },
    error: null,
  }));
  const four = await holds("a batch of four", "a.jsonl", lines(batch));
  assert.equal(new Set(four.ids).size, 12);
  const failed = await open(
    "a.jsonl",
    lines([...batch, { id: "b3", custom_id: "r3", response: null, error: { code: "x" } }]),
  );
  assert.deepEqual(failed.leftOut.map(({ reason, count, rows }) => [reason, count, rows]), [[
    "failed-request",
    1,
    [12],
  ]]);
  const points = {
    result: {
      points: each((i) => ({ id: ids[i], vector: { title: rows[i], body: rows[i].toReversed() } })),
    },
  };
  await refused("two vectors", "a.json", JSON.stringify(points), /title.*body.*--vectors title/);
  await holds("one of two", "a.json", JSON.stringify(points), ids, { vectors: "title" });
  await holds("by its path", "a.json", JSON.stringify(points), ids, {
    vectors: "result.points[].vector.title",
  });
  const labeled = await open("a.json", JSON.stringify(forms["Pinecone fetch"]), {
    columns: ["year"],
  });
  assert.deepEqual(labeled.columns.year, each((i) => i));
});

Deno.test("K4: odd records are left out, counted and named", async () => {
  const odd = (cell: string) =>
    `id,emb\n${rows.map((row, i) => `i${i},"[${row}]"`).join("\n")}\nlast,${cell}\n`;
  for (
    const [cell, reason] of [
      ["", "missing"],
      ["[]", "missing"],
      ["\\N", "missing"],
      ["NULL", "missing"],
      ['"[1,2]"', "wrong-length"],
      ["oops", "not-a-number"],
      ['"[1,2,3,4,inf]"', "not-finite"],
    ]
  ) {
    const found = await holds(cell, "a.csv", odd(cell));
    assert.deepEqual(found.leftOut, [{ reason, count: 1, rows: [12], ids: ["last"] }], cell);
    assert.equal(found.records, 13);
    assert.deepEqual([...found.kept!], rows.map((_, i) => i));
    assert(found.notes.some((note) => note.includes("1 of 13 rows left out")));
    await assert.rejects(open("a.csv", odd(cell), { strict: true }), /line 14/);
  }
  const nan = await holds(
    "NaN in JSON",
    "a.json",
    `[${rows.map((row) => `[${row}]`)}, [NaN, 1, 2, 3, 4], null]`,
  );
  assert.deepEqual(nan.leftOut.map(({ reason }) => reason), ["not-finite", "missing"]);
  const twice = await holds(
    "an id twice",
    "a.csv",
    `${table((i) => [`i${i}`, ...rows[i]], ["id", "a", "b", "c", "d", "e"])}i0,1,2,3,4,5\n`,
  );
  assert.deepEqual(twice.leftOut.map(({ reason, ids }) => [reason, ids]), [["duplicate-id", [
    "i0",
  ]]]);
  const vec = (declared: number) =>
    `${declared} 5\n${rows.map((row, i) => `${words[i]} ${row.join(" ")}`).join("\n")}\n`;
  const more = await holds("a header that counts one more", "a.vec", vec(13), words);
  assert(more.notes.some((note) => note.includes("declares 13 rows, it has 12")));
  await holds("one less", "a.vec", vec(11), words);
  await holds("a word that is a blank", "a.vec", vec(12).replace("the ", "  "), [
    " ",
    ...words.slice(1),
  ]);
  await refused(
    "most are odd",
    "a.csv",
    `id,emb\na,"[1,2]"\n${"b,x\nc,y\n".repeat(3)}`,
    /neither a column of vectors|line 3/,
  );
});

function word2vec(named: readonly string[], end = ""): Uint8Array<ArrayBuffer> {
  const parts = [new TextEncoder().encode(`${rows.length} 5\n`)];
  rows.forEach((row, i) => {
    parts.push(
      new TextEncoder().encode(`${named[i]} `),
      new Uint8Array(new Float32Array(row).buffer),
      new TextEncoder().encode(end),
    );
  });
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

Deno.test("K4: a binary file stays in step with words that have spaces, or is refused", async () => {
  await holds("gensim", "a.bin", word2vec(words), words);
  await holds("word2vec", "a.bin", word2vec(words, "\n"), words);
  const titles = words.map((word, i) => `${word} of the year ${1990 + i}`);
  await holds("titles", "a.bin", word2vec(titles), titles);
  await holds("a blank", "a.bin", word2vec([" ", ...words.slice(1)]), [" ", ...words.slice(1)]);
  const bytes = word2vec(words);
  const lost = new Uint8Array([...bytes.subarray(0, 11), ...bytes.subarray(12), 0]);
  await refused("lost step", "a.bin", lost, /damaged, at word|bytes are left|is cut off/);
});

Deno.test("K5: text between tabs is unquoted unless it is quoted throughout", async () => {
  const named = ['"', 'say "hi"', '"the', ...words.slice(3)];
  await holds(
    "words",
    "a.tsv",
    table((i) => [named[i], ...rows[i]], ["word", "a", "b", "c", "d", "e"], "\t"),
    named,
  );
  await holds(
    "quoted",
    "a.tsv",
    table((i) => [quoted(words[i]), ...rows[i]], [`"word"`, "a", "b", "c", "d", "e"], "\t"),
    words,
  );
});

async function gzip(text: Content): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("K6: folders of parts and gzip are read", async () => {
  const csv = table((i) => [words[i].replace('"', ""), ...rows[i]], [
    "word",
    "a",
    "b",
    "c",
    "d",
    "e",
  ]);
  await holds("csv", "a.csv.gz", await gzip(csv));
  await holds("jsonl", "a.jsonl.gz", await gzip(rows.map((row) => JSON.stringify(row)).join("\n")));
  await holds("binary", "a.bin.gz", await gzip(word2vec(words)), words);
  await refused(
    "cut off",
    "a.csv.gz",
    (await gzip(csv)).subarray(0, 60),
    /gzip, and damaged or cut off/,
  );
  await withDirectory(async (directory) => {
    Deno.mkdirSync(`${directory}/out`);
    const part = (from: number, to: number) =>
      `id,emb\n${rows.slice(from, to).map((row, i) => `i${from + i},"[${row}]"`).join("\n")}\n`;
    Deno.writeTextFileSync(`${directory}/out/part-00000-x.csv`, part(0, 5));
    Deno.writeTextFileSync(`${directory}/out/part-00001-x.csv`, part(5, 12));
    Deno.writeTextFileSync(`${directory}/out/part-00002-x.csv`, "");
    Deno.writeTextFileSync(`${directory}/out/_SUCCESS`, "");
    Deno.writeTextFileSync(`${directory}/out/.part-00000-x.csv.crc`, "x");
    const all = await openEmbeddings(`${directory}/out`);
    assert.deepEqual(readRows(all.rows), rows);
    assert.deepEqual(all.ids, rows.map((_, i) => `i${i}`));
    const one = await openEmbeddings(`${directory}/out/part-00000-x.csv`);
    assert(one.notes.some((note) => note.includes("is one part of a file of parts")));
    Deno.mkdirSync(`${directory}/model`);
    Deno.writeTextFileSync(`${directory}/model/saved_model.pb`, "x");
    await assert.rejects(
      openEmbeddings(`${directory}/model`),
      /TensorFlow SavedModel\. Convert it: np\.save/,
    );
  });
});

Deno.test("K9: what is not read is named, with what to type in the tool that made it", async () => {
  const latin = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  const kinds: [name: string, start: string, message: RegExp][] = [
    ["a.kv", "\x80\x04\x95abc", /pickle.*save_word2vec_format/],
    ["a.joblib", "\x80\x03abc", /pickle/],
    ["a.h5", "\x89HDF\r\n\x1a\n", /HDF5.*h5py/],
    ["a.mat", "MATLAB 5.0 MAT-file", /MATLAB.*writematrix/],
    ["a.rds", "X\n\0\0\0\x03", /readRDS/],
    ["a.RData", "RDX3\nX\n", /write\.csv/],
    ["a.db", "SQLite format 3\0", /SQLite/],
    ["a.gguf", "GGUF\x03\0\0\0", /GGUF/],
    ["a.ann", "\x01\0\0\0\x02\0\0\0", /Annoy/],
    ["a.faiss", "IxF2\x05\0\0\0", /FAISS.*reconstruct_n/],
    ["a.sql", "--\n-- PostgreSQL database dump\n--\n", /copy/],
    ["a.bin", "\xba\x16\x4f\x2f\x0c\0\0\0", /fastText.*get_word_vector/],
    ["a.onnx", "\x08\x07\x12\x07pytorch", /ONNX/],
    ["a.pth", "\x80\x02\x8a\x0a", /pickle/],
    ["a.xls", "\xd0\xcf\x11\xe0\xa1\xb1", /CSV/],
    ["a.hnsw", "\0\0\0\0\0\0\0\0", /hnswlib/],
    ["a.pkl.gz", "\x80\x04\x95abc", /: gunzip .*a\.pkl\.gz, then np\.save.*a\.pkl"/],
    ["a.dta", "<stata_dta><header>", /Stata.*read_stata/],
    [
      "a.index.json",
      '{"metadata": {}, "weight_map": {"a": "b.safetensors"}}',
      /of a model's .safetensors/,
    ],
    ["data.mdb", `${"\0".repeat(16)}\xde\xc0\xef\xbe`, /LMDB.*np\.save/],
    ["a.duckdb", `${"\0".repeat(8)}DUCK`, /DuckDB.*COPY NAME/],
    ["a", `IxF2\x05\0\0\0${"\0".repeat(8)}${"\0\0\x10\0\0\0\0\0".repeat(2)}`, /FAISS/],
    ["a.tar", `${"a".repeat(257)}ustar`, /tar archive.*tar xf/],
    ["a.f32", "\0\0\x80\x3f\0\0\x80\x3f", /none of the kinds.*np\.fromfile\(.*reshape/],
  ];
  for (const [name, start, message] of kinds) await refused(name, name, latin(start), message);
  // A name that a shell or Python would misread is quoted, and what a name says counts less than text.
  await refused(
    "quotes",
    `it's "x".rds`,
    latin("X\n\0\0\0\x03"),
    /readRDS\(".*it's \\"x\\".rds"\)/,
  );
  await refused("a shell's", "a b.zst", latin("\x28\xb5\x2f\xfd"), /zstd -d '.*a b\.zst'/);
  const orcid = table((i) => [`w${i}`, ...rows[i]], ["ORCID", ...rows[0].map((_, c) => `f${c}`)]);
  await holds("a header like a mark", "a.csv", orcid);
  await holds("the same of a set", "a.txt", rows.map((row) => `set ${row.join(" ")}`).join("\n"));
});

Deno.test("rows of numbers under a remark or a line of names lose no coordinate to a word", async () => {
  const lines = rows.map((row) => row.map((entry) => entry.toExponential(5)).join(" "));
  const names = rows[0].map((_, c) => `x${c}`).join(" ");
  const remark = await holds("remark", "x.txt", `# run 3 of the model\n${lines.join("\n")}\n`);
  assert.deepEqual([remark.ids, remark.leftOut], [undefined, []]);
  const named = await holds("names", "x.txt", `${names}\n${lines.join("\n")}\n`);
  assert.match(named.taken, /^12 rows; header; no ids/);
  const r = lines.map((line, i) => `"row_${i}" ${line}`).join("\n");
  await holds("R", "x.txt", `${names}\n${r}\n`, rows.map((_, i) => `row_${i}`));
  const hash = lines.map((line, i) => `${["#", "##"][i] ?? words[i].replace(" ", "_")} ${line}`);
  const { ids } = await holds("a word #", "x.vec", `${hash.join("\n")}\n`);
  assert.deepEqual(ids!.slice(0, 2), ["#", "##"]);
});

Deno.test("gzip of several members, and a folder of numbered arrays, are read whole and in order", async () => {
  const members = rows.map((row) => gzipSync(`${row.join()}\n`));
  const bytes = (parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
  await holds("members", "x.csv.gz", bytes([...members, gzipSync("")]));
  // A member that ends where a piece of 1 MB that is read does, for all that follow it.
  const [first, ...others] = rows.map((row) => `${row.join()}\n`);
  const padded = Array.from({ length: 300 }, (_, i) => 2 ** 20 - 300 + i)
    .map((length) => gzipSync(`#${" ".repeat(length)}\n${first}`, { level: 0 }))
    .find(({ length }) => length === 2 ** 20)!;
  await holds("at the end of a piece", "x.csv.gz", bytes([padded, gzipSync(others.join(""))]));
  const damaged = bytes([members[0], members[1].subarray(0, 20), members[2]]);
  await refused("damaged", "x.csv.gz", damaged, /gzip, and damaged/);
  await withDirectory(async (directory) => {
    for (const folder of ["parts", "sides"]) Deno.mkdirSync(`${directory}/${folder}`);
    // 10 stands after 9, as numbers do.
    rows.forEach((row, i) => {
      writeNpy(`${directory}/parts/part_${i}.npy`, [row], { dtype: "f8" });
    });
    const joined = await openEmbeddings(`${directory}/parts`);
    assert.deepEqual(readRows(joined.rows), rows);
    for (const name of ["items", "users"]) {
      writeNpy(`${directory}/sides/${name}.npy`, rows, { dtype: "f8" });
    }
    await assert.rejects(
      openEmbeddings(`${directory}/sides`),
      /no parts of one: their names differ by more than a number; name one/,
    );
  });
});

Deno.test("sparse parts are no vectors, Excel's first line is no row, and quotes are no part of a vector", async () => {
  const sparse = rows.map((dense, i) => ({
    id: words[i],
    vec: { dense, sparse: { indices: [i, i + 9], values: [0.5, 0.25] } },
  }));
  await holds("sparse", "x.json", JSON.stringify({ matches: sparse }), words);
  const header = ["id", ...rows[0].map((_, c) => `f${c}`)];
  const excel = `sep=;\r\n${table((i) => [`w${i}`, ...rows[i]], header, ";")}`;
  const { leftOut, taken } = await holds("Excel", "x.csv", excel, rows.map((_, i) => `w${i}`));
  assert.deepEqual(leftOut, []);
  assert.match(taken, /^12 rows; header; ids: id/);
  const single = table((i) => [`w${i}`, `'[${rows[i].join(" ")}]'`], ["id", "v"]);
  await holds("single quotes", "x.csv", single, rows.map((_, i) => `w${i}`));
});
