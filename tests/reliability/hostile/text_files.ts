import { bytesOf, goodRows, type HostileFile, joined, sparse, utf8 } from "./hostile_file.ts";

type Case = [name: string, content: HostileFile["content"], outcome: HostileFile["outcome"]];

const asFiles = (cases: Case[]): HostileFile[] =>
  cases.map(([name, content, outcome]) => ({ name, content, outcome }));

function utf16(text: string, bigEndian = false): Uint8Array {
  const units = Uint16Array.from(`\ufeff${text}`, (character) => character.charCodeAt(0));
  const bytes = new Uint8Array(units.buffer);
  if (bigEndian) {
    for (let at = 0; at < bytes.length; at += 2) {
      bytes.subarray(at, at + 2).reverse();
    }
  }
  return bytes;
}

/** Hostile tables of text: .csv and .tsv. */
export function csvFiles(seed: string): HostileFile[] {
  const rows = goodRows(seed);
  const lines = rows.map((row) => row.join(","));
  const table = lines.join("\n");
  const line7 = (line: string) => lines.with(7, line).join("\n");
  const withIds = (header: string, id: (i: number) => string) =>
    [header, ...rows.map((row, i) => [id(i), ...row].join(","))].join("\n");
  const wide = (columns: number) => `${"1,".repeat(columns - 1)}1\n`.repeat(2);
  return asFiles([
    ["empty.csv", "", /is empty/],
    ["blank.csv", " \n\n\n", /no rows|neither/],
    ["commas.csv", ",,,\n,,,\n", /no rows|neither/],
    ["header alone.csv", "id,x0,x1\n", /no rows|neither/],
    ["words.csv", "a,b\nc,d\n", /neither/],
    [
      "prose.csv",
      "It was the best of times,\nit was the worst of times.\n",
      /cells|neither|columns/,
    ],
    ["one row.csv", "1,2,3,4\n", /at least 2 rows/],
    ["one column.csv", rows.map(([x]) => x).join("\n"), "read"],
    ["20000 columns.csv", wide(20_000), /20,000 coordinates/],
    ["1000000 columns.csv", wide(1_000_000), /1,000,000 coordinates/],
    ["3 GB of nothing.csv", sparse(utf8("1"), 3e9), /more than/],
    ["3 GB in a quote.csv", sparse(utf8('x,y\n1,"'), 3e9), /more than/],
    ["ragged.csv", line7("1,2,3"), /line 8/],
    ["longer row.csv", line7("1,2,3,4,5"), /line 8/],
    ["empty cell.csv", line7("1,,3,4"), /line 8/],
    ["nan.csv", line7("1,NaN,3,4"), /NaN/],
    ["infinite.csv", line7("1,-inf,3,4"), /infinite/],
    ["beyond the largest.csv", line7("1,1e999,3,4"), /infinite/],
    ["hexadecimal.csv", line7("1,0x10,3,4"), /line 8/],
    ["text in a coordinate.csv", line7("1,two,3,4"), /line 8/],
    ["nul in a coordinate.csv", line7("1,2\0,3,4"), /line 8/],
    ["full width digits.csv", line7("1,２,3,4"), /line 8/],
    ["thousands.csv", line7('1,"2,000",3,4'), /line 8/],
    ["long number.csv", line7(`1,${"9".repeat(100_000)},3,4`), /infinite|line 8/],
    ["long fraction.csv", line7(`1,0.${"1".repeat(100_000)},3,4`), "read"],
    ["open quote.csv", line7('1,"2,3,4'), /quote/],
    ["text after a quote.csv", line7('1,"2"x,3,4'), /quote/],
    ["quotes alone.csv", '"\n'.repeat(65), /quote|neither|no rows/],
    ["formulas.csv", withIds("id,a,b,c,d", (i) => `=cmd|' /C calc'!A${i}`), "read"],
    ["markup.csv", withIds("id,a,b,c,d", (i) => `<script>alert(${i})</script>`), "read"],
    ["escapes.csv", withIds("id,a,b,c,d", (i) => `\u001b[31m${i}\u0007\u202e`), "read"],
    ["one id for all.csv", withIds("id,a,b,c,d", () => "same"), "read"],
    ["prototype.csv", withIds("__proto__,a,b,c,d", (i) => `w${i}`), "read"],
    ["constructor.csv", withIds("constructor,a,b,c,d", (i) => `w${i}`), "read"],
    ["long ids.csv", withIds("id,a,b,c,d", (i) => `${i}${"x".repeat(20_000)}`), "read"],
    ["one name for all.csv", ["x,x,x,x", ...lines].join("\n"), "read"],
    [
      "headers in between.csv",
      ["a,b,c,d", ...lines.toSpliced(5, 0, "a,b,c,d")].join("\n"),
      /line 7/,
    ],
    ["byte order mark.csv", `\ufeff${table}`, "read"],
    ["byte order mark alone.csv", "\ufeff", /no rows|neither/],
    ["line ends of Windows.csv", lines.join("\r\n"), "read"],
    ["line ends of old.csv", lines.join("\r"), "read"],
    [
      "line ends of all kinds.csv",
      lines.map((line, i) => line + ["\n", "\r\n", "\r"][i % 3]).join(""),
      "read",
    ],
    ["utf-16.csv", utf16(table), "read"],
    ["utf-16, big endian.csv", utf16(table, true), "read"],
    ["utf-16, cut.csv", utf16(table).slice(0, -1), "either"],
    ["utf-32.csv", joined(Uint8Array.of(0xff, 0xfe, 0, 0), table), /no rows/],
    [
      "no text.csv",
      Uint8Array.from({ length: 3000 }, (_, i) => (i * 7919) % 256),
      /line|neither|number|quote|cells|no rows/,
    ],
    ["vector cut short.csv", 'id,v\n1,"[0.1 0.2 ... 0.9]"\n2,"[0.1 0.2 ... 0.9]"\n', /abbreviated/],
    ["vector that is open.csv", 'id,v\n1,"[0.1, 0.2"\n2,"[0.1, 0.2"\n', /vector|neither/],
    ["vectors that differ.csv", 'id,v\n1,"[0.1, 0.2]"\n2,"[0.1]"\n', /entries/],
    ["vector of null.csv", 'id,v\n1,"[0.1, 0.2]"\n2,"[null, 0.2]"\n', /vector/],
    [
      "two vectors.csv",
      'a,b\n"[0.1, 0.2]","[1, 2]"\n"[0.1, 0.3]","[1, 2]"\n',
      /2 columns of vectors/,
    ],
    ["commas.tsv", table, "read"],
    ["spaces.tsv", rows.map((row) => row.join(" ")).join("\n"), "read"],
    ["nan.tsv", rows.map((row, i) => row.with(1, i === 7 ? NaN : 1).join("\t")).join("\n"), /NaN/],
    [
      "ragged.tsv",
      rows.map((row, i) => row.slice(i === 9 ? 1 : 0).join("\t")).join("\n"),
      /line 10/,
    ],
    [
      "separators of two kinds.csv",
      rows.map((row, i) => row.join(i % 2 ? ";" : ",")).join("\n"),
      /line|cells/,
    ],
    [
      "decimal commas.csv",
      rows.map((row) => row.join(";").replaceAll(".", ",")).join("\n"),
      "read",
    ],
  ]);
}

/** Hostile .json and .jsonl files. */
export function jsonFiles(seed: string): HostileFile[] {
  const rows = goodRows(seed);
  const json = (value: unknown) => JSON.stringify(value);
  const text7 = (entry: string) => `[${rows.map((row, i) => i === 7 ? entry : json(row)).join()}]`;
  const records = rows.map((embedding, id) => ({ id, embedding }));
  const record7 = (record: unknown) => json(records.with(7, record as never));
  const line7 = (line: string) => records.map(json).with(7, line).join("\n");
  const floats = (row: number[]) => btoa(String.fromCharCode(...bytesOf(Float32Array.from(row))));
  const openai = (change: (i: number) => object) =>
    json({
      data: rows.map((embedding, index) => ({
        object: "embedding",
        index,
        embedding,
        ...change(index),
      })),
    });
  return asFiles([
    ["empty.json", "", /is empty/],
    ["blank.json", "  ", /is no JSON/],
    ["no json.json", "{x: 1}", /is no JSON/],
    ["cut.json", json(rows).slice(0, -9), /is no JSON/],
    ["more after it.json", `${json(rows)} [1]`, /is no JSON/],
    ["deep.json", "[".repeat(100_000) + "]".repeat(100_000), /list of numbers|number/],
    ["deep and open.json", '{"a":'.repeat(100_000), /is no JSON/],
    ["deep result.json", '{"result":'.repeat(5000) + "1" + "}".repeat(5000), /must hold/],
    ["3 GB of nothing.json", sparse(utf8("["), 3e9), /takes 6,000 MB/],
    ["null.json", "null", /must hold/],
    ["number.json", "1e5", /must hold/],
    ["text.json", '"embeddings"', /must hold/],
    ["no entries.json", "[]", /must hold lists of numbers/],
    ["no fields.json", "{}", /must hold/],
    ["empty vectors.json", "[[],[]]", /must hold lists of numbers/],
    ["vectors of vectors.json", json(rows.map((row) => [row])), "read"],
    ["entries that are objects.json", text7('[1,{"a":2},3,4]'), /number/],
    ["entries that are text.json", text7('[1,"2",3,4]'), "read"],
    ["entries that are null.json", text7("[1,null,3,4]"), /row 8, .*entry 2 is missing/],
    ["entries that are true.json", text7("[1,true,3,4]"), /number/],
    ["row that is an object.json", text7('{"a":{"b":1}}'), /row 8, .* is not a vector/],
    ["row that is null.json", text7("null"), /row 8, .*there is no vector/],
    ["row that is a number.json", text7("5"), /row 8, .*5 is not a vector/],
    ["shorter row.json", text7("[1,2,3]"), /row 8, .* of 3 entries/],
    ["longer row.json", text7("[1,2,3,4,5]"), /row 8, .* of 5 entries/],
    ["nan.json", text7("[1,NaN,3,4]"), /row 8, .*is NaN/],
    ["beyond the largest.json", text7("[1,1e999,3,4]"), /infinite/],
    ["records without one.json", record7({ id: 7 }), /row 8, .*there is no vector/],
    ["record of null.json", record7({ id: 7, embedding: null }), /row 8, .*there is no vector/],
    [
      "ids that are objects.json",
      record7({ id: { a: 1 }, embedding: [1, 2, 3, 4] }),
      "read",
    ],
    [
      "ids that are lists.json",
      record7({ id: [1], embedding: [1, 2, 3, 4] }),
      "read",
    ],
    ["id that is missing.json", record7({ embedding: [1, 2, 3, 4] }), "read"],
    ["base64 that is none.json", record7({ id: 7, embedding: "****" }), /base64/],
    ["base64 of 3 bytes.json", record7({ id: 7, embedding: "AAAA" }), /base64|entries/],
    [
      "base64 of nan.json",
      record7({ id: 7, embedding: floats([1, NaN, 3, 4]) }),
      /row 8, .* is not a vector/,
    ],
    ["two lists.json", json(rows.map((row) => ({ a: row, b: row }))), /vectors at 2 places/],
    [
      "dictionary of objects.json",
      json(Object.fromEntries(rows.map((row, i) => [`w${i}`, i === 7 ? {} : row]))),
      /row 8, .* is not a vector/,
    ],
    [
      "one key twice.json",
      `{${rows.map((row, i) => `"w${i % 63}":${json(row)}`).join()}}`,
      /1 key stands twice in its object/,
    ],
    [
      "keys of a prototype.json",
      `{${
        rows.map((row, i) =>
          `"${i === 0 ? "__proto__" : i === 1 ? "constructor" : i}":${json(row)}`
        ).join()
      }}`,
      "read",
    ],
    ["records of a prototype.json", json(records).replaceAll('"id"', '"__proto__"'), "read"],
    [
      "lone surrogates.json",
      `{${rows.map((row, i) => `"\\ud800${i}":${json(row)}`).join()}}`,
      "read",
    ],
    [
      "markup.json",
      json(rows.map((row, i) => ({ id: `</script><img src=x onerror=${i}>`, vector: row }))),
      "read",
    ],
    ["byte order mark.json", `\ufeff${json(rows)}`, "read"],
    ["utf-16.json", utf16(json(rows)), "read"],
    ["one index for all.json", openai(() => ({ index: 0 })), "either"],
    ["negative index.json", openai((i) => ({ index: -i })), "either"],
    [
      "answer that is an error.json",
      json({ error: { message: "quota", code: 429 } }),
      /an error: "quota"/,
    ],
    [
      "answer of objects.json",
      openai((i) => i === 7 ? { embedding: {} } : {}),
      /row 8, .* is not a vector/,
    ],
    [
      "embeddings of objects.json",
      json({ embeddings: { float: [{}] } }),
      /must hold lists of numbers/,
    ],
    ["empty.jsonl", "", /is empty/],
    ["blank.jsonl", "\n\n \n", /no rows/],
    ["no json.jsonl", line7("{x: 1}"), /line 8/],
    ["cut.jsonl", records.map(json).join("\n").slice(0, -5), /line 64/],
    [
      "two on a line.jsonl",
      line7(`${json(records[7])}${json({ ...records[7], id: "between" })}`),
      "read",
    ],
    [
      "two kinds on a line.jsonl",
      line7(`${json(records[7])}${json(records[7].embedding)}`),
      /line 8 is no JSON/,
    ],
    ["null.jsonl", line7("null"), /line 8/],
    ["objects within.jsonl", line7('{"id":7,"embedding":[1,{},3,4]}'), /line 8/],
    ["id that is an object.jsonl", line7('{"id":{},"embedding":[1,2,3,4]}'), "read"],
    ["shorter row.jsonl", line7('{"id":7,"embedding":[1,2,3]}'), /line 8/],
    ["beyond the largest.jsonl", line7('{"id":7,"embedding":[1,-1e999,3,4]}'), /infinite/],
    ["other fields.jsonl", line7('{"name":7,"vec":[1,2,3,4]}'), /line 8/],
    ["nul.jsonl", line7("\0"), /line 8/],
    ["3 GB of nothing.jsonl", sparse(utf8("{"), 3e9), /more than/],
    ["prototype.jsonl", records.map(json).join("\n").replaceAll('"id"', '"__proto__"'), "read"],
  ]);
}

/** Hostile word vectors, as text and in binary. */
export function wordFiles(seed: string): HostileFile[] {
  const rows = goodRows(seed);
  const lines = rows.map((row, i) => `w${i} ${row.join(" ")}`);
  const text = (header: string, changed = lines) => [header, ...changed].join("\n");
  const line7 = (line: string) => lines.with(7, line).join("\n");
  const word = (i: number, name = `w${i}`, row = rows[i]) =>
    joined(name, " ", bytesOf(Float32Array.from(row)), "\n");
  const words = rows.map((_, i) => word(i));
  return asFiles([
    ["empty.vec", "", /is empty/],
    ["header alone.vec", "64 4\n", /no rows|cut off/],
    ["header of more.vec", text("5000000 4"), /is cut off/],
    ["header of less.vec", text("60 4"), /line|words|rows/],
    ["header of other width.vec", text("64 5"), /line/],
    ["vast header.vec", text("999999999999 999999999"), /coordinates|line|cut off/],
    ["header of 20000.vec", text("2 20000"), /20,000 coordinates|line/],
    [
      "20000 columns.vec",
      `a ${"1 ".repeat(20_000)}\nb ${"2 ".repeat(20_000)}\n`,
      /20,000 coordinates/,
    ],
    ["shorter row.vec", line7("w7 1 2 3"), /line 8/],
    ["longer row.vec", line7("w7 1 2 3 4 5"), "read"],
    ["word of two.vec", line7("w 7 1 2 3 4"), "either"],
    ["nan.vec", line7("w7 1 nan 3 4"), /NaN/],
    ["infinite.vec", line7("w7 1 -inf 3 4"), /infinite/],
    ["beyond the largest.vec", line7("w7 1 1e999 3 4"), /infinite/],
    ["text in a coordinate.vec", line7("w7 1 two 3 4"), /line 8/],
    ["one word for all.vec", rows.map((row) => `w ${row.join(" ")}`).join("\n"), "either"],
    ["long word.vec", line7(`${"w".repeat(1_000_000)} 1 2 3 4`), "read"],
    ["no words.vec", rows.map((row) => ` ${row.join(" ")}`).join("\n"), "either"],
    [
      "words that are no text.vec",
      joined(...rows.map((row) => joined(Uint8Array.of(0xc3, 0x28, 0xff), ` ${row.join(" ")}\n`))),
      "either",
    ],
    [
      "words with escapes.vec",
      rows.map((row, i) => `\u001b[2J${i} ${row.join(" ")}`).join("\n"),
      "read",
    ],
    ["line ends of Windows.vec", lines.join("\r\n"), "read"],
    ["byte order mark.vec", `\ufeff${lines.join("\n")}`, "read"],
    ["tabs.vec", lines.join("\n").replaceAll(" ", "\t"), "read"],
    ["3 GB of nothing.vec", sparse(utf8("1"), 3e9), /more than/],
    [
      "prose.txt",
      "It was the best of times, it was the worst\nof times.\n",
      /line|number|neither|no rows/,
    ],
    ["one word.txt", "word\n", /line|number|neither|coordinates|no rows/],
    ["zeros.txt", "\0".repeat(500), /line|number|neither|coordinates/],
    ["header of more.bin", joined("3000000 300\n", ...words), /cut off/],
    ["header of less.bin", joined("60 4\n", ...words), /are left after 60 words/],
    ["header of none.bin", joined("0 4\n", ...words), /left after|no rows/],
    ["header of no width.bin", joined("64 0\n", ...words), /no coordinates/],
    ["header of 20000.bin", joined("1 20000\n", new Uint8Array(90_000)), /20,000 coordinates/],
    ["header alone.bin", "64 4\n", /cut off/],
    ["no header.bin", joined(...words), /no word2vec/],
    ["long word.bin", joined("64 4\n", word(0, "w".repeat(20_000)), ...words.slice(1)), /damaged/],
    ["no spaces.bin", joined("64 4\n", new Uint8Array(3000).fill(1)), /damaged/],
    ["nan.bin", joined("64 4\n", ...words.with(7, word(7, "w7", [1, NaN, 3, 4]))), /1 of 64 rows/],
    ["cut.bin", joined("64 4\n", ...words).slice(0, -9), /cut off|damaged/],
    [
      "words with escapes.bin",
      joined("64 4\n", ...rows.map((_, i) => word(i, `\u001b[2J${i}`))),
      "read",
    ],
  ]);
}

/** Files under the name of another kind, and of kinds that are not read. */
export function misnamedFiles(seed: string): HostileFile[] {
  const rows = goodRows(seed);
  const table = rows.map((row) => row.join(",")).join("\n");
  return asFiles([
    ["table.npy", table, /is not a \.npy file/],
    ["table.npz", table, /\.npz file/],
    ["table.safetensors", table, /no \.safetensors/],
    ["table.parquet", table, /cut off/],
    ["table.arrow", table, /Arrow/],
    ["table.json", table, /is no JSON/],
    ["table.jsonl", table, /line 1/],
    ["table.bin", table, "read"],
    ["table", table, "read"],
    ["table.xyz", table, "read"],
    [
      "page.csv",
      `<!doctype html><html><head><title>404, not found</title></head></html>`,
      /is a web page or an error message in XML, .*download it again/,
    ],
    ["page.json", "<!doctype html><html></html>", /is a web page .*download it again/],
    [
      "compressed.vec",
      Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0),
      /is compressed by gzip, and damaged or cut off/,
    ],
    ["pickle.npy", Uint8Array.of(0x80, 4, 0x95, 0, 0), /Python pickle, which can run code/],
    ["model.h5", utf8("\x89HDF\r\n"), /none of the kinds|HDF5/],
    ["model.gguf", utf8("GGUF\x03\0\0\0"), /GGUF model/],
    ["database.db", utf8("SQLite format 3\0"), /database of SQLite/],
    [
      "program.bin",
      joined("\x7fELF\x02\x01\x01", new Uint8Array(300)),
      /no word2vec.*np\.fromfile/,
    ],
    [
      "picture.csv",
      joined(Uint8Array.of(0x89), "PNG\r\n\x1a\n", new Uint8Array(300).fill(7)),
      /is a picture/,
    ],
    [
      "random.npy",
      Uint8Array.from({ length: 500 }, (_, i) => (i * 31 + 7) % 256),
      /is not a \.npy/,
    ],
  ]);
}
