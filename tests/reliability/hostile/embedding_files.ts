import seedrandom from "seedrandom";
import { archiveFiles, fbinFiles, fvecsFiles, npyFiles, safetensorsFiles } from "./array_files.ts";
import { bytesOf, goodRows, type HostileFile, npyBytes } from "./hostile_file.ts";
import { arrowFiles, parquetFiles } from "./table_files.ts";
import { csvFiles, jsonFiles, misnamedFiles, wordFiles } from "./text_files.ts";

/**
 * All hostile files in place of embeddings: the same ones for the same seed, but for what DuckDB and
 * polars write into theirs.
 *
 * @param folder Where there is room to make them.
 */
export async function embeddingFiles(seed: string, folder: string): Promise<HostileFile[]> {
  return [
    ...npyFiles(seed),
    ...archiveFiles(seed),
    ...safetensorsFiles(seed),
    ...fvecsFiles(seed),
    ...fbinFiles(seed),
    ...csvFiles(seed),
    ...jsonFiles(seed),
    ...wordFiles(seed),
    ...misnamedFiles(seed),
    ...await parquetFiles(folder),
    ...arrowFiles(seed, folder),
    ...specialFiles(seed),
    ...truncatedFiles(seed),
  ];
}

/** What has the name of a file and is none, is none that may be read, or has no usual name. */
export function specialFiles(seed: string): HostileFile[] {
  const good = npyBytes("'<f4'", "(64, 4)", bytesOf(Float32Array.from(goodRows(seed).flat())));
  const nothing = () => {};
  const link = (to: string) => (path: string) => Deno.symlinkSync(to, path);
  const pipe = (path: string) => {
    if (!new Deno.Command("mkfifo", { args: [path] }).outputSync().success) throw new Error(path);
  };
  const locked = (path: string) => {
    Deno.writeFileSync(path, good);
    Deno.chmodSync(path, 0);
  };
  const folder = (path: string) => Deno.mkdirSync(path);
  const cases: [string, HostileFile["content"], HostileFile["outcome"]][] = [
    ["folder.npy", folder, /is a folder without files/],
    ["folder.parquet", folder, /is a folder without files/],
    ["pipe.csv", pipe, /is not a file/],
    ["device.npy", link("/dev/zero"), /is not a file/],
    ["loop.npy", link("loop.npy"), /lead in a circle/],
    ["first of two.npy", link("second of two.npy"), /lead in a circle/],
    ["second of two.npy", link("first of two.npy"), /lead in a circle/],
    ["dangling.npy", link("nothing.npy"), /does not exist/],
    ["right.npy", good, "read"],
    ["link.npy", link("right.npy"), "read"],
    // A superuser may read it all the same.
    ["locked.npy", locked, "either"],
    ["right.npy/below.npy", nothing, /does not exist: a part of its path is a file/],
    ["right.npy/", nothing, /does not exist: a part of its path is a file/],
    ["missing/below.npy", nothing, /does not exist/],
    [`${"n".repeat(300)}.npy`, nothing, /has a name that is too long/],
    [`${"n/".repeat(3000)}.npy`, nothing, /has a name that is too long/],
    [`${"m".repeat(250)}.npy`, good, "read"],
    ["nul\0.npy", nothing, /nul\\u0000\.npy/],
    ["line\nend.npy", good, "read"],
    ["line\nend that is none.npy", nothing, /line\\nend that is none\.npy does not exist/],
    ["\u001b[31mred\u0007.npy", good, "read"],
    ["\u202egnp.exe.npy", good, "read"],
    ["'quotes\"; rm -rf $HOME `x`.npy", good, "read"],
    ["a*[b]?{c}.npy", good, "read"],
    ["emoji \u{1f600} \ud800.npy", nothing, /does not exist/],
    ["<img src=x onerror=alert(1)>.npy", good, "read"],
  ];
  return cases.map(([name, content, outcome]) => ({ name, content, outcome }));
}

const fixtures = new URL("../../audit/fixtures/", import.meta.url);

/** Good files of every kind that other programs wrote. */
export const FIXTURES = [
  ...["float16.npy", "float64.npy", "int8.npy", "fortran_big_endian.npy"],
  ...["stored.npz", "compressed.npz", "two.npz", "gensim.vec", "gensim.bin", "glove.txt"],
  ...["savetxt.txt", "faiss.fvecs", "pandas.csv", "pandas_semicolon.csv", "pandas_lists.csv"],
  ...["pandas.jsonl", "pandas_records.json", "openai.json", "openai_base64.json"],
  ...["bf16.safetensors", "f32.safetensors"],
];

/** The bytes of one of {@linkcode FIXTURES}. */
export function fixture(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(name, fixtures));
}

/** Files that end early, at random places, as downloads and full disks leave them. */
function truncatedFiles(seed: string): HostileFile[] {
  return FIXTURES.flatMap((name) => {
    const random = seedrandom.alea(`${seed} ${name}`), bytes = fixture(name);
    return [0, 1].map((time) => ({
      name: `cut ${time} ${name}`,
      content: bytes.slice(0, 1 + Math.floor(random() * (bytes.length - 1))),
      outcome: "either" as const,
    }));
  });
}
