import seedrandom from "seedrandom";
import type { HostileFile } from "./hostile_file.ts";

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
export function truncatedFiles(seed: string): HostileFile[] {
  return FIXTURES.flatMap((name) => {
    const random = seedrandom.alea(`${seed} ${name}`), bytes = fixture(name);
    return [0, 1].map((time) => ({
      name: `cut ${time} ${name}`,
      content: bytes.slice(0, 1 + Math.floor(random() * (bytes.length - 1))),
      outcome: "either" as const,
    }));
  });
}
