import {
  bytesOf,
  type HostileFile,
  ITEMS,
  joined,
  npyBytes,
  sparse,
  utf8,
} from "./hostile_file.ts";

type Case = [name: string, content: HostileFile["content"], outcome: HostileFile["outcome"]];

/** A hostile file in place of labels, ids or popularity. */
interface HostileSideFile extends HostileFile {
  /** What it must end in where the values are read as numbers, if that is something else. */
  asNumbers: HostileFile["outcome"];
}

const asFiles = (cases: Case[]): HostileFile[] =>
  cases.map(([name, content, outcome]) => ({ name, content, outcome }));

const nothing = () => {};
const folder = (path: string) => Deno.mkdirSync(path);
const link = (to: string) => (path: string) => Deno.symlinkSync(to, path);
const pipe = (path: string) => void new Deno.Command("mkfifo", { args: [path] }).outputSync();

/** Hostile files with a value for each item `w0`, `w1`, … */
export function sideFiles(): HostileSideFile[] {
  const values = Array.from({ length: ITEMS }, (_, i) => `${1 + i * 7 % 64}`);
  const lines = values.join("\n");
  const with7 = (value: string) => values.with(7, value).join("\n");
  const table = (line7: string) => values.map((v, i) => i === 7 ? line7 : `w${i},${v}`).join("\n");
  const list7 = (entry: string) => `[${values.with(7, entry).join()}]`;
  const field7 = (entry: string) => `{${values.map((v, i) => i === 7 ? entry : `"w${i}":${v}`)}}`;
  const vector = (kind: string, shape: string, bytes: number) =>
    npyBytes(`'${kind}'`, shape, new Uint8Array(bytes));
  const doubles = (x: number) =>
    npyBytes(
      "'<f8'",
      "(64,)",
      bytesOf(Float64Array.from(values, (v, i) => i === 7 ? x : Number(v))),
    );
  const long = BigInt64Array.from(values, (v, i) => i === 7 ? 9007199254740993n : BigInt(v));
  const number = /is not a number/, count = /for each of the 64|for each of the/;
  const cases: [...Case, HostileFile["outcome"]?][] = [
    ["empty.txt", "", count],
    ["blank.txt", "\n".repeat(ITEMS), "either", number],
    ["one less.txt", values.slice(1).join("\n"), count],
    ["one more.txt", `${lines}\n1\n`, count],
    ["nan.txt", with7("nan"), "either", "read"],
    ["infinite.txt", with7("-inf"), "either", number],
    ["beyond the largest.txt", with7("1e999"), "either", number],
    ["hexadecimal.txt", with7("0x10"), "either", number],
    ["word.txt", with7("many"), "either", number],
    ["nul.txt", with7("\0"), "either", number],
    ["escapes.txt", with7("\u001b[31m\u202e"), "either", number],
    ["markup.txt", with7("<script>alert(1)</script>"), "either", number],
    ["long line.txt", with7("9".repeat(1_000_000)), "either", number],
    ["3 GB of nothing.txt", sparse(utf8("1"), 3e9), /more than/],
    ["byte order mark.txt", `\ufeff${lines}`, "either", "read"],
    ["line ends of Windows.txt", values.join("\r\n"), "either", "read"],
    ["negative.txt", with7("-5"), "either", "read"],
    ["largest.txt", with7("1.7e308"), "either", "read"],
    ["all equal.txt", "1\n".repeat(ITEMS), "either", "read"],
    ["three columns.csv", table("w7,1,2"), /line 8 has 3/],
    ["ragged.csv", table("w7"), /line 8 has 1/],
    ["open quote.csv", table('"w7,1'), /quote/],
    ["id that is missing.csv", table("w99,1"), "either", "either"],
    ["id twice.csv", table("w6,1"), "either", "either"],
    ["one more that is there.csv", `${table("w7,1")}\nw7,2`, "either", "either"],
    ["nan.csv", table("w7,nan"), "either", "read"],
    ["empty value.csv", table("w7,"), "either", "read"],
    ["prototype.csv", table("__proto__,1"), "either", "either"],
    ["more of others.csv", `${table("w7,1")}\nw99,1`, "either", "read"],
    ["header.csv", `id,value\n${table("w7,1")}`, "either", "read"],
    ["20000 columns.csv", `${"1,".repeat(20_000)}1\n`, /20,001 columns/],
    ["spaces.tsv", table("w7,1").replaceAll(",", " "), "either", number],
    ["empty.json", "", /is no JSON/],
    ["no entries.json", "[]", /must hold a list/],
    ["null.json", "null", /must hold a list/],
    ["number.json", "7", /must hold a list/],
    ["object in it.json", list7('{"a":1}'), /neither text nor a number/],
    ["list in it.json", list7("[1]"), /neither text nor a number/],
    ["null in it.json", list7("null"), "either", "read"],
    [
      "beyond the largest.json",
      list7("1e999"),
      /not a finite number/,
    ],
    ["deep.json", "[".repeat(50_000) + "]".repeat(50_000), /neither text nor a number/],
    ["one less.json", JSON.stringify(values.slice(1).map(Number)), count],
    ["dictionary.json", field7('"w7":1'), "either", "read"],
    ["dictionary of objects.json", field7('"w7":{}'), /neither text nor a number/],
    ["dictionary of a prototype.json", field7('"__proto__":{}'), /neither text nor a number/],
    ["dictionary without one.json", field7('"w98":1'), "either", "either"],
    ["3 GB of nothing.json", sparse(utf8("["), 3e9), /takes 6,000 MB/],
    ["two dimensions.npy", vector("<f4", "(16, 4)", 256), /one dimension/],
    ["no dimension.npy", vector("<f4", "()", 4), /one dimension/],
    ["none.npy", vector("<f4", "(0,)", 0), count],
    ["vast.npy", vector("<f4", "(4000000000,)", 256), /cut off/],
    ["vast, sparse.npy", sparse(vector("<f4", "(1000000000,)", 0), 5e9), /takes|cut off/],
    ["objects.npy", vector("|O", "(64,)", 512), /dtype object.*np\.load\(.*\)\.astype\(str\)/],
    ["booleans.npy", vector("|b1", "(64,)", 64), /dtype/],
    ["cut.npy", vector("<f8", "(64,)", 500), /cut off/],
    ["nan.npy", doubles(NaN), /not a finite number/],
    ["infinite.npy", doubles(Infinity), /not a finite number/],
    ["beyond 2^53.npy", npyBytes("'<i8'", "(64,)", bytesOf(long)), "either", "either"],
    [
      "text of no character.npy",
      npyBytes("'<U2'", "(64,)", new Uint8Array(512).fill(255)),
      "either",
      number,
    ],
    ["folder.txt", folder, /is not a file/],
    ["pipe.txt", pipe, /is not a file/],
    ["device.txt", link("/dev/zero"), /is not a file/],
    ["loop.txt", link("loop.txt"), /in a circle/],
    ["missing.txt", nothing, /does not exist/],
    ["missing", nothing, /is neither/],
    ["empty.txt/below.txt", nothing, /does not exist/],
    [`${"n".repeat(300)}.txt`, nothing, /too long/],
    ["line\nend.txt", lines, "either", "read"],
    ["nul\0.txt", nothing, /nul\\u0000/],
  ];
  return cases.map(([name, content, outcome, asNumbers = outcome]) => ({
    name,
    content,
    outcome,
    asNumbers,
  }));
}

/** Hostile files of pairs of the items `w0`, `w1`, …, and of interactions with them. */
export function pairFiles(): HostileFile[] {
  const pairs = Array.from({ length: 200 }, (_, i) => [i % ITEMS, (i * 5 + 4) % ITEMS]);
  const lines = pairs.map(([a, b]) => `w${a}\tw${b}`);
  const text = (line7: string) => lines.with(7, line7).join("\n");
  const weighted = (weight: string) =>
    lines.map((line, i) => `${line}\t${i === 7 ? weight : 1}`).join("\n");
  const refused = /the weight ".*" must be a number from 0/;
  return asFiles([
    ["empty.tsv", "", /has no pairs/],
    ["blank.tsv", "\n\n", /has no pairs/],
    ["one cell.tsv", "w1\nw2\n", /has 1 cells/],
    ["five cells.tsv", "a\tb\tc\td\te\n", /has 5 cells/],
    ["ragged.tsv", text("w7"), /line 8 has 1 cells/],
    ["nan.tsv", weighted("NaN"), refused],
    ["negative.tsv", weighted("-1"), refused],
    ["infinite.tsv", weighted("inf"), refused],
    ["beyond the largest.tsv", weighted("1e999"), refused],
    ["word.tsv", weighted("many"), refused],
    ["empty weight.tsv", weighted(""), refused],
    ["all zero.tsv", lines.map((line) => `${line}\t0`).join("\n"), /names no item|none of its/],
    ["largest.tsv", lines.map((line) => `${line}\t1.7e308`).join("\n"), refused],
    ["smallest.tsv", lines.map((line) => `${line}\t5e-324`).join("\n"), "either"],
    [
      "every magnitude.tsv",
      lines.map((line, i) => `${line}\t1e${3 * i - 300}`).join("\n"),
      "either",
    ],
    ["unknown.tsv", "a\tb\nc\td\n", /names no item|none of its/],
    ["of themselves.tsv", pairs.map(([a]) => `w${a}\tw${a}`).join("\n"), "either"],
    ["one for all.tsv", "w1\tw2\n".repeat(300), "either"],
    ["prototype.tsv", text("__proto__\tconstructor"), "either"],
    ["open quote.csv", text('"w1').replaceAll("\t", ","), /quote/],
    ["qrels.txt", pairs.map(([a, b]) => `w${a} 0 w${b} 1`).join("\n"), "either"],
    ["nul.tsv", text("\0\t\0"), "either"],
    ["long line.tsv", text(`w1\t${"w".repeat(1_000_000)}`), "either"],
    ["3 GB of nothing.tsv", sparse(utf8("w"), 3e9), /more than/],
    ["line ends of Windows.tsv", lines.join("\r\n"), "either"],
    ["byte order mark.tsv", `\ufeff${lines.join("\n")}`, "either"],
    [
      "no text.tsv",
      Uint8Array.from({ length: 999 }, (_, i) => (i * 31) % 256),
      /cells|quote|names no/,
    ],
    ["folder.tsv", folder, /is not a file/],
    ["pipe.tsv", pipe, /is not a file/],
    ["device.tsv", link("/dev/zero"), /is not a file/],
    ["missing.tsv", nothing, /does not exist/],
  ]);
}

/** Hostile files in place of what `audit fix` wrote as a transform. */
export function transformFiles(dimensions: number): HostileFile[] {
  const row = Array.from({ length: dimensions }, (_, i) => i + 0.5);
  const good = {
    version: 1,
    correction: "whitening",
    dimensions,
    mean: row,
    scale: null as unknown,
    matrix: row.map(() => row) as unknown,
    shrinkage: null,
    normalize: false,
    fittedOn: ITEMS,
  };
  const changed = (change: object) => JSON.stringify({ ...good, ...change });
  const text = (from: string, to: string) => JSON.stringify(good).replace(from, to);
  return asFiles([
    ["empty.json", "", /is no JSON/],
    ["null.json", "null", /must be an object/],
    ["list.json", "[]", /must be an object/],
    ["number.json", "1", /must be an object/],
    ["no fields.json", "{}", /version must be 1/],
    ["of version 2.json", changed({ version: 2 }), /version must be 1/],
    ["version that is an object.json", changed({ version: {} }), /version must be 1/],
    ["no name.json", changed({ correction: null }), /correction must be a text/],
    ["name with escapes.json", changed({ correction: "\u001b[31m\n" }), "either"],
    ["other dimensions.json", changed({ dimensions: 3 }), /must be null or 3 numbers/],
    ["more dimensions.json", changed({ dimensions: 5, mean: null, matrix: null }), /5 dimensions/],
    ["no dimensions.json", changed({ dimensions: 0 }), /at least 1/],
    [
      "vast dimensions.json",
      changed({ dimensions: 1e300, mean: null, matrix: null }),
      /dimensions/,
    ],
    ["mean of text.json", changed({ mean: row.map(String) }), /mean must be/],
    ["mean of an object.json", changed({ mean: { length: dimensions } }), /mean must be/],
    ["mean beyond the largest.json", text("0.5", "1e999"), /mean must be/],
    ["scale of null.json", changed({ scale: row.map(() => null) }), /scale must be/],
    [
      "scale of the largest.json",
      changed({ scale: row.map(() => 1e308), matrix: null }),
      /Cannot write float32/,
    ],
    ["matrix of text.json", changed({ matrix: "eye" }), /matrix must be/],
    ["matrix of no columns.json", changed({ matrix: row.map(() => []) }), /matrix must be/],
    ["ragged matrix.json", changed({ matrix: row.map((_, i) => row.slice(i)) }), /matrix must be/],
    [
      "matrix of the largest.json",
      changed({ matrix: row.map(() => row.map(() => 1e308)) }),
      /Cannot write float32/,
    ],
    ["matrix of zeros.json", changed({ matrix: row.map(() => row.map(() => 0)) }), "read"],
    [
      "zeros to normalize.json",
      changed({ matrix: row.map(() => row.map(() => 0)), normalize: true }),
      "read",
    ],
    ["normalize in words.json", changed({ normalize: "yes" }), /normalize must be/],
    ["prototype.json", text('"version"', '"__proto__":{"version":1},"x"'), /version must be 1/],
    ["deep.json", "[".repeat(50_000) + "]".repeat(50_000), /must be an object/],
    ["no json.json", joined("\xff\xfe", new Uint8Array(50)), /is no JSON/],
    ["3 GB of nothing.json", sparse(utf8("{"), 3e9), /takes 6,000 MB/],
    ["folder.json", folder, /is not a file/],
    ["pipe.json", pipe, /is not a file/],
    ["device.json", link("/dev/zero"), /is not a file/],
    ["missing.json", nothing, /does not exist/],
  ]);
}
