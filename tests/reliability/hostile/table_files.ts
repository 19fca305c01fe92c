import { DuckDBInstance } from "@duckdb/node-api";
import pl from "nodejs-polars";
import { goodRows, type HostileFile, joined, littleEndian, sparse, utf8 } from "./hostile_file.ts";

/** Columns in SQL, over a `range` of 64 rows, of Parquet files and what becomes of them. */
const PARQUET: [name: string, columns: string, outcome: HostileFile["outcome"]][] = [
  ["binary", "encode('abc') AS id, [sin(range), cos(range)]::FLOAT[] AS v", "read"],
  ["binary alone", "encode('abc') AS v", /neither/],
  ["uuid", "uuid() AS id, sin(range) AS a, cos(range) AS b", "read"],
  ["decimal", "sin(range)::DECIMAL(9, 4) AS a, cos(range)::DECIMAL(18, 9) AS b", "read"],
  ["decimal of 38", "(range * 1e9)::DECIMAL(38, 3) AS a, cos(range)::DECIMAL(38, 30) AS b", "read"],
  ["lists of decimals", "[sin(range), cos(range)]::DECIMAL(9, 4)[] AS v", "read"],
  ["integers beyond 2^53", "9007199254740993 + range AS a, range AS b", "read"],
  ["lists beyond 2^53", "[9007199254740993, range] AS v", /neither|is not a number/],
  ["huge integers", "170141183460469231731687303715884105727::HUGEINT AS a, range AS b", "either"],
  ["ids beyond 2^53", "9007199254740993 + range AS id, sin(range) AS a, cos(range) AS b", "read"],
  [
    "nan",
    "CASE range WHEN 7 THEN 'nan'::FLOAT ELSE 1 END AS a, range AS b",
    /row 8, .* is NaN or infinite/,
  ],
  [
    "infinite",
    "[CASE range WHEN 7 THEN '-inf'::FLOAT ELSE 1 END, range] AS v",
    /row 8, .* is NaN or infinite/,
  ],
  [
    "missing",
    "CASE WHEN range <> 7 THEN 1 END AS a, range AS b",
    /row 8, .* is missing/,
  ],
  [
    "missing in a list",
    "[CASE WHEN range <> 7 THEN 1 END, range] AS v",
    /row 8, .* is missing/,
  ],
  ["missing list", "CASE WHEN range <> 7 THEN [1, range] END AS v", /row 8, .*there is no vector/],
  ["ragged lists", "CASE range WHEN 7 THEN [1] ELSE [1, range] END AS v", /row 8, .* of 1 entries/],
  ["empty lists", "[]::FLOAT[] AS v", /neither|no coordinates/],
  ["lists of text", "['a', 'b'] AS v", /neither/],
  ["lists of one list", "[[1, sin(range)]] AS v", "read"],
  ["lists of lists", "[[1, range], [2, range]] AS v", /several vectors for each item/],
  ["records", "{'a': cos(range), 'b': sin(range)} AS v", "read"],
  ["maps", "MAP {'a': 1} AS v", /neither/],
  ["booleans", "true AS a, range % 2 = 0 AS b", /neither/],
  ["dates", "DATE '2024-01-01' AS a, TIMESTAMP '2024-01-01' AS b", /neither/],
  ["text cut short", "'[0.1 ... 0.9]' AS v", /NumPy abbreviated/],
  ["text of vectors that differ", "CASE range WHEN 7 THEN '[1]' ELSE '[1, 2]' END AS v", /row 8/],
  ["two vectors", "[1, range] AS a, [1, range] AS b", /2 columns of vectors/],
  [
    "ids that are missing",
    "CASE WHEN range <> 7 THEN range END AS id, [1, range] AS v",
    "read",
  ],
  [
    "names to inject",
    `range AS "a"" FROM x; DROP TABLE y; --", sin(range) AS "\u001b[31m"`,
    "read",
  ],
  ["name of a prototype", `uuid() AS "__proto__", [1.5, sin(range)] AS v`, "read"],
  ["one column", "sin(range) AS a", "read"],
];

async function parquets(folder: string): Promise<Map<string, Uint8Array>> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const made = new Map<string, Uint8Array>();
  const path = `${folder}/making.parquet`;
  const copy = async (name: string, query: string) => {
    await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
    made.set(name, Deno.readFileSync(path));
  };
  for (const [name, columns] of PARQUET) await copy(name, `SELECT ${columns} FROM range(64)`);
  await copy("good", "SELECT range AS id, [sin(range), cos(range)]::FLOAT[] AS v FROM range(64)");
  await copy("no rows", "SELECT 1.5 AS a, 2.5 AS b WHERE false");
  connection.closeSync();
  instance.closeSync();
  Deno.removeSync(path);
  return made;
}

/**
 * Hostile Parquet files, most of them made by DuckDB.
 *
 * @param folder Where there is room to make them.
 */
export async function parquetFiles(folder: string): Promise<HostileFile[]> {
  const made = await parquets(folder);
  const good = made.get("good")!;
  const cases: [string, HostileFile["content"], HostileFile["outcome"]][] = [
    ...PARQUET.map(([name, , outcome]) => [name, made.get(name)!, outcome] as never),
    ["no rows", made.get("no rows")!, /no rows/],
    ["start alone", "PAR1", /cut off/],
    ["both ends alone", "PAR1PAR1", /cut off|footer/],
    ["4 GB of nothing", sparse(utf8("PAR1"), 4e9), /cut off/],
    ["cut", good.slice(0, -1), /cut off/],
    ["footer of 4 GB", joined(good.slice(0, -8), littleEndian(4e9, 4), "PAR1"), /footer of/],
    [
      "footer of zeros",
      joined("PAR1", new Uint8Array(500), littleEndian(400, 4), "PAR1"),
      /can be read/,
    ],
    ["encrypted", joined("PARE", good.slice(4, -4), "PARE"), /cut off/],
    ["data of zeros", good.map((byte, at) => at > 3 && at < 60 ? 0 : byte), "either"],
  ];
  return cases.map(([name, content, outcome]) => ({ name: `${name}.parquet`, content, outcome }));
}

/** Hostile Arrow and Feather files, most of them made by polars. */
export function arrowFiles(seed: string, folder: string): HostileFile[] {
  const rows = goodRows(seed);
  const path = `${folder}/making.arrow`;
  const of = (
    columns: Record<string, unknown>,
    compression: "uncompressed" | "lz4" | "zstd" = "uncompressed",
  ) => {
    pl.DataFrame(columns).writeIPC(path, { compression });
    return Deno.readFileSync(path);
  };
  const vectors = rows.map((row) => [...row]);
  const good = of({ id: rows.map((_, i) => `w${i}`), v: vectors });
  const zstd = of({ v: vectors }, "zstd"), lz4 = of({ v: vectors }, "lz4");
  const columns = (rows: (number | null)[][]) =>
    of(Object.fromEntries(rows[0].map((_, c) => [`x${c}`, rows.map((row) => row[c])])));
  const middle = (bytes: Uint8Array) => bytes.map((byte, at) => at > 400 && at < 700 ? 255 : byte);
  const cases: [string, HostileFile["content"], HostileFile["outcome"]][] = [
    ["good.arrow", good, "read"],
    ["start alone.arrow", "ARROW1", /Arrow/],
    ["both ends alone.arrow", "ARROW1\0\0ARROW1", /Arrow/],
    ["cut.arrow", good.slice(0, -1), /Arrow|cut off/],
    ["half.arrow", good.slice(0, good.length / 2), /Arrow|cut off/],
    ["4 GB of nothing.arrow", sparse(utf8("ARROW1\0\0"), 4e9), /Arrow|takes/],
    [
      "footer of zeros.arrow",
      joined(good.slice(0, -200), new Uint8Array(190), good.slice(-10)),
      /no coordinates/,
    ],
    ["numbers of 255.arrow", middle(good), "either"],
    ["numbers of 255, zstd.arrow", middle(zstd), "either"],
    ["numbers of 255, lz4.arrow", middle(lz4), "either"],
    ["nan.arrow", columns(rows.with(7, [1, NaN, 3, 4])), /NaN/],
    ["infinite.feather", columns(rows.with(7, [1, Infinity, 3, 4])), /infinite/],
    ["missing.arrow", columns(rows.map((row, i) => i === 7 ? [null, 1, 2, 3] : row)), /missing/],
    ["ragged.arrow", of({ v: vectors.with(7, [1, 2]) }), /row 8/],
    ["text.arrow", of({ v: rows.map((row) => row.join()) }), "read"],
    ["booleans.arrow", of({ v: rows.map((_, i) => i % 2 === 0) }), /neither/],
    [
      "prototype.arrow",
      of({
        ["__proto__" as string]: rows.map((_, i) => i),
        constructor: rows.map((_, i) => `w${i}`),
        v: vectors,
      }),
      "read",
    ],
    ["of the first version.feather", joined("FEA1", new Uint8Array(100)), /Arrow|version 1/],
  ];
  Deno.removeSync(path);
  return cases.map(([name, content, outcome]) => ({ name, content, outcome }));
}
