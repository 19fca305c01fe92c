import assert from "node:assert/strict";
import { openEmbeddings, type OpenOptions } from "cosine-lab/audit";
import { openBlob } from "../../../lib/audit/formats/open_blob.ts";
import { withDirectory } from "../write_npy.ts";
import { readRows } from "./read_rows.ts";

/** What a text is read as: from a file, and the same from a Blob, as a page does. */
async function read(name: string, text: string | Uint8Array<ArrayBuffer>, options?: OpenOptions) {
  let result: unknown;
  await withDirectory(async (directory) => {
    const path = `${directory}/${name}`;
    if (typeof text === "string") Deno.writeTextFileSync(path, text);
    else Deno.writeFileSync(path, text);
    const { rows, ...rest } = await openEmbeddings(path, options);
    result = { rows: readRows(rows), ...rest };
    const blob = await openBlob(new File([text], name), options);
    assert.deepEqual(readRows(blob.rows), readRows(rows));
    assert.deepEqual(blob.ids, rest.ids);
  });
  return result as { rows: number[][]; ids?: unknown; columns: unknown; notes: string[] };
}

async function fails(name: string, text: string, message: RegExp, options?: OpenOptions) {
  await assert.rejects(read(name, text, options), { name: "InputError", message });
}

const rows = [[1, 2], [3, -4.5]];
const ids = ["a", "b"];

Deno.test("vectors are found in what services and databases of embeddings give", async () => {
  const forms: Record<string, unknown> = {
    "a list of vectors": rows,
    "Ollama, Hugging Face": { model: "m", embeddings: rows },
    "Cohere": { id: "1", embeddings: { float: rows } },
    "OpenAI, Voyage, Mistral, out of order": {
      object: "list",
      data: [1, 0].map((i) => ({ object: "embedding", index: i, embedding: rows[i] })),
    },
    "Gemini": { embeddings: rows.map((values) => ({ values })) },
  };
  for (const [service, json] of Object.entries(forms)) {
    assert.deepEqual((await read("x.json", JSON.stringify(json))).rows, rows, service);
  }
  const named: Record<string, unknown> = {
    "records": rows.map((embedding, i) => ({ id: ids[i], text: "…", embedding })),
    "another name for the vector": rows.map((mine, i) => ({ id: ids[i], mine })),
    "Pinecone": { vectors: rows.map((values, i) => ({ id: ids[i], values, metadata: {} })) },
    "Qdrant": { result: { points: rows.map((vector, i) => ({ id: ids[i], vector })) } },
    "Chroma": { ids, embeddings: rows, documents: null },
    "a dictionary": { a: rows[0], b: rows[1] },
  };
  for (const [store, json] of Object.entries(named)) {
    const found = await read("x.json", JSON.stringify(json));
    assert.deepEqual([found.rows, found.ids], [rows, ids], store);
  }
  const lines = (records: unknown[]) => records.map((record) => JSON.stringify(record)).join("\n");
  const batch = rows.map((embedding, i) => ({
    custom_id: ids[i],
    response: { status_code: 200, body: { data: [{ object: "embedding", index: 0, embedding }] } },
  }));
  for (const records of [batch, rows.map((vector, i) => ({ _id: ids[i], vector }))]) {
    // JSON lines come under .json, too.
    for (const name of ["x.jsonl", "x.ndjson", "x.json", "x"]) {
      const found = await read(name, lines(records));
      assert.deepEqual([found.rows, found.ids], [rows, ids]);
    }
  }
  assert.deepEqual((await read("x.jsonl", lines(rows))).rows, rows);
});

Deno.test("JSON that holds no vectors is refused, with where", async () => {
  const strict = { strict: true };
  await fails("x.json", '[{"id":1}]', /must hold lists of numbers of one length, however deep/);
  await fails(
    "x.json",
    '[{"a":[1],"b":[2]}]',
    /vectors at 2 places, "\[\]\.a" \(1 x 1\), .*: name the one to read \(--vectors a\)/,
  );
  assert.deepEqual((await read("x.json", '[{"a":[1],"b":[2]}]', { vectors: "b" })).rows, [[2]]);
  await fails("x.json", '[{"a":[1],"b":[2]}]', /no vectors at "c", it has .*\.a/, { vectors: "c" });
  await fails("x.json", '{"a":[1,2],"b":[3],"c":[4,5]}', /row 2.* 1 entries, most have 2/, strict);
  await fails("x.json", "3", /must hold/);
  await fails("x.json", "null", /must hold/);
  await fails("x.json", "[1,2]", /is one list of numbers, not a list of vectors/);
  await fails("x.jsonl", '{"embedding":[1]}\n{"embedding":[1,}\n', /line 2 is no JSON/, strict);
  const lines = '{"embedding":[1,2]}\n\n{"embedding":[1]}\n{"embedding":[3,4]}\n';
  await fails("x.jsonl", lines, /line 3, .* vector of 1 entries, most have 2/, strict);
  assert.deepEqual((await read("x.jsonl", lines)).rows, [[1, 2], [3, 4]]);
  const huge = '{"embedding":[1e999]}\n{"embedding":[1]}';
  await fails("x.jsonl", huge, /line 1, .* entry 1 is NaN or infinite/, strict);
});

Deno.test("a table is read whatever separates it, and however it writes vectors", async () => {
  const found = await read("x.csv", 'id;x;y\n"a;1";1,5;2\nb;-3,25;4e0\n');
  assert.deepEqual([found.rows, found.ids], [[[1.5, 2], [-3.25, 4]], ["a;1", "b"]]);
  assert.deepEqual((await read("x.csv", "1,5;2,5;3\n4;5;6\n")).rows, [[1.5, 2.5, 3], [4, 5, 6]]);
  assert.deepEqual((await read("x.csv", "id|x|y\na|1|2\nb|3|-4.5\n")).rows, rows);
  for (const vector of ["[1,2]", "{1,2}", "[1 2]", "[ 1.  2. ]", "(1, 2)", "[1\n 2]"]) {
    const { rows, ids } = await read("x.csv", `name,v,year\r\na,"${vector}",1999\r\n`);
    assert.deepEqual([rows, ids], [[[1, 2]], ["a"]], vector);
  }
  await fails("x.csv", 'v\n"[1 2 ... 3 4]"\n', /NumPy abbreviated vectors .* entries are lost/);
  await fails("x.csv", 'v\n"[1, 2]"\n"[1]"\n', /line 3, .* of 1 entries, most have 2/, {
    strict: true,
  });
  await fails("x.csv", 'v\n"[1, 2]"\nx\n', /line 3, column "v": "x" is not a vector/, {
    strict: true,
  });
  await fails("x.csv", 'v,w\n"[1]","[2]"\n', /2 columns of vectors, "v", "w": name the one/);
  assert.deepEqual((await read("x.csv", 'v,w\n"[1]","[2]"\n', { vectors: "w" })).rows, [[2]]);
  // Words first, without a header: they are not taken for one.
  const words = await read("x.csv", "apple,1,2\npear,3,-4.5\n");
  assert.deepEqual([words.rows, words.ids], [rows, ["apple", "pear"]]);
  const utf16 = new Uint8Array([
    0xff,
    0xfe,
    ...new Uint8Array(Uint16Array.from("1,2\r\n3,4\r\n", (c) => c.charCodeAt(0)).buffer),
  ]);
  assert.deepEqual((await read("x.csv", utf16)).rows, [[1, 2], [3, 4]]);
  assert.deepEqual((await read("x.csv", "1,2\r3,4\r")).rows, [[1, 2], [3, 4]]);
  await fails("x.csv", "x,y\n1,2\n3,0x10\n", /column "y": "0x10" is not a number/, {
    strict: true,
  });
  await fails("x.csv", "x,y\n1,nan\n3,4\n", /line 2, column "y" is NaN or infinite/, {
    strict: true,
  });
});

Deno.test("no id becomes a coordinate, and what is taken for granted is said", async () => {
  const table = (columns: string[], cells: (i: number) => unknown[]) =>
    [columns, ...Array.from({ length: 12 }, (_, i) => cells(i))].map((row) => row.join(",")).join(
      "\n",
    );
  const noise = (i: number) => [Math.sin(i) + 2, Math.cos(i * i)];
  const shape = async (text: string, options?: OpenOptions) => {
    const { rows, ids, notes } = await read("x.csv", text, options);
    return { columns: rows[0].length, ids: ids as unknown[] | undefined, notes: notes.join("; ") };
  };
  // The column of ids that is not asked for stays no coordinate.
  const titled = table(["id", "title", "x", "y"], (i) => [100 + i, `t${i}`, ...noise(i)]);
  const asked = await shape(titled, { ids: "title", columns: ["title"] });
  assert.deepEqual([asked.columns, asked.ids?.[3]], [2, "t3"]);
  assert.match(asked.notes, /column "id" ignored/);
  const usual = await shape(titled);
  assert.deepEqual([usual.columns, usual.ids?.[3]], [2, "103"]);
  assert.match(usual.notes, /column "id" is taken as the ids; .*column "title" ignored/);
  // Integers that only rise are a row number, whatever they are called.
  const risen = await shape(table(["n", "x", "y"], (i) => [3 * i, ...noise(i)]));
  assert.deepEqual([risen.columns, risen.ids?.[3]], [2, "9"]);
  assert.match(risen.notes, /column "n" holds integers that only rise or fall.* taken as the ids/);
  const mixed = await shape(table(["n", "x", "y"], (i) => [i % 7, ...noise(i)]));
  assert.deepEqual([mixed.columns, mixed.ids], [3, undefined]);
  // Text that differs everywhere names the items; other text is left out.
  const texts = await shape(
    table(["kind", "what", "x", "y"], (i) => [`k${i % 2}`, `w${i}`, ...noise(i)]),
  );
  assert.deepEqual([texts.columns, texts.ids?.[3]], [2, "w3"]);
  assert.match(
    texts.notes,
    /"what" holds text that is different in every row.*column "kind" ignored/,
  );
  await assert.rejects(
    shape(titled, { ids: "name" }),
    /has no column "name", it has "id", "title"/,
  );
  // The same without a header: a row number first.
  const bare = await read(
    "x.txt",
    Array.from({ length: 12 }, (_, i) => [i, ...noise(i)].join(" ")).join("\n"),
  );
  assert.equal(bare.rows[0].length, 2);
  assert.match(bare.notes[0], /column 1 holds integers that only rise or fall/);
});

Deno.test("word vectors are read with what real ones hold: spaces, numbers, ends of lines", async () => {
  const glove = await read("x.txt", ". . . 1 2\nat a@b.com 3 4\n2003 5 6\n");
  assert.deepEqual(glove.ids, [". . .", "at a@b.com", "2003"]);
  assert.deepEqual(glove.rows, [[1, 2], [3, 4], [5, 6]]);
  const vec = await read("x.vec", "2 2\r\n</s> 1 -2e-3 \r\ncafé\t.5\t+3.\r\n");
  assert.deepEqual(vec.ids, ["</s>", "café"]);
  assert.deepEqual(vec.rows.map((row) => row.map(Math.fround)), [[1, Math.fround(-2e-3)], [
    0.5,
    3,
  ]]);
  await fails("x.vec", "3 2\na 1 2\nb 3 4\n", /header declares 3 rows, it has 2/);
  await fails("x.vec", "a 1 2\nb 3\nc 4 5\n", /line 2, coordinate 1: "b" is not a number/, {
    strict: true,
  });
  await fails(
    "x.vec",
    "a 1.5 2.5\nb 3.5 4.5 5.5\n",
    /line [12] (is not a word and|has) [23] coordinates/,
    { strict: true },
  );
  await fails("x.vec", "a 1 x\nb 3 4\n", /line 1, coordinate 2: "x" is not a number/, {
    strict: true,
  });
  await fails("x.vec", "a 1 nan\nb 3 4\n", /coordinate 2 is NaN or infinite/, { strict: true });
});
