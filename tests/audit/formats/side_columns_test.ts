import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { type EmbeddingFile, openEmbeddings } from "cosine-lab/audit";
import { memorySource } from "../../../lib/audit/formats/bytes.ts";
import { takenSentence } from "../../../lib/audit/formats/embedding_file.ts";
import { fileSource } from "../../../lib/audit/formats/open_embeddings.ts";
import { pairEvidence } from "../../../lib/audit/fix/choose_correction.ts";
import { matched, readPairs, sideColumns } from "../../../lib/audit/formats/side_columns.ts";
import {
  knownPairs,
  labelNumbers,
  numericValues,
  rowsById,
} from "../../../lib/audit/side_values.ts";
import { withDirectory, writeNpy } from "../write_npy.ts";
import { rows, table } from "./hold_rows.ts";

const long = rows.map((_, i) => String(2n ** 60n + BigInt((i * 5) % 12) * 7n + 1n));
const source = (text: string) => memorySource(new TextEncoder().encode(text), "side");

const ids = rows.map((_, i) => `i${i}`);
const kinds = rows.map((_, i) => ["tea", "dark rice", "salt"][i % 3]);
/** The items in another order than that of the rows. */
const shuffled = rows.map((_, i) => (i * 5) % 12);
const json = (value: unknown) => JSON.stringify(value);

/** What a file of a name and a text says of the items, and what is said of it. */
function side(what: string, name: string, text: string, known: string[] | undefined = ids) {
  const notes: string[] = [];
  const values = matched(what, name, () => source(text), known, rows.length, { notes });
  return { values: values.map(String), notes: notes.join("; ") };
}

Deno.test("labels are read in every form in which ids and labels stand beside each other", () => {
  const lines = (line: (i: number) => string) => shuffled.map(line).join("\n");
  const records = shuffled.map((i) => ({ id: ids[i], label: kinds[i] }));
  const column = (values: string[]) => Object.fromEntries(shuffled.map((i, r) => [r, values[i]]));
  const forms: Record<string, [name: string, text: string]> = {
    "label first, without a header": ["a.csv", lines((i) => `${kinds[i]},${ids[i]}`)],
    "text with tabs": ["a.txt", lines((i) => `${ids[i]}\t${kinds[i]}`)],
    "text with blanks": ["a.txt", lines((i) => `${ids[i]} ${kinds[i]}`)],
    "text with colons": ["a.txt", lines((i) => `${ids[i]}: ${kinds[i]}`)],
    "MovieLens": ["a.dat", lines((i) => `${ids[i]}::${kinds[i]}`)],
    "blanks behind ids": ["a.csv", `id,label\n${lines((i) => `${ids[i]} ,${kinds[i]}`)}`],
    "other columns behind": [
      "a.csv",
      `id,target,score\n${lines((i) => `${ids[i]},${kinds[i]},${i / 9}`)}`,
    ],
    "JSON lines": ["a.jsonl", records.map(json).join("\n")],
    "JSON lines of pairs": ["a.ndjson", lines((i) => json([ids[i], kinds[i]]))],
    "records": ["a.json", json(records)],
    "lists": ["a.json", json(shuffled.map((i) => [ids[i], kinds[i]]))],
    "pandas by columns": ["a.json", json({ id: column(ids), label: column(kinds) })],
    "pandas split": [
      "a.json",
      json({
        columns: ["label"],
        index: shuffled.map((i) => ids[i]),
        data: shuffled.map((i) => [kinds[i]]),
      }),
    ],
    "two lists": [
      "a.json",
      json({ ids: shuffled.map((i) => ids[i]), labels: shuffled.map((i) => kinds[i]) }),
    ],
    "items under labels": [
      "a.json",
      json(Object.fromEntries([0, 1, 2].map((k) => [kinds[k], ids.filter((_, i) => i % 3 === k)]))),
    ],
  };
  for (const [what, [name, text]] of Object.entries(forms)) {
    assert.deepEqual(side("labels", name, text).values, kinds, what);
  }
  assert.deepEqual(side("labels", "a.json", json({ labels: kinds }), undefined).values, kinds);
  assert.deepEqual(side("labels", "a.jsonl", kinds.map(json).join("\n")).values, kinds);
  const floats = lines((i) => `${i}.0,${kinds[i]}`);
  const counted = side("labels", "a.csv", `id,label\n${floats}`, rows.map((_, i) => String(i)));
  assert.deepEqual(counted.values, kinds);
  assert.match(counted.notes, /those of the items but for blanks, or "\.0" behind them/);
  const which = side(
    "labels",
    "a.csv",
    `id,aisle,at\n${lines((i) => `${ids[i]},${kinds[i]},t${i}`)}`,
  );
  assert.match(
    which.notes,
    /a\.csv: the labels are its column "aisle" by the ids in "id", of 12 of 12 items/,
  );
  assert.throws(
    () => side("labels", "a.csv", `id,label\n${lines((i) => `I${i},${kinds[i]}`)}`),
    /none for 12 of them: the items' ids are like "i0", its own like "I0"/,
  );
  const tags = json(Object.fromEntries(ids.map((id) => [id, ["a", "b"]])));
  assert.throws(() => side("labels", "a.json", tags), /several labels for 12 of its 12 ids/);
});

Deno.test("items without a value are said; numbers are read as spreadsheets write them", () => {
  const csv = (values: string[], mark = ",") =>
    `id${mark}n\n${values.map((value, i) => `${ids[i]}${mark}${value}`).join("\n")}`;
  const some = ids.map((_, i) => i === 3 ? "" : String(i + 1));
  const popularity = side("popularity", "a.csv", csv(some));
  assert.deepEqual(popularity.values, some.map((value) => value || "0"));
  assert.match(popularity.notes, /no popularity for 1 of 12 items \(i3\): they count as 0/);
  const labels = side("labels", "a.json", json(kinds.with(2, null as unknown as string)));
  assert.deepEqual(labels.values, kinds.with(2, "no label: i2"));
  assert.match(labels.notes, /no labels for 1 of 12 items \(i2\): each .* a kind of its own/);
  for (
    const [given, says] of [[ids, /all 12 labels differ/], [
      ids.map(() => "x"),
      /have the same label/,
    ]] as const
  ) {
    assert.match(side("labels", "a.json", json(given)).notes, says);
  }
  const thousands = ids.map((_, i) => i % 2 ? `"${i},234"` : "120");
  const numbers = (
    text: string,
    name = "a.csv",
  ) => [...numericValues("popularity", side("popularity", name, text).values)];
  assert.deepEqual(numbers(csv(thousands)), ids.map((_, i) => i % 2 ? i * 1000 + 234 : 120));
  assert.deepEqual(numbers(csv(ids.map((_, i) => `0,0${i + 1}`), ";")).slice(0, 2), [0.01, 0.02]);
  const counted = shuffled.map((i) => `${String(i + 1).padStart(7)} ${ids[i]}`).join("\n");
  assert.deepEqual(numbers(counted, "uniq.txt"), ids.map((_, i) => i + 1));
  const most = json(shuffled.map((i) => [ids[i], i + 1]));
  assert.deepEqual(numbers(most, "a.json"), ids.map((_, i) => i + 1));
});

Deno.test("ids are read beside the numbers of rows, in any order", () => {
  const lines = (line: (i: number) => string) => shuffled.map(line).join("\n");
  const forms: Record<string, [name: string, text: string]> = {
    "rows by id": ["a.json", json(Object.fromEntries(shuffled.map((i) => [ids[i], i])))],
    "ids by row": ["a.json", `{${shuffled.map((i) => `"${i}": "${ids[i]}"`)}}`],
    "a table": ["a.csv", `item_id,idx\n${lines((i) => `${ids[i]},${i}`)}`],
    "OpenKE": ["a.txt", `12\n${lines((i) => `${ids[i]}\t${i}`)}`],
    "quotes throughout, and lines left blank": [
      "a.txt",
      ids.map((id) => `"${id}"\n`).join("") + "\n\n",
    ],
    "JSON called text": ["a.txt", json(ids)],
    "rows by id, called text": [
      "a.txt",
      json(Object.fromEntries(shuffled.map((i) => [ids[i], i]))),
    ],
    "a list as Python prints it": ["a.txt", `[${ids.map((id) => `'${id}'`).join(", ")}]\n`],
    "one line": ["a.txt", ids.join(",")],
    "words and their counts": ["a.txt", ids.map((id, i) => `${id} ${100 - i}`).join("\n")],
    "a name that repeats": ["a.csv", `name,sku\n${ids.map((id) => `x,${id}`).join("\n")}`],
    "DGL-KE": ["a.tsv", ids.map((id, i) => `${i}\t${id}`).join("\n")],
    "JSON lines": ["a.jsonl", ids.map(json).join("\n")],
    "records": ["a.jsonl", ids.map((id) => json({ t: "x", id })).join("\n")],
  };
  for (const [what, [name, text]] of Object.entries(forms)) {
    assert.deepEqual(side("ids", name, text, undefined).values, ids, what);
  }
  const titles = ids.map((_, i) => `Apollo${i} ${i * 7 % 12 + 1}`);
  assert.deepEqual(side("ids", "a.txt", titles.join("\n"), undefined).values, titles);
  const csv = `title,id\n${ids.map((id) => `t${id},${id}`).join("\n")}`;
  assert.match(side("ids", "a.csv", csv, undefined).notes, /the ids are its column "id"/);
});

Deno.test("ids that are named take the place of the file's own, and that is said", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/x.csv`;
    Deno.writeTextFileSync(
      path,
      table((i) => [ids[i], `t${i}`, ...rows[i]], ["id", "title", ..."abcde"]),
    );
    Deno.writeTextFileSync(`${directory}/names.txt`, ids.map((id) => `${id}!`).join("\n"));
    for (
      const [name, values] of [[`${directory}/names.txt`, "i3!"], ["title", "t3"], ["id", "i3"]]
    ) {
      const file = await openEmbeddings(path, { columns: [name] });
      const found = sideColumns({ ids: name, labels: [], popularity: [] }, file, fileSource);
      assert.equal(found.ids![3], values);
      const isOwn = name === "id";
      const taken = takenSentence(file, name);
      assert(
        taken.includes(isOwn ? "; ids: id; " : `; ids: ${name} (its own, id, set aside); `),
        taken,
      );
      assert(!taken.includes("beside them"), taken);
      const said = file.notes.join();
      assert.equal(said.includes(`those of ${name}: the file's own, id, are set aside`), !isOwn);
      assert.doesNotMatch(said, /is taken as the ids/);
    }
  });
});

Deno.test("labels, popularity and ids come from columns, or from files", async () => {
  await withDirectory(async (directory) => {
    const path = (name: string) => `${directory}/${name}`;
    Deno.writeTextFileSync(path("x.csv"), "kind,x,y\nu,1,2\nv,3,4\nu,5,6\n");
    const embeddings = await openEmbeddings(path("x.csv"), { columns: ["kind"] });
    const find = (labels: string) =>
      sideColumns({ labels, ids: ["id"], popularity: ["popularity"] }, embeddings, fileSource);
    assert.deepEqual(find("kind"), { labels: ["u", "v", "u"] });
    Deno.writeTextFileSync(path("l.txt"), "u\nv\nu\n");
    assert.deepEqual(find(path("l.txt")).labels, ["u", "v", "u"]);
    Deno.writeFileSync(path("l.txt.gz"), new Uint8Array(gzipSync("u\nv\nu\n")));
    assert.deepEqual(find(path("l.txt.gz")).labels, ["u", "v", "u"]);
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
    assert.throws(
      () => find("sort"),
      /labels must be in a column .*"sort" is neither; the columns are "kind"$/,
    );
    const records = [0, 1, 2].map((i) => ({
      id: `i${i}`,
      genre: `g${i % 2}`,
      tags: ["a", "b"],
      v: [i, 1],
    }));
    Deno.writeTextFileSync(path("x.json"), JSON.stringify(records));
    const file = await openEmbeddings(path("x.json"));
    const misspelt = (labels: string) => () =>
      sideColumns({ labels, ids: [], popularity: [] }, file, fileSource);
    assert.throws(misspelt("Genra"), /"Genra" is neither; the columns are "genre", /);
    assert.throws(misspelt("tags"), /"tags" holds several labels for an item, a list of them/);
    assert.throws(() => find(path("none.txt")), /none\.txt does not exist/);
    assert.throws(
      () => numericValues("popularity", ["1", "x"]),
      /popularity of item 1, counted from 0: "x" is not a number/,
    );
    assert.deepEqual([...numericValues("popularity", ["1", 2.5])], [1, 2.5]);
  });
});

Deno.test("what is known of items is read whatever separates it, from records, and by row numbers", async () => {
  await withDirectory((directory) => {
    const path = `${directory}/labels`;
    const items = { rows: { rows: 12 }, ids: long, columns: {}, notes: [] as string[] };
    const read = (name: string, text: string) => {
      Deno.writeTextFileSync(`${path}${name}`, text);
      const names = { ids: [], labels: `${path}${name}`, popularity: [] };
      return sideColumns(names, items as unknown as EmbeddingFile, fileSource, []).labels;
    };
    const kinds = rows.map((_, i) => `c${i % 3}`);
    for (const mark of [",", ";", "\t", "|"]) {
      const text = table((i) => [long[i], kinds[i]], ["id", "label"], mark);
      assert.deepEqual(read(".csv", text), kinds, mark);
    }
    const records = `[${long.map((id, i) => `{"n": ${i}, "id": ${id}, "label": "${kinds[i]}"}`)}]`;
    assert.deepEqual(read(".json", records), kinds);
    const numbered = table((i) => [i, kinds[i]], ["", "0"]);
    Deno.writeTextFileSync(`${path}.csv`, numbered);
    const notes: string[] = [];
    const names = { ids: [], labels: `${path}.csv`, popularity: [] };
    const found = sideColumns(
      names,
      { ...items, ids: undefined } as unknown as EmbeddingFile,
      fileSource,
      notes,
    );
    assert.deepEqual(found.labels, kinds);
    assert.match(notes.join(), /its ids are the numbers of the rows, counted from 0/);
    assert.deepEqual(read(".txt", `label\n${kinds.join("\n")}\n`), kinds);
  });
});

Deno.test("pairs are read by any separator, and are no popularity", () => {
  for (const [name, mark] of [["a.csv", ";"], ["a.csv", "|"], ["a.tsv", ","], ["a.tsv", "\t"]]) {
    const text = [["a", "b", "2"], ["b", "c", "3"]].map((cells) => cells.join(mark)).join("\n");
    assert.deepEqual(readPairs(source(text), name), {
      first: ["a", "b"],
      second: ["b", "c"],
      weights: [2, 3],
    });
  }
  const popularity = (lines: string[]) =>
    matched("popularity", "p.tsv", () => source(lines.join("\n")), ["0", "1", "2"], 3);
  assert.throws(() => popularity(["0\t1", "1\t2", "2\t0"]), /names the items again/);
  assert.throws(
    () => popularity(["0\t4", "0\t5", "1\t4", "1\t6", "2\t4"]),
    /2 of its 3 ids have several values/,
  );
  // A log is none even where the ratings of an item are all alike.
  assert.throws(() => popularity(["0", "1", "2", "0", "1", "2"].map((id) => `${id}\t${id}5`)), {
    message: /holds pairs, not popularity: most of its 3 ids have several values/,
  });
  assert.deepEqual(popularity(["0\t1", "1\t1", "2\t2"]).map(Number), [1, 1, 2]);
});

Deno.test("pairs are read from JSON, with names, and with columns behind the weight", () => {
  const expected = { first: ["a", "b"], second: ["b", "c"], weights: [2, 3] };
  const lines = (cells: unknown[][], mark: string) => cells.map((row) => row.join(mark)).join("\n");
  const pairs = [["a", "b", 2], ["b", "c", 3]];
  const at = (row: unknown[], i: number) => [...row, 1112486000 + i];
  const records = pairs.map(([query, item, score]) => ({ query, item, score }));
  const forms: Record<string, [name: string, text: string]> = {
    "lists": ["a.json", json(pairs)],
    "records": ["a.json", json(records)],
    "JSON lines": ["a.jsonl", records.map(json).join("\n")],
    "by id, by id": ["a.json", json({ a: { b: 2 }, b: { c: 3 } })],
    "pandas' index": [
      "a.csv",
      lines([["", "x", "y", "n"], ...pairs.map((row, i) => [i, ...row])], ","),
    ],
    "a decimal comma": [
      "a.csv",
      lines([["x", "y", "w"], ["a", "b", "2,0"], ["b", "c", "3,0"]], ";"),
    ],
    "ratings with their time": [
      "a.csv",
      lines([["userId", "movieId", "rating", "timestamp"], ...pairs.map(at)], ","),
    ],
    "the same without names": ["u.data", lines(pairs.map(at), "\t")],
    "columns behind the weight": [
      "a.csv",
      lines([["x", "y", "n", "lift", "support"], ...pairs.map((row) => [...row, 1, 2])], ","),
    ],
    "MovieLens' marks": ["a.dat", lines(pairs.map(at), "::")],
    "blanks behind commas": ["a.csv", lines(pairs, ", ")],
    "qrels": ["qrels.txt", lines(pairs.map(([a, b, n]) => [a, 0, b, n]), " ")],
  };
  for (const [what, [name, text]] of Object.entries(forms)) {
    const { ratings = false, ...found } = readPairs(source(text), name);
    assert.deepEqual(found, expected, what);
    assert.equal(ratings, /ratings|without names|MovieLens/.test(what), what);
  }
  const ofItems = { ids: ["a", "b", "c"], rows: { rows: 3 } } as unknown as EmbeddingFile;
  assert.throws(
    () => pairEvidence(readPairs(source("user,item\na,b\n"), "a.csv"), ofItems, "a.csv"),
    /a\.csv holds ratings of users, not pairs of items: it is given by --interactions/,
  );
  const edges = (text: string) => readPairs(source(text), "a.edgelist");
  assert.deepEqual(edges("a b {}\nb c {}\n").second, ["b", "c"]);
  assert.deepEqual(edges("a b {'weight': 3.5}\nb c {'weight': 2}\n").weights, [3.5, 2]);
  const bought = "x,y,bought\na,b,True\na,c,False\n";
  assert.deepEqual(readPairs(source(bought), "a.csv").second, ["b"]);
  assert.throws(
    () => readPairs(source("a,b,-1\nb,c,1\n"), "a.csv"),
    /weight "-1" must be .*; pairs of weight 0 are left out: write 0 for what does not belong/,
  );
  assert.deepEqual(readPairs(source(json({ a: ["b", "c"] })), "a.json"), {
    first: ["a", "a"],
    second: ["b", "c"],
    weights: [1, 1],
  });
  assert.throws(() => readPairs(source(""), "a.tsv"), /a\.tsv has no pairs/);
  const titles = "New York\tLos Angeles\nOld York\tNew York\n";
  assert.deepEqual(readPairs(source(titles), "a.txt").first, ["New York", "Old York"]);
  assert.throws(
    () => readPairs(source("a b c d e\nb c d e f\n"), "a.txt"),
    /line 1 has 5 cells: pairs are/,
  );
  // A header of two names is no pair; another pair of what is not there is said.
  const items = { what: "item" as const, rows: rowsById(["a", "b", "c"], 3) };
  const note = (text: string) =>
    knownPairs(readPairs(source(text), "a.csv"), [items, items], "a.csv").note;
  assert.equal(note("item_a,item_b\na,b\nb,c\n"), null);
  assert.match(note("a,b\nx,y\nb,c\n")!, /1 of 3 pairs name an item that is not there/);
});
