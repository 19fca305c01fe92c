/**
 * Tables and word vectors as text: how cells, words and numbers are written, and what is refused.
 *
 * @module
 */
import assert from "node:assert/strict";
import { holds, open, quoted, refused, rows, table, words } from "./hold_rows.ts";

const dims = rows[0].map((_, c) => `d${c}`);
const named = words.map((_, i) => `w${i}`);

Deno.test("a quote out of place costs its own line, and cells stand in single quotes as in double", async () => {
  const id = (i: number) => (i === 4 ? '"' : `w${i}`);
  const unclosed = table((i) => [id(i), ...rows[i]], ["id", ...dims]);
  await holds("a word that is a quote", "a.csv", unclosed, rows.map((_, i) => id(i)));
  const cut = `${table((i) => [quoted(named[i]), quoted(`[${rows[i]}]`)], ["id", "v"])}"x","[1,2\n`;
  const found = await holds("a cell that is cut off", "a.csv", cut, named);
  assert.deepEqual(found.leftOut, [{ reason: "wrong-length", count: 1, rows: [12], ids: ["x"] }]);
  await assert.rejects(open("a.csv", cut, { strict: true }), /line 14: a quote does not end/);
  const long = rows.map((row, i) => `"w${i}","[${row.join("\n ")}]"\n`).join("");
  const after = `"w12","[1, 2]"oops\n${long}`;
  const kept = await holds("vectors over lines", "a.csv", `"id","v"\n${after}`, named);
  assert.deepEqual(kept.leftOut.map(({ count, ids }) => [count, ids]), [[1, ["w12"]]]);
  const comma = words.map((word, i) => `${word}, it's ${i}`);
  const single = (text: string) => `'${text.replaceAll("'", "''")}'`;
  for (const mark of [",", ";", "\t"]) {
    const cells = (i: number) => [single(comma[i]), single(rows[i].join(" "))];
    await holds("single quotes", "a.csv", table(cells, ["'id'", "'v'"], mark), comma);
    await holds("no header", "a.csv", table(cells, undefined, mark), comma);
    const wide = table((i) => [single(comma[i]), ...rows[i]], ["id", ...dims], mark);
    await holds("numbers without", "a.csv", wide, comma);
  }
});

Deno.test("a word stands before a colon, or its vector in brackets, as printed dictionaries have them", async () => {
  const ways: Record<string, (i: number) => string> = {
    "a colon": (i) => `${words[i]}: ${rows[i].join(" ")}`,
    "a colon and a list": (i) => `${words[i]}: [${rows[i].join(", ")}]`,
    "a list without blanks": (i) => `${words[i]}: [${rows[i]}]`,
    "an equals sign": (i) => `${words[i]} = (${rows[i].join(", ")})`,
    "NumPy's brackets": (i) => `${words[i]} [${rows[i].join("  ")}]`,
    "a tuple": (i) => `${words[i]} (${rows[i].join(", ")})`,
    "commas": (i) => `${words[i]} ${rows[i].join(", ")}`,
    "a line of a dictionary": (i) => `"${words[i].replace('"', "'")}": [${rows[i].join(", ")}],`,
  };
  for (const [way, line] of Object.entries(ways)) {
    const ids = way.endsWith("dictionary") ? words.map((word) => word.replace('"', "'")) : words;
    const text = rows.map((_, i) => `${line(i)}\n`).join("");
    for (const name of ["a.txt", "a.vec", "a.csv"]) await holds(`${way}, ${name}`, name, text, ids);
    const { taken } = await holds(`${way}, counted`, "a.vec", `12 5\n${text}`, ids);
    assert.match(
      taken,
      /the first line counts rows and coordinates; ids: the words; 5 coordinates/,
    );
  }
});

Deno.test("ids that look like fractions are told from coordinates by how they are written", async () => {
  const versions = rows.map((_, i) => `${1 + (i * 5) % 7}.${(i * 7) % 12}0`);
  for (const [name, mark] of [["a.csv", ","], ["a.txt", " "], ["a.tsv", "\t"]]) {
    const text = table((i) => [versions[i], ...rows[i]], undefined, mark);
    const { taken, notes } = await holds("versions", name, text, versions);
    assert.match(taken, /no header; ids: column 1; coordinates: columns 2 to 6/);
    assert.match(notes.join(), /written otherwise than the others \(1\.00\).*taken as the ids/);
  }
  const short = rows.map((_, i) => `${i % 5}.${i}`);
  await holds("fewer decimals", "a.csv", table((i) => [short[i], ...rows[i]]), short);
  const groups = table((i) => [`${i % 3}.50`, ...rows[i]]);
  const grouped = await holds("groups", "a.csv", groups);
  assert.match(grouped.taken, /no ids; .*; ignored: column 1$/);
  // A program that pads writes all of its numbers so.
  const padded = await open("a.csv", table((i) => rows[i].map((x) => x.toFixed(2))));
  assert.deepEqual([padded.rows.columns, padded.ids], [5, undefined]);
  const plain = await open("a.csv", table((i) => rows[i].map((x) => Math.round(8 * x) / 8)));
  assert.deepEqual([plain.rows.columns, plain.ids], [5, undefined]);
});

Deno.test("numbers are read as typesetters, Fortran and spreadsheets write them", async () => {
  const comma = (x: number) => String(x).replace(".", ",");
  const minus = (x: number) => String(x).replace("-", "\u2212");
  const fortran = (x: number) => x.toExponential(5).replace("e", "D");
  for (const [way, write] of Object.entries({ comma, minus, fortran })) {
    for (const mark of way === "comma" ? [" ", ";", "\t"] : [" ", ",", "\t"]) {
      const wide = table((i) => [named[i], ...rows[i].map(write)], ["word", ...dims], mark);
      await holds(`${way} by ${mark}`, "a.csv", wide, named);
      const bare = table((i) => rows[i].map(write), undefined, mark);
      await holds(`${way} by ${mark}, no ids`, "a.txt", bare);
      if (mark === " ") {
        await holds(
          way,
          "a.txt",
          table((i) => [words[i], ...rows[i].map(write)], undefined, mark),
          words,
        );
      }
    }
  }
  const sheet = table((i) => [named[i], ...rows[i].map((x) => quoted(comma(x)))], ["id", ...dims]);
  await holds("decimal commas in quotes", "a.csv", sheet, named);
  const cells = table((i) => [named[i], `[${rows[i].map(comma).join("; ")}]`], ["id", "v"], "|");
  await holds("decimal commas in a cell", "a.csv", cells, named);
});

Deno.test("vectors in cells are read in the clothes of the programs that wrote them", async () => {
  const float32 = (i: number) => new Uint8Array(Float32Array.from([...rows[i], 1, 2, 3]).buffer);
  const hex = (i: number) =>
    Array.from(float32(i), (b) => b.toString(16).padStart(2, "0")).join("");
  for (const write of [(i: number) => `\\x${hex(i)}`, (i: number) => `X'${hex(i)}'`]) {
    const { values } = await open("a.csv", table((i) => [named[i], write(i)], ["id", "v"]));
    assert.deepEqual(values[2], [...Float32Array.from([...rows[2], 1, 2, 3])]);
  }
  const ways: Record<string, (i: number) => string> = {
    "JSON in JSON": (i) => quoted(JSON.stringify(JSON.stringify(rows[i]))),
    "an object": (i) => quoted(JSON.stringify({ vector: rows[i] })),
    "TensorFlow": (i) =>
      quoted(`<tf.Tensor: shape=(5,), dtype=float32, numpy=\narray([${rows[i]}], dtype=float32)>`),
    "colons": (i) => rows[i].join(":"),
    "float64 as base64": (i) =>
      btoa(String.fromCharCode(...new Uint8Array(Float64Array.from(rows[i]).buffer))),
  };
  for (const [way, write] of Object.entries(ways)) {
    await holds(way, "a.csv", table((i) => [named[i], write(i)], ["id", "v"]), named);
  }
  const spark = table((i) => [`"${named[i]}"`, `"a \\"b\\", c"`, quoted(`[${rows[i]}]`)], [
    "id",
    "t",
    "v",
  ]);
  await holds("quotes behind backslashes", "a.csv", spark, named);
  const spaced = table((i) => [`${named[i]} `, ` "a, b" `, ` ${quoted(`[${rows[i]}]`)}`], [
    "id ",
    " t",
    " v",
  ]);
  await holds("blanks before quotes", "a.csv", spaced, named);
  const eight = rows.map((row) => [...row, 1, 2, 3]);
  const map = table((i) => [named[i], `"[1.5, ${i}]"`, quoted(`[${eight[i]}]`)], [
    "id",
    "lon_lat",
    "e5",
  ]);
  assert.deepEqual((await open("a.csv", map)).values, eight);
  const lengths = table((i) => [named[i], quoted(`[${rows[i].slice(i % 2)}]`)], ["id", "v"]);
  await refused(
    "two lengths",
    "a.csv",
    lengths,
    /6 have 5 numbers \(lines 2, 4, 6, …\), 6 have 4 \(lines 3, 5, 7, …; .* two models, or some were cut/,
  );
});

Deno.test("words are kept whole: a # among them, and numbers at their end", async () => {
  const marks = ["#", "%", "# x", ...words.slice(3)];
  for (const mark of [",", "\t"]) {
    const text = table((i) => [marks[i], ...rows[i]], undefined, mark);
    for (const head of ["", "# made by a program\n", `${["word", ...dims].join(mark)}\n`]) {
      await holds("a #", mark === "," ? "a.csv" : "a.tsv", head + text, marks);
    }
  }
  const films = rows.map((_, i) => `${["Film", "Top Gun"][i % 2]} ${1900 + i}`);
  await holds("films", "a.txt", table((i) => [films[i], ...rows[i]], undefined, " "), films);
  const quotes = table((i) => [`"${named[i]}"`, ...rows[i]], undefined, " ");
  await holds("R without names of columns", "a.txt", quotes, named);
});

Deno.test("the first line is no header where it names few columns, and no row where it is a remark", async () => {
  const csv = table((i) => [named[i], ...rows[i]], ["id", ...dims]);
  for (const title of ["Report", "Report,2026-11-30", ",,\nReport"]) {
    const { leftOut } = await holds(title, "a.csv", `${title}\n${csv}`, named);
    assert.deepEqual(leftOut, []);
  }
  const bare = table((i) => rows[i]);
  const broken = await holds("a broken line", "a.csv", `error,timeout\n${bare}`);
  assert.deepEqual(broken.leftOut.map(({ reason, rows }) => [reason, rows]), [["wrong-length", [
    0,
  ]]]);
  const remark = table((i) => rows[i], undefined, " ");
  await holds("MATLAB", "a.txt", `% 12 x 5\n% saved by a program\n${remark}`);
  const log = await holds(
    "a log",
    "a.txt",
    `INFO loading\n${table((i) => [named[i], ...rows[i]], undefined, " ")}`,
    named,
  );
  assert.equal(log.leftOut[0].count, 1);
  const excel = table((i) => [quoted(`="00${i}"`), ...rows[i]], ["id", ...dims]);
  await holds("Excel's text", "a.csv", excel, rows.map((_, i) => `00${i}`));
});

Deno.test("ids come from the column that has them", async () => {
  const large = rows.map((_, i) => 100_000 + (i * 5) % 12 * 911);
  const bytes = rows.map((row) => row.map((x) => Math.round(100 * x)));
  const { values, ids } = await open("a.csv", table((i) => [large[i], ...bytes[i]]));
  assert.deepEqual([values, ids], [bytes, large.map(String)]);
  const node = table((i) => [large[i], ...rows[i]], ["node", ...dims]);
  await holds("node", "a.csv", node, large);
  const both = table((i) => [`t${i}`, ...rows[i], `p${i}`], ["title", ...dims, "product_id"]);
  await holds("product_id", "a.csv", both, rows.map((_, i) => `p${i}`));
  const name = (i: number) => ["Ann", "Bob"][i % 2];
  const email = table((i) => [name(i), `${i}@x`, ...rows[i]], ["name", "email", ...dims]);
  await holds("email", "a.csv", email, rows.map((_, i) => `${i}@x`));
  const parts = rows.map((row) => [...row, ...row, ...row].map((x, c) => (x + 2) * 0.5 ** c));
  const scores = await open("a.csv", table((i) => parts[i], [..."abcdefghijklmno"]));
  assert.equal(scores.rows.columns, 15);
  const kind = await holds(
    "a class",
    "a.csv",
    table((i) => [...rows[i], i % 3], ["V1", "V2", "V3", "V4", "V5", "V6"]),
  );
  assert.match(kind.taken, /coordinates: V1 to V5 \(5\); ignored: V6$/);
  const empty = await holds(
    "no id",
    "a.csv",
    table((i) => [i < 4 ? "" : named[i], ...rows[i]], ["id", ...dims]),
  );
  assert.deepEqual(empty.leftOut, []);
});

Deno.test("what is printed or no table of vectors is named, with what to type", async () => {
  const matrix = rows.map((row) => `[${row.join(", ")}]`).join(",\n        ");
  const kinds: Record<string, [text: string, message: RegExp]> = {
    "a tensor": [`tensor([${matrix}])\n`, /NumPy, PyTorch or JAX prints.*np\.save/],
    "an array": [`array([${matrix}], dtype=float32)\n`, /prints.*np\.save/],
    "a shape above": [`torch.Size([12, 5])\ntensor([${matrix}])\n`, /prints.*np\.save/],
    "Spark's rows": [
      table((i) => [`Row(id='w${i}', v=DenseVector([${rows[i]}]))`]),
      /Spark prints.*parquet/,
    ],
    "dictionaries": [
      table((i) => [`{'id': 'w${i}', 'v': [${rows[i]}]}`]),
      /Python prints.*json\.dump/,
    ],
    "R": [`        [,1]    [,2]\na -0.37 0.52\nb 0.1 0.2\n`, /R prints.*write\.csv/],
    "LIBSVM": [
      rows.map((row) => `1 ${row.map((x, c) => `${c + 1}:${x}`).join(" ")}\n`).join(""),
      /LIBSVM.*load_svmlight_file/,
    ],
    "Weka": ["% a remark\n@RELATION emb\n@attribute f0 numeric\n@data\n0.1\n", /ARFF.*loadarff/],
    "psql": ["-[ RECORD 1 ]---\nid | a\nv  | [1,2]\n", /psql.*copy/],
    "DuckDB": ["┌────┬───┐\n│ id │ v │\n", /DuckDB or ClickHouse.*parquet/],
    "RDF": [
      rows.map((row, i) => `<_:w${i}> <v> "[${row}]"^^<v> .\n`).join(""),
      /no cells of their own/,
    ],
    "bytes": [
      table((i) => [named[i], quoted(`b'\\xae${i}'`)], ["id", "v"]),
      /bytes as Python prints them.*frombuffer/,
    ],
    "Excel": [
      `id,v\na,"[${"0.123, ".repeat(5000)}"\nb,"[${"0.321, ".repeat(5000)}"\n`,
      /spreadsheets cut cells/,
    ],
    "ratings": [
      table((i) => [i % 3, i % 5, 4.5, 9e5 + i], ["userId", "movieId", "rating", "timestamp"]),
      /holds interactions of users with items/,
    ],
  };
  for (const [kind, [text, message]] of Object.entries(kinds)) {
    for (const name of ["a.txt", "a.csv"]) await refused(`${kind}, ${name}`, name, text, message);
  }
  const cut = ["[0.1, 0.2, ..., 0.4, 0.5]", "[ 0.1 0.2\n 0.3 0.4]"];
  for (const vector of cut) {
    const text = named.map((word) => `${word} ${vector}\n`).join("");
    await refused(vector, "a.txt", text, /as NumPy prints them.*np\.save/);
  }
});
