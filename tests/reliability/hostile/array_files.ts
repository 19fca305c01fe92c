import {
  bytesOf,
  deflatedZeros,
  goodRows,
  type HostileFile,
  joined,
  littleEndian,
  npyBytes,
  npyOf,
  sparse,
  utf8,
  zipBytes,
  type ZipEntry,
} from "./hostile_file.ts";

type Rows = number[][];
type Case = [name: string, content: HostileFile["content"], outcome: HostileFile["outcome"]];

const flat = (rows: Rows) => Float64Array.from(rows.flat());
const single = (rows: Rows) => Float32Array.from(rows.flat());
const shapeOf = (rows: Rows) => `(${rows.length}, ${rows[0].length})`;
const doubles = (rows: Rows) => npyBytes("'<f8'", shapeOf(rows), bytesOf(flat(rows)));

/** Hostile .npy files: headers that lie, kinds that are no vectors, and numbers at every edge. */
export function npyFiles(seed: string): HostileFile[] {
  const rows = goodRows(seed), data = bytesOf(single(rows));
  const shape = (text: string) => npyBytes("'<f4'", text, data);
  const dtype = (text: string) => npyBytes(text, "(64, 4)", new Uint8Array(64 * 4 * 32));
  const with7 = (row: number[]) => doubles(rows.with(7, row));
  const scaled = (factor: number) => doubles(rows.map((row) => row.map((x) => x * factor)));
  const integers = (first: bigint, kind: string) =>
    npyBytes(
      `'<${kind}8'`,
      "(64, 4)",
      bytesOf(BigUint64Array.from({ length: 256 }, (_, i) => i === 9 ? first : BigInt(i % 7))),
    );
  const cases: Case[] = [
    ["vast", shape("(1000000000, 1000000000)"), /cut off|coordinates/],
    ["vast rows", shape("(999999999999999, 4)"), /cut off/],
    ["vast columns", sparse(shape("(2, 500000000)"), 4e9), /cut off|coordinates/],
    ["shape of two words", shape("(1 2, 3)"), /shape has "1 2"/],
    ["negative shape", shape("(-64, 4)"), /shape has "-64"/],
    ["broken shape", shape("(64.5, 4)"), /shape has "64.5"/],
    ["shape in words", shape("(sixty, 4)"), /shape has "sixty"/],
    ["shape of 20 digits", shape("(64, 40000000000000000000)"), /shape has "4000000/],
    ["one dimension", shape("(256,)"), /two dimensions/],
    ["no dimension", shape("()"), /two dimensions/],
    ["three dimensions", shape("(64, 2, 2)"), /two dimensions/],
    ["no rows", shape("(0, 4)"), /no rows/],
    ["no columns", shape("(64, 0)"), /no coordinates/],
    ["objects", dtype("'|O'"), /dtype object.*np\.stack/],
    ["fields", dtype("[('a', '<f4'), ('b', '<f4')]"), /dtype with fields/],
    ["complex", dtype("'<c8'"), /dtype <c8/],
    ["times", dtype("'<M8[ns]'"), /dtype <M8/],
    ["booleans", dtype("'|b1'"), /dtype \|b1/],
    ["text entries", dtype("'<U5'"), /dtype text/],
    ["long doubles", dtype("'<f16'"), /dtype <f16/],
    ["raw", dtype("'|V8'"), /dtype \|V8/],
    ["dtype of no size", dtype("'<f'"), /dtype <f/],
    ["no descr", npyOf("{'fortran_order': False, 'shape': (64, 4)}", data), /without descr/],
    ["no dictionary", npyOf("\u{1f600}".repeat(20), data), /without descr/],
    ["binary header", npyOf("\0".repeat(117), data), /without descr/],
    ["version 9", npyOf("{}", data, 9), /format version 9/],
    ["version 0", npyOf("{}", data, 0), /format version 0/],
    ["long header", sparse(npyOf("{", utf8(""), 2).with(11, 0x7f), 4e9), /declares a header of/],
    ["header beyond the end", npyOf("{}", utf8("")).with(8, 255), /ends within the header/],
    ["magic alone", data.slice(0, 0), /is empty/],
    ["six bytes", npyOf("", data).slice(0, 6), /ends within the header/],
    ["nine bytes", npyOf("", data).slice(0, 9), /ends within the header/],
    ["cut data", shape("(64, 4)").slice(0, -1), /is cut off/],
    ["more data", joined(shape("(64, 4)"), "and more"), "read"],
    ["all nan", doubles(rows.map((row) => row.map(() => NaN))), /64 of 64 rows/],
    ["one nan", with7([1, 2, NaN, 4]), /1 of 64 rows.*first is row 7/],
    ["infinite", with7([Infinity, 1, 1, 1]), /1 of 64 rows/],
    ["minus infinite", with7([-Infinity, 1, 1, 1]), /1 of 64 rows/],
    ["one row times 1e200", with7(rows[7].map((x) => x * 1e200)), "read"],
    ["one row times 1e-200", with7(rows[7].map((x) => x * 1e-200)), "read"],
    [
      "one row of the largest",
      with7(rows[7].map((x) => Math.sign(x) * 1.7e308)),
      /longer than the largest number/,
    ],
    ["all times 1e300", scaled(1e300), "read"],
    ["all times 1e-300", scaled(1e-300), "read"],
    ["all subnormal", scaled(1e-318), "read"],
    [
      "every magnitude",
      doubles(rows.map((row, i) => row.map((x) => x * 10 ** (9 * i - 285)))),
      "read",
    ],
    [
      "every column's magnitude",
      doubles(rows.map((row) => row.map((x, c) => x * 10 ** (180 * c - 270)))),
      "read",
    ],
    ["one constant coordinate", doubles(rows.map((row) => row.with(1, 1e9))), "read"],
    ["identical", doubles(rows.map(() => rows[0])), "read"],
    ["identical but one", doubles(rows.map((_, i) => rows[i === 5 ? 1 : 0])), "read"],
    ["opposite", doubles(rows.map((_, i) => rows[0].map((x) => i % 2 ? x : -x))), "read"],
    ["zero", doubles(rows.map((row) => row.map(() => 0))), /2 rows that are not zero/],
    ["zero but one", doubles(rows.map((row, i) => i === 3 ? row : row.map(() => 0))), /2 rows/],
    ["zero but two", doubles(rows.map((row, i) => i < 2 ? row : row.map(() => -0))), "read"],
    ["one row", doubles(rows.slice(0, 1)), /at least 2 rows/],
    ["two rows", doubles(rows.slice(0, 2)), "read"],
    ["three rows", doubles(rows.slice(0, 3)), "read"],
    ["one column", doubles(rows.map(([x]) => [x])), "read"],
    [
      "more columns than rows",
      doubles(
        rows.slice(0, 12).map((row) =>
          Array.from({ length: 300 }, (_, c) => Math.sin(row[c % 4] * (c + 1)))
        ),
      ),
      "read",
    ],
    [
      "20000 columns",
      npyBytes("'<f4'", "(2, 20000)", new Uint8Array(160_000).fill(1)),
      /20,000 coordinates/,
    ],
    ["int64 beyond 2^53", integers(9007199254740993n, "i"), /beyond 2\^53/],
    ["uint64 at its end", integers(18446744073709551615n, "u"), /beyond 2\^53/],
    ["int64 within", integers(9007199254740991n, "i"), "read"],
    ["big endian", npyBytes("'>f4'", "(64, 4)", data.slice()), "either"],
    ["column by column", npyBytes("'<f4'", "(64, 4)", data, "True"), "read"],
  ];
  return cases.map(([name, content, outcome]) => ({ name: `${name}.npy`, content, outcome }));
}

/** Hostile .safetensors files. */
export function safetensorsFiles(seed: string): HostileFile[] {
  const data = bytesOf(single(goodRows(seed)));
  const file = (header: string, body: Uint8Array = data) =>
    joined(littleEndian(utf8(header).length, 8), header, body);
  const tensor = (dtype: string, shape: unknown, ends: unknown) =>
    JSON.stringify({ dtype, shape, data_offsets: ends });
  const good = tensor("F32", [64, 4], [0, 1024]);
  const one = (...args: Parameters<typeof tensor>) => file(`{"x":${tensor(...args)}}`);
  const cases: Case[] = [
    ["vast header", sparse(joined(littleEndian(9e15, 8), "{"), 4e9), /no header/],
    [
      "header of zeros, 10 MB",
      sparse(joined(littleEndian(9_999_999, 8), "{}"), 4e9),
      /no JSON|takes/,
    ],
    ["header beyond the file", joined(littleEndian(5000, 8), "{}"), /no header/],
    ["header of zeros", file("{\0\0\0\0\0\0}"), /no JSON/],
    ["header that is a list", file(`[${good}]`), /no header|no record/],
    ["deep header", file(`{"x":${"[".repeat(50_000)}${"]".repeat(50_000)}}`), /make sense/],
    ["no tensor", file("{}"), /no tensor of two dimensions/],
    ["metadata alone", file('{"__metadata__":{"a":"b"}}'), /no tensor of two dimensions/],
    ["two tensors", file(`{"x":${good},"y":${good}}`), /2 tensors of two dimensions/],
    ["one key twice", file(`{"x":${good},"x":${good}}`), "either"],
    ["tensor that is null", file('{"x":null}'), /make sense/],
    ["vast shape", one("F32", [1e9, 1e9], [0, 1024]), /its shape .* takes/],
    ["shape beyond 2^53", one("F32", [2 ** 60, 4], [0, 1024]), /make sense/],
    ["negative shape", one("F32", [-64, -4], [0, 1024]), /make sense/],
    ["shape of text", one("F32", ["64", "4"], [0, 1024]), /make sense/],
    ["no rows", one("F32", [0, 4], [0, 0]), /no rows/],
    ["no columns", one("F32", [64, 0], [0, 0]), /no coordinates/],
    ["reversed ends", one("F32", [64, 4], [1024, 0]), /has -1024 bytes/],
    ["ends beyond the file", one("F32", [64, 4], [512, 1536]), /is cut off/],
    ["ends beyond 2^53", one("F32", [64, 4], [2 ** 60, 2 ** 60 + 1024]), /make sense/],
    ["too few bytes", one("F32", [64, 4], [0, 1000]), /has 1000 bytes/],
    ["float8", one("F8_E4M3", [64, 4], [0, 256]), /dtype F8_E4M3/],
    ["booleans", one("BOOL", [64, 4], [0, 256]), /dtype BOOL/],
    ["dtype of a prototype", one("constructor", [64, 4], [0, 256]), /dtype constructor/],
    ["nan", file(`{"x":${good}}`, new Uint8Array(1024).fill(255)), /64 of 64 rows/],
    ["20000 columns", one("U8", [2, 20_000], [0, 40_000]), /cut off|20,000/],
    ["name with escapes", file(`{"\\u001b[31m\\n<script>":${good}}`), "read"],
    ["name of a prototype", file(`{"__proto__":${good}}`), "read"],
    ["gap", one("F32", [60, 4], [64, 1024]), "read"],
  ];
  return cases.map(([name, content, outcome]) => ({
    name: `${name}.safetensors`,
    content,
    outcome,
  }));
}

/** Hostile .fvecs and .bvecs files. */
export function fvecsFiles(seed: string): HostileFile[] {
  const vector = (row: number[], length = row.length) =>
    joined(littleEndian(length, 4), bytesOf(Float32Array.from(row)));
  const rows = goodRows(seed).map((row) => vector(row));
  const minus = Uint8Array.of(255, 255, 255, 255);
  const cases: Case[] = [
    ["negative.fvecs", joined(minus, ...rows), /no coordinates/],
    ["none.fvecs", new Uint8Array(400), /no coordinates/],
    ["vast.fvecs", sparse(Uint8Array.of(255, 255, 255, 127), 1e9), /2,147,483,647 coordinates/],
    ["ragged.fvecs", joined(...rows.with(9, vector([1, 2, 3, 4], 3))), /row 10 has 3 entries/],
    [
      "short row.fvecs",
      joined(...rows.with(9, vector([1, 2, 3]))),
      /cut off, or its vectors differ/,
    ],
    ["cut.fvecs", joined(...rows).slice(0, -3), /cut off/],
    ["three bytes.fvecs", Uint8Array.of(4, 0, 0), /cut off/],
    ["nan.fvecs", joined(...rows.with(9, vector([1, 2, 3, NaN]))), /1 of 64 rows/],
    ["text.fvecs", "1,2,3\n4,5,6\n", /coordinates|cut off/],
    ["floats.bvecs", joined(...rows), /row|cut off/],
    [
      "zeros.bvecs",
      joined(...rows.map(() => joined(littleEndian(4, 4), new Uint8Array(4)))),
      /not zero/,
    ],
  ];
  return cases.map(([name, content, outcome]) => ({ name, content, outcome }));
}

/** Hostile .fbin files, and the like: what the first eight bytes declare is not there, or no vectors. */
export function fbinFiles(seed: string): HostileFile[] {
  const head = (rows: number, columns: number) =>
    joined(littleEndian(rows, 4), littleEndian(columns, 4));
  const data = bytesOf(Float32Array.from(goodRows(seed).flat()));
  const good = head(64, 4), minus = Uint8Array.of(255, 255, 255, 255);
  const nan = data.slice();
  nan.fill(255, 16, 20);
  const cases: Case[] = [
    ["six bytes.fbin", good.slice(0, 6), /cut off: it has no vector/],
    ["negative rows.fbin", joined(minus, littleEndian(4, 4), data), /declares -1 vectors/],
    ["negative columns.fbin", joined(littleEndian(64, 4), minus, data), /no coordinates/],
    ["no rows.fbin", head(0, 4), /has no rows/],
    ["no columns.fbin", head(64, 0), /no coordinates/],
    ["vast.fbin", sparse(head(2 ** 31 - 1, 4), 1e9), /cut off: it declares 2147483647 vectors/],
    ["cut.fbin", joined(good, data.slice(0, -3)), /cut off: it declares 64 vectors of 4/],
    ["longer.fbin", joined(good, data, data), /damaged: it declares 64 vectors/],
    ["nan.fbin", joined(good, nan), /1 of 64 rows/],
    ["floats.u8bin", joined(good, data), /damaged: it declares 64 vectors/],
    ["zeros.i8bin", joined(good, new Uint8Array(256)), /not zero/],
    ["right.fbin", joined(good, data), "read"],
  ];
  return cases.map(([name, content, outcome]) => ({ name, content, outcome }));
}

/** Hostile .npz files: bombs, wrong sums, names that climb, archives within archives. */
export function archiveFiles(seed: string): HostileFile[] {
  const content = npyBytes("'<f4'", "(64, 4)", bytesOf(Float32Array.from(goodRows(seed).flat())));
  const nan = npyBytes("'<f4'", "(64, 4)", new Uint8Array(1024).fill(255));
  const objects = npyBytes("'|O'", "(64, 4)", new Uint8Array(2048));
  const x: ZipEntry = { name: "x.npy", content };
  const bomb = { name: "x.npy", content: deflatedZeros(200), packed: true, method: 8 };
  const zip = (...entries: ZipEntry[]) => zipBytes(entries);
  const nested = zip({ name: "inner.npz", content: zip(x) });
  const cases: [string, Uint8Array, HostileFile["outcome"]][] = [
    ["bomb of 2 GB", zip({ ...bomb, size: 2e9 }), /unpacking it takes 2,000 MB/],
    ["bomb that says 1 kB", zip({ ...bomb, size: 1000 }), /can be read/],
    ["bomb of 4 GB declared", zip({ ...x, method: 8, size: 4_294_967_294 }), /unpacking it takes/],
    ["zip64 without its field", zip({ ...x, size: 0xffffffff }), /can be read|damaged/],
    ["wrong sum", zip({ ...x, crc: 12345 }), /can be read/],
    ["wrong sum, deflated", zip({ ...x, crc: 12345, method: 8 }), /can be read/],
    ["says less, deflated", zip({ ...x, method: 8, size: 500 }), /can be read/],
    ["says more, deflated", zip({ ...x, method: 8, size: 5000 }), /can be read|cut off/],
    ["says more", zip({ ...x, size: 50_000, packedSize: 50_000 }), /damaged|can be read/],
    ["sizes that differ", zip({ ...x, size: 100 }), /damaged/],
    ["begins elsewhere", zip({ ...x, offset: 40 }), /damaged|can be read/],
    ["begins beyond the end", zip({ ...x, offset: 4e9 }), /ends before byte|can be read/],
    ["not deflated", zip({ ...x, method: 8, packed: true, crc: 1 }), /can be read/],
    ["encrypted", zip({ ...x, flags: 1 }), /is encrypted/],
    ["bzip2 within", zip({ ...x, method: 12 }), /can be read/],
    ["method 99", zip({ ...x, method: 99 }), /can be read|encrypted/],
    ["climbing name", zip({ ...x, name: "../../../x.npy" }), /Unsafe filename/],
    ["absolute name", zip({ ...x, name: "/etc/x.npy" }), /Unsafe filename/],
    ["name with escapes", zip({ ...x, name: "\u001b[31m\n<script>.npy" }), "read"],
    ["empty name", zip({ ...x, name: ".npy" }), "read"],
    ["name of a prototype", zip({ ...x, name: "__proto__.npy" }), "read"],
    ["one name twice", zip(x, { ...x, content: nan }), /two arrays "x"/],
    ["two arrays", zip(x, { ...x, name: "y.npy" }), /2 arrays of two dimensions/],
    ["within another", nested, "read"],
    ["nothing", zip(), /is an empty zip file/],
    ["a folder", zip({ name: "x.npy/", content: utf8("") }), /is an empty zip file/],
    [
      "many entries",
      zip(...Array.from({ length: 3000 }, (_, i) => ({ name: `${i}`, content: utf8("") }))),
      /is a zip file/,
    ],
    ["no npy in it", zip({ ...x, content: utf8("no array") }), /not a \.npy file/],
    ["objects", zip({ ...x, content: objects }), /array "x" has dtype object.*np\.stack/],
    ["nan", zip({ ...x, content: nan }), /64 of 64 rows/],
    [
      "a model of PyTorch",
      zip({ name: "archive/data.pkl", content }),
      /PyTorch file, a Python pickle, which can run/,
    ],
    ["without a directory", zip(x).slice(0, -60), /can be read/],
    ["without an end", zip(x).slice(0, -10), /can be read/],
    ["with more after it", Uint8Array.from([...zip(x), 1, 2, 3]), "either"],
    ["the end alone", zip(x).slice(-22), /can be read|no array/],
  ];
  return cases.map(([name, content, outcome]) => ({ name: `${name}.npz`, content, outcome }));
}
