import assert from "node:assert/strict";
import { holds, open, refused, rows } from "./hold_rows.ts";

const ids = rows.map((_, i) => `i${i}`);
const json = (value: unknown) => JSON.stringify(value);
const lines = (values: unknown[]) => values.map(json).join("\n");
const records = rows.map((v, i) => ({ id: ids[i], v }));

Deno.test("JSON within text is read: records that were encoded twice, fields that hold some", async () => {
  const twice = rows.map((_, i) => json(json(records[i])));
  await holds("lines", "a.jsonl", twice.join("\n"), ids);
  await holds("a list of texts", "a.json", json(records.map(json)), ids);
  await holds("the whole file", "a.json", json(json(records)), ids);
  await holds("three times", "a.json", json(json(json(records))), ids);
  await holds("printed over lines", "a.json", json(JSON.stringify(records, null, 2)), ids);
  const messages = records.map(({ id, v }) => ({ messageId: `m${id}`, body: json({ id, v }) }));
  await holds("the body of a message", "a.json", json({ Messages: messages }), ids);
  await holds("a vector", "a.jsonl", lines(records.map(({ id, v }) => ({ id, v: json(v) }))), ids);
  await holds(
    "a vector, twice",
    "a.jsonl",
    lines(records.map(({ id, v }) => ({ id, v: json(json(v)) }))),
    ids,
  );
  for (const mark of [" ", ","]) {
    const bare = records.map(({ id, v }) => ({ id, embedding: v.join(mark) }));
    await holds("a vector without brackets", "a.jsonl", lines(bare), ids);
  }
  // Text that only looks like JSON stays text.
  const titles = rows.map((_, i) => `[${i}] {see "below"}`);
  await holds("titles", "a.json", json(rows.map((v, i) => ({ title: titles[i], v }))), titles);
});

Deno.test("several vectors for an item are refused with what to type, as they are in Parquet", async () => {
  const tokens = rows.map((row, i) => i % 3 === 0 ? [row, row, row] : [row, row]);
  const says = /several vectors for each item.*numpy\.mean.*a row of its own/;
  const forms: Record<string, [string, string]> = {
    "records": ["a.json", json(tokens.map((v, i) => ({ id: ids[i], v })))],
    "lines": ["a.jsonl", lines(tokens.map((v, i) => ({ text: `text ${i}`, v })))],
    "named vectors": [
      "a.json",
      json({ points: tokens.map((colbert, id) => ({ id, vector: { colbert } })) }),
    ],
    "under ids": ["a.json", json(Object.fromEntries(tokens.map((v, i) => [ids[i], v])))],
    "three dimensions": ["a.json", json(tokens)],
    "three dimensions, lines": ["a.jsonl", lines(tokens)],
    "JSON within text": ["a.jsonl", lines(tokens.map((v, i) => ({ id: ids[i], v: json(v) })))],
  };
  const padded = records.map(({ id, v }) => ({ id, v: [v, v, v] }));
  forms["equally many each"] = ["a.jsonl", lines(padded)];
  for (const [what, [name, text]] of Object.entries(forms)) await refused(what, name, text, says);
  const languages = ["de", "en", "fr", "it", "nl"].map((language) => [language, rows]);
  const kinds = await open("a.json", json(Object.fromEntries(languages)));
  assert.deepEqual([kinds.rows.rows, kinds.ids?.[13]], [60, "en:1"]);
  // One vector in a list is that of the item; answers to several inputs are rows.
  await holds("one each", "a.jsonl", lines(records.map(({ id, v }) => ({ id, v: [v] }))));
  const inputs = [0, 4, 8].map((from) => rows.slice(from, from + 4));
  const answers = inputs.map((embeddings, i) => ({
    model: "m",
    embeddings,
    total_duration: 7 * i,
  }));
  const { notes } = await holds("Ollama's answers", "a.jsonl", lines(answers));
  assert.match(
    notes.join(),
    /lists of several vectors, 4 in the first of them: each vector is a row/,
  );
  const batch = inputs.map((embeddings, i) => ({
    custom_id: `r${i}`,
    response: { body: { embeddings } },
  }));
  await holds("answers in a batch", "a.jsonl", lines(batch));
  const uneven = [rows.slice(0, 5), rows.slice(5, 10), rows.slice(10)];
  await holds("answers that are lists", "a.json", json(uneven));
  await holds("answers that are lists, lines", "a.jsonl", lines(uneven));
});

Deno.test("ids are found in maps of rows, in rows of cells, and beside base64", async () => {
  const rowOf = Object.fromEntries(ids.map((id, i) => [id, i]).toReversed());
  await holds("rows by id", "a.json", json({ vocab: rowOf, embeddings: rows }), ids);
  const idOf = Object.fromEntries(ids.map((id, i) => [i, id]));
  await holds("ids by row", "a.json", json({ id2word: idOf, vectors: rows }), ids);
  await holds(
    "Neo4j",
    "a.json",
    json({ results: [{ data: records.map(({ id, v }) => ({ row: [id, v] })) }] }),
    ids,
  );
  await holds("txtai", "a.json", json({ data: records.map(({ id, v }) => [id, "text", v]) }), ids);
  const numbers = rows.map((_, i) => (i * 5) % 12 + 100);
  const numbered = rows.map((v, i) => [numbers[i], v]);
  assert.deepEqual((await open("a.json", json(numbered))).ids, numbers);
  const classes = await open("a.json", json(rows.map((v, i) => [i % 3, v])));
  assert.deepEqual([classes.rows.rows, classes.ids], [12, undefined]);
  const printed = { rows: records.map(({ id, v }) => [id, json(v)]) };
  await holds("vectors as text", "a.json", json(printed), ids);
  const put = records.map(({ id, v }, i) => ({
    put: id,
    fields: { title: `t${i}`, v: { values: v } },
  }));
  await holds("Vespa", "a.jsonl", lines(put), ids);
  const series = (name: string, values: unknown[]) => ({ name, datatype: "x", values });
  await holds(
    "polars",
    "a.json",
    json({ columns: [series("id", ids), series("v", rows.map((v) => series("", v)))] }),
    ids,
  );
  await holds(
    "entries",
    "a.json",
    json({ type: "Map", value: records.map(({ id, v }) => [id, v]) }),
    ids,
  );
  const bytes = (row: number[]) => [...new Uint8Array(Float32Array.from(row).buffer)];
  const base64 = (row: number[]) => btoa(String.fromCharCode(...bytes(row)));
  await holds(
    "base64",
    "a.json",
    json(Object.fromEntries(records.map(({ id, v }) => [id, base64(v)]))),
    ids,
  );
  const buffers = records.map(({ id, v }) => ({ id, v: { type: "Buffer", data: bytes(v) } }));
  await holds("Buffers of Node", "a.jsonl", lines(buffers), ids);
  const kinds = [0, 1, 2, 3, 4, 5].map((
    k,
  ) => [`k${k}`, Object.fromEntries(records.slice(2 * k, 2 * k + 2).map(({ id, v }) => [id, v]))]);
  assert.equal((await holds("by kind", "a.json", json(Object.fromEntries(kinds)))).ids?.length, 12);
  const bulk = records.flatMap(({ v }) => [{ index: { _index: "items" } }, { v }]);
  assert.equal((await holds("bulk without ids", "a.ndjson", lines(bulk))).records, 12);
});

Deno.test("what is nearly JSON is read, or said to be what it is", async () => {
  const list = records.map(json);
  await holds("a comma behind the last", "a.json", `[${list.join(",\n")},\n]`, ids);
  await holds("commas behind lines", "a.jsonl", list.map((line) => `${line},`).join("\n"), ids);
  await holds("no brackets", "a.json", list.join(",\n"), ids);
  const cut = list.map((line, i) => i % 4 === 0 ? line.slice(0, 20) : line).join("\n");
  const found = await open("a.jsonl", cut);
  assert.deepEqual(found.leftOut.map(({ reason, count }) => [reason, count]), [["not-json", 3]]);
  await refused("cut off", "a.json", json(records).slice(0, -30), /is no JSON: .*; it is cut off$/);
  await refused("a line behind", "a.json", `${json(records)}\nDone`, /delete what is behind it$/);
  const told = `Loading model\n${json(records)}`;
  await refused("a line before", "a.json", told, /delete the line before the JSON$/);
  const python = json(records).replaceAll('"', "'");
  await refused("Python", "a.json", python, /is what Python prints .*json\.dump\(/);
  const error = { error: { message: "Incorrect API key", type: "x" } };
  await refused(
    "an error",
    "a.json",
    json(error),
    /holds no vectors, but an error: "Incorrect API key"/,
  );
  const failed = rows.map((_, i) => ({ custom_id: ids[i], response: { body: error } }));
  await refused(
    "errors",
    "a.jsonl",
    lines(failed),
    /but 12 requests that failed, the first by: "Incorrect/,
  );
  const renamed = rows.map((v, i) => i < 8 ? { id: ids[i], old: v } : { id: ids[i], vector: v });
  const { notes } = await holds("a field that was renamed", "a.jsonl", lines(renamed), ids);
  assert.match(
    notes.join(),
    /the vectors of 4 rows are read at "vector", where they have none at "old"/,
  );
  const without = rows.map((v, i) => ({ id: i % 3 ? ids[i] : "", v }));
  assert.equal((await holds("some without an id", "a.json", json(without))).rows.rows, 12);
});
