/**
 * Files as programs write them that people have; each of these was misread, or refused, before.
 *
 * @module
 */
import assert from "node:assert/strict";
import { holds, open, refused, rows, table, words } from "./hold_rows.ts";

const dims = rows[0].map((_, c) => `d${c}`);
const long = rows.map((_, i) => String(2n ** 60n + BigInt((i * 5) % 12) * 7n + 1n));
const padded = rows.map((_, i) => String((i * 5) % 12).padStart(5, "0"));
const lines = (cells: (i: number) => unknown[], mark = " ") => table(cells, undefined, mark);
/** Text in an encoding of one byte a character. */
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const utf16 = (text: string) =>
  new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer);

Deno.test("text in other encodings keeps its letters, and words that differ stay different", async () => {
  const accents = ["café", "cafè", "cafê", "Müller", "Möller", ..."abcdefg"];
  const csv = table((i) => [accents[i], ...rows[i]], ["name", ...dims]);
  await holds("Windows-1252", "a.csv", latin(csv), accents);
  const vec = `12 5\n${lines((i) => [accents[i], ...rows[i]])}`;
  await holds("words in Latin-1", "a.vec", latin(vec), accents);
  const bin = new Uint8Array([
    ...latin("12 5\n"),
    ...rows.flatMap((row, i) => [
      ...latin(`${accents[i]} `),
      ...new Uint8Array(Float32Array.from(row).buffer),
    ]),
  ]);
  await holds("binary words in Latin-1", "a.bin", bin, accents);
  await holds("UTF-16 without a mark", "a.csv", utf16(csv), accents);
  await holds("PowerShell's UTF-16", "a.vec", utf16(`\ufeff${vec}`), accents);
  // A character that lies across the ends of pieces is one.
  const remark = `# ${"x".repeat(2 ** 20 - 4)}\n`;
  assert.deepEqual((await open("a.csv", `${remark}é,1,2\nb,3,4\n`)).ids, ["é", "b"]);
});

Deno.test("integers before fractions are ids or groups, in tables and in lines without a header", async () => {
  for (const [what, ids] of Object.entries({ padded, long, permuted: padded.map(Number) })) {
    for (const [name, mark] of [["a.csv", ","], ["a.txt", " "], ["a.tsv", "\t"]]) {
      const cells = table((i) => [ids[i], ...rows[i]], undefined, mark);
      const { taken, notes } = await holds(what, name, cells, ids);
      assert.match(taken, /no header; ids: column 1; coordinates: columns 2 to 6 \(5\)/);
      const holding = what === "permuted" ? "integers that are" : "text that is";
      assert.match(notes.join(), new RegExp(`column 1 holds ${holding} different in every row`));
    }
  }
  await holds(
    "beside a vector",
    "a.tsv",
    table((i) => [long[i], `[${rows[i]}]`], undefined, "\t"),
    long,
  );
  const groups = await holds("groups", "a.txt", lines((i) => [i % 3, ...rows[i]]));
  assert.equal(groups.ids, undefined);
  assert.match(groups.taken, /no ids; coordinates: columns 2 to 6 \(5\); ignored: column 1$/);
});

Deno.test("a header over words, or that does not fit, is understood or said to be wrong", async () => {
  const spaced = words.map((_, i) => `New York ${i}`);
  const named = `${dims.join(" ")}\n${lines((i) => [spaced[i], ...rows[i]])}`;
  await holds("R's row names that end in a number", "a.txt", named, spaced);
  await refused(
    "one too many",
    "a.vec",
    `12 6\n${lines((i) => [words[i], ...rows[i]])}`,
    /first line says that there are 6 coordinates, most lines have 5/,
  );
  await refused(
    "one too few",
    "a.vec",
    `12 4\n${lines((i) => [words[i], ...rows[i]])}`,
    /4 coordinates, most lines have 5: correct the first line/,
  );
  const labelled = table((i) => [`w${i}`, ...rows[i], i % 2 ? "a" : "b"], [
    "word",
    ...dims,
    "label",
  ], " ");
  await holds("a table with spaces between", "a.txt", labelled, words.map((_, i) => `w${i}`));
  await holds(
    "pandas' two lines of names",
    "a.csv",
    table((i) => [i, ...rows[i]], ["", ...dims.map(() => "emb")]).replace("\n", "\n,0,1,2,3,4\n"),
    words.map((_, i) => i),
  );
  await holds(
    "and the name of the index",
    "a.csv",
    table((i) => [words.length - i, ...rows[i]], ["", ...dims.map(() => "emb")]).replace(
      "\n",
      "\n,0,1,2,3,4\nitem,,,,,\n",
    ),
    words.map((_, i) => 12 - i),
  );
});

Deno.test("the ids are the column whose values all differ", async () => {
  const csv = table((i) => [`t${i}`, i % 4, ...rows[i]], ["track_id", "key", ...dims]);
  const found = await holds("key", "a.csv", csv, words.map((_, i) => `t${i}`));
  assert.match(found.taken, /ids: track_id; .*ignored: key/);
  const titled = table((i) => [i % 5, `t${i}`, ...rows[i]], ["user_id", "title", ...dims]);
  await holds("user_id", "a.csv", titled, words.map((_, i) => `t${i}`));
});

Deno.test("two embeddings beside each other are not one", async () => {
  const two = table((i) => [...rows[i], ...rows[i]], [
    ...dims.map((d) => `u_${d}`),
    ...dims.map((d) => `v_${d}`),
  ]);
  await refused(
    "two groups",
    "a.csv",
    two,
    /several groups of columns .* u_d0-u_d4 and v_d0-v_d4.*--columns u_d0-u_d4/,
  );
  await holds("one of them", "a.csv", two, undefined, { coordinates: "v_d0-v_d4" });
});

Deno.test("vectors in cells are read without quotes, in drawn tables, and as base64", async () => {
  const bare = table((i) => [`w${i}`, `[${rows[i]}]`], ["id", "embedding"]);
  const ids = words.map((_, i) => `w${i}`);
  await holds("no quotes", "a.csv", bare, ids);
  const padded = table((i) => [` w${i} `, ` [${rows[i]}] `], [" id ", " embedding "], "|");
  const drawn = padded.replace("\n", "\n------+---------\n");
  await holds("psql", "a.txt", `${drawn}(12 rows)\n`, ids);
  const bar = "+-----+--------+\n";
  const bordered = padded.split("\n").map((line) => line && `|${line}|`).join("\n");
  await holds(
    "MySQL",
    "a.txt",
    `${bar}${bordered.replace("\n", `\n${bar}`)}${bar}12 rows in set (0.01 sec)\n`,
    ids,
  );
  await holds("Markdown", "a.md", bordered.replace("\n", "\n|---|---|\n"), ids);
  await holds("Hive", "a.txt", lines((i) => [`w${i}`, rows[i].join("\x02")], "\x01"), ids);
  const wide = table((i) => [`w${i}`, ...rows[i].map((x) => String(x).replace(".", ","))], [
    "id",
    ...dims,
  ], "\t");
  await holds("a decimal comma between tabs", "a.tsv", wide, ids);
  const eight = [...rows[0], 1, 2, 3];
  const text = btoa(String.fromCharCode(...new Uint8Array(Float32Array.from(eight).buffer)));
  const { values } = await open("a.csv", `id,embedding\na,${text}\nb,${text}\n`);
  assert.deepEqual(values[1], [...Float32Array.from(eight)]);
});

Deno.test("what a file's name says of its kind counts less than its text", async () => {
  const ids = words.map((_, i) => `w${i}`);
  await holds("commas in .tsv", "a.tsv", table((i) => [ids[i], ...rows[i]], ["id", ...dims]), ids);
  await holds(
    "tabs in .csv",
    "a.csv",
    table((i) => [ids[i], ...rows[i]], ["id", ...dims], "\t"),
    ids,
  );
  await holds("blanks in .csv", "a.csv", lines((i) => [ids[i], ...rows[i]]), ids);
  await holds("word vectors in .csv", "a.csv", `12 5\n${lines((i) => [ids[i], ...rows[i]])}`, ids);
  for (const name of ["a.csv", "a.txt", "a.data"]) await holds("JSON", name, JSON.stringify(rows));
});

Deno.test("what is in place of a file, or no table, is named with what to do", async () => {
  for (const name of ["a.npy", "a.csv", "a.parquet"]) {
    await refused(
      "LFS",
      name,
      "version https://git-lfs.github.com/spec/v1\noid sha256:a\n",
      /Git LFS.* git lfs pull/,
    );
    await refused("HTML", name, "<!DOCTYPE html>\n<html></html>", /web page.*download it again/);
    await refused(
      "XML",
      name,
      '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>',
      /error message in XML/,
    );
  }
  await refused(
    "Matrix Market",
    "a.mtx",
    "%%MatrixMarket matrix array real general\n1 2\n3\n4\n",
    /Matrix Market.*mmread/,
  );
  await refused(
    "dput",
    "a.txt",
    "structure(c(0.1, 0.2,\n0.3, 0.4), dim = c(2L, 2L))\n",
    /dput.*write\.csv/,
  );
  await refused(
    "text",
    "a.txt",
    "Lorem ipsum dolor\nsit amet\n",
    /no lines that end in numbers, line 1 is "Lorem ipsum dolor"/,
  );
  await refused(
    "no vectors",
    "a.csv",
    `id,text\n${words.map((_, i) => `${i},t`).join("\n")}`,
    /its columns are "id" \(numbers\), "text" \(text\)/,
  );
});

const named = words.map((_, i) => `w${i}`);
const json = (value: unknown) => JSON.stringify(value);
const jsonLines = (values: unknown[]) => values.map(json).join("\n");

Deno.test("ids come from where they stand: beside at any depth, in the key, by the request", async () => {
  const inputs = (from: number) =>
    [2, 0, 1].map((index) => ({ object: "embedding", index, embedding: rows[from + index] }));
  const batch = [0, 3, 6, 9].map((from) => ({
    custom_id: `r${from}`,
    response: { status_code: 200, body: { data: inputs(from) } },
  }));
  const asked = rows.map((_, i) => `r${i - i % 3}:${i % 3}`);
  await holds("inputs out of order", "a.jsonl", jsonLines(batch), asked);
  const cohere = { texts: named, embeddings: { float: rows, int8: rows.map(() => [1, 2, 3]) } };
  const byType = await holds("Cohere by type", "a.json", json(cohere), named);
  assert.match(
    byType.notes.join(),
    /"embeddings.float\[\]" .* are read, those at "embeddings.int8/,
  );
  const query = {
    ids: [named.slice(0, 6), named.slice(6)],
    embeddings: [rows.slice(0, 6), rows.slice(6)],
  };
  await holds("Chroma's query", "a.json", json(query), named);
  const records = Object.fromEntries(rows.map((v, i) => [named[i], { category_id: i % 3, v }]));
  await holds("a key beside groups", "a.json", json(records), named);
});

Deno.test("values that carry their type are read: MongoDB, DynamoDB, Firestore", async () => {
  const oid = (i: number) => i.toString(16).padStart(24, "0");
  const mongo = rows.map((row, i) => ({
    _id: { $oid: oid(i) },
    title: named[i],
    v: row.map((x) => ({ $numberDouble: String(x) })),
  }));
  await holds("Extended JSON", "a.jsonl", jsonLines(mongo), rows.map((_, i) => oid(i)));
  const packed = (row: number[]) =>
    btoa(String.fromCharCode(0x27, 0, ...new Uint8Array(Float32Array.from(row).buffer)));
  const binary = rows.map((row, i) => ({
    _id: { $numberLong: long[i] },
    v: { $binary: { base64: packed(row), subType: "09" } },
  }));
  await holds("its packed vectors", "a.jsonl", jsonLines(binary), long);
  const dynamo = rows.map((row, i) => ({
    Item: { id: { S: named[i] }, v: { L: row.map((x) => ({ N: String(x) })) } },
  }));
  await holds("DynamoDB", "a.jsonl", jsonLines(dynamo), named);
  const values = (row: number[]) => ({
    arrayValue: { values: row.map((x) => ({ doubleValue: x })) },
  });
  const documents = rows.map((row, i) => ({ name: named[i], fields: { v: values(row) } }));
  await holds("Firestore", "a.json", json({ documents }), named);
  await holds(
    "numbers as text",
    "a.json",
    json(rows.map((row, i) => ({ id: named[i], v: row.map(String) }))),
    named,
  );
  const base64 = (row: number[]) =>
    btoa(String.fromCharCode(...new Uint8Array(Float32Array.from(row).buffer)));
  await holds(
    "base64",
    "a.json",
    json({ texts: named, embeddings: { base64: rows.map(base64) } }),
    named,
  );
});

Deno.test("a frame in JSON has its rows where pandas has them", async () => {
  const frame = (outer: string[], inner: string[], value: (o: number, i: number) => number) =>
    json(
      Object.fromEntries(
        outer.map((o, a) => [o, Object.fromEntries(inner.map((i, b) => [i, value(a, b)]))]),
      ),
    );
  const counted = rows.map((_, i) => String(i));
  const digits = dims.map((_, c) => String(c));
  const columns = frame(dims, words, (c, i) => rows[i][c]);
  await holds("columns", "a.json", columns, words);
  await holds("index", "a.json", frame(words, digits, (i, c) => rows[i][c]), words);
  await holds(
    "columns that are counted",
    "a.json",
    frame(digits, words, (c, i) => rows[i][c]),
    words,
  );
  const bare = await holds(
    "nothing but numbers",
    "a.json",
    frame(digits, counted, (c, i) => rows[i][c]),
  );
  assert.match(
    bare.notes.join(),
    /keys do not tell rows from columns: it is taken as 12 rows of 5.*records/,
  );
  await holds("the same by rows", "a.json", frame(counted, digits, (i, c) => rows[i][c]));
  await holds(
    "lists by column",
    "a.json",
    json(Object.fromEntries(dims.map((d, c) => [d, rows.map((row) => row[c])]))),
  );
  const cells = rows.map((row, i) => [long[i], row]);
  const meta = [{ name: "id", type: "UInt64" }, { name: "v", type: "Array(Float32)" }];
  await holds("ClickHouse", "a.json", json({ meta, data: cells, rows: 12 }), long);
  await holds("its lines", "a.jsonl", jsonLines(cells), long);
  await holds(
    "words and numbers in one list",
    "a.jsonl",
    jsonLines(rows.map((row, i) => [named[i], ...row])),
    named,
  );
});

Deno.test("places that are no embeddings are passed over aloud, two embeddings are asked about", async () => {
  const eight = rows.map((row) => [...row, 0.5, 0.25, 0.125]);
  const beside = eight.map((v, i) => ({
    id: named[i],
    v,
    at: v.slice(0, 2),
    tokens: [1, 2, 3, 4],
  }));
  const { values, notes } = await open("a.json", json(beside));
  assert.deepEqual(values, eight);
  assert.match(
    notes.join(),
    /"\[\].v" \(12 x 8\) are read, those at "\[\].at" .* "\[\].tokens" .* are not/,
  );
  await refused(
    "users and items",
    "a.json",
    json({ users: rows.slice(0, 3), items: rows }),
    /2 places, "users\[\]" \(3 x 5\), "items\[\]"/,
  );
  const sparse = rows.map(() => [{ index: 1, value: 0.5 }, { index: 3, value: 0.1 }]);
  await refused("sparse", "a.json", json(sparse), /sparse vectors alone/);
});

Deno.test("a line that is no JSON is left out, and values one after the other are read", async () => {
  const records = rows.map((v, i) => json({ id: named[i], v }));
  const cut = [...records.slice(0, 4), '{"id": "x", "v": [1, 2', ...records.slice(4)].join("\n");
  const found = await holds("a line cut off", "a.jsonl", cut, named);
  assert.deepEqual(found.leftOut, [{ reason: "not-json", count: 1, rows: [4], ids: [] }]);
  assert.match(found.notes.join(), /1 of 13 rows left out: it is no JSON/);
  await assert.rejects(open("a.jsonl", cut, { strict: true }), /line 5 is no JSON/);
  await refused("most lines", "a.jsonl", `x\ny\n${records[0]}`, /line 1 is no JSON/);
  const pretty = rows.map((v, i) => JSON.stringify({ id: named[i], v }, null, 1)).join("\n");
  for (const name of ["a.json", "a.jsonl"]) await holds("jq", name, pretty, named);
  await holds("without line ends", "a.json", records.join(""), named);
});

Deno.test("what is odd for long, or two lines in one, does not decide over the file", async () => {
  const late = [
    ...Array.from({ length: 320 }, (_, i) => json({ id: `n${i}`, v: null })),
    jsonLines(rows.map((v, i) => ({ id: named[i], v }))),
  ];
  const found = await holds("no vector in the first 320", "a.jsonl", late.join("\n"), named);
  assert.equal(found.leftOut[0].count, 320);
  const cells = [
    ...Array.from({ length: 320 }, (_, i) => `n${i},,0.5`),
    ...rows.map((v, i) => `${named[i]},"[${v}]",0.5`),
  ];
  await holds("the same in CSV", "a.csv", `id,embedding,score\n${cells.join("\n")}\n`, named);
  const vec = named.map((word, i) => [word, ...rows[i].map((x) => x.toFixed(4))].join(" "));
  const merged = [
    ...vec,
    `x ${rows[0].map((x) => x.toFixed(4)).join(" ")}y ${
      rows[1].map((x) => x.toFixed(4)).join(" ")
    }`,
  ].join("\n");
  assert.match(
    (await holds("two lines in one", "a.txt", merged, named)).notes.join(),
    /1 of 13 rows left out/,
  );
});

Deno.test("digits that are padded or too long are ids, whatever their column is called", async () => {
  for (const ids of [padded, long]) {
    const csv = table((i) => [ids[i], ...rows[i]], ["code", ...dims]);
    await holds("codes", "a.csv", csv, ids);
  }
  const steps = table((i) => rows[i], [10, 20, 30, 40, 50]);
  await holds("a header of integers in steps", "a.csv", steps);
  const printed = `[[ 0.1  0.2 ...  0.3]\n ...\n [ 0.4 0.5 ... 0.6]]\n`;
  await refused("what NumPy prints", "a.txt", printed, /is what NumPy prints.*np\.save/);
  // Items are counted as well: lists under their names are no columns.
  const items = Object.fromEntries(rows.map((row, i) => [`item${i}`, row]));
  await holds("items that are counted", "a.json", json(items), rows.map((_, i) => `item${i}`));
});

Deno.test("no record of JSON is lost in silence", async () => {
  const record = (i: number) => JSON.stringify({ id: words[i], v: rows[i] });
  // A program left out the end of a line.
  const joined = rows.map((_, i) => record(i) + (i === 3 ? "" : "\n")).join("");
  await holds("two records on a line", "a.jsonl", joined, words);
  // A line that is longer than what tells the kind of a file.
  const lines = rows.map((v, i) => JSON.stringify({ id: words[i], text: "x".repeat(70_000), v }));
  const found = await holds("long lines", "a.jsonl", lines.join("\n"), words);
  assert.match(found.format, /^JSON lines/);
  // JavaScript keeps the last of the values that a key has, and does not say so.
  const entries = words.map((word, i) => `${JSON.stringify(word)}: ${JSON.stringify(rows[i])}`);
  const twice = `{"the": [9, 9, 9, 9, 9], ${entries.join(", ")}}`;
  const { notes } = await holds("a key twice", "a.json", twice, words);
  assert.match(notes.join(), /1 key stands twice in its object: the last value is taken/);
  await assert.rejects(open("a.json", twice, { strict: true }), /1 key stands twice.*--strict/);
  const once = await holds("keys once", "a.json", `{${entries.join(", ")}}`, words);
  assert.deepEqual(once.notes.filter((note) => note.includes("stands")), []);
  const text = JSON.stringify(rows.map((v, i) => ({ id: `"a\\":${i}"`, text: '\\\\"b":', v })));
  const quotes = await open("a.json", text);
  assert.deepEqual(quotes.notes.filter((note) => note.includes("stands")), []);
  await refused("a list behind lists", "a.json", `${JSON.stringify(rows)} [1]`, /is no JSON/);
});
