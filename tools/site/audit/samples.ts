import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Matrix } from "ml-matrix";
import { sentenceVectors } from "../../../lib/datasets/mod.ts";
import { randomRotation } from "../../../lib/linalg/random_rotation.ts";
import { openEmbeddings } from "../../../lib/audit/formats/open_embeddings.ts";

/** A file to try the audit page on. */
interface Sample {
  /** The name of its module. */
  key: string;
  /** What the button says, and the sentence beside it. */
  title: string;
  about: string;
  /** The name of the file. */
  file: string;
  /** How the model was trained, and whether it has biases. */
  trained: string;
  biases: boolean;
}

/** The samples, in the order of the page. */
export const SAMPLES: readonly Sample[] = [
  {
    key: "sentences",
    title: "Sentence vectors",
    about:
      "778 documents of one product by a sentence encoder, 384 dimensions, in 13 categories: " +
      "a whole file, whose vectors all share a direction",
    file: "sentences.csv",
    trained: "cosine",
    biases: false,
  },
  {
    key: "two_models",
    title: "Two models in one file",
    about: "The same, but from the middle on by another model: what a re-embedding leaves behind " +
      "that stopped halfway",
    file: "two_models.csv",
    trained: "cosine",
    biases: false,
  },
  {
    key: "words",
    title: "Word vectors",
    about: "The 2,000 most frequent English words by GloVe, 100 dimensions",
    file: "words.vec",
    trained: "sum",
    biases: true,
  },
];

/**
 * The content of the samples, by their keys: texts as people's tools write them.
 *
 * The other model in the second one is the first model turned by a random rotation: it has the same
 * cosines within itself, and none with the first model that means anything.
 */
export async function sampleTexts(): Promise<Record<string, string>> {
  const { titles, categories, vectors } = sentenceVectors();
  const ids = distinct(titles);
  const table = (rows: number[][]) => {
    const header = ["id", "label", ...rows[0].map((_, c) => `d${c}`)].join();
    const lines = rows.map((row, i) =>
      [quoted(ids[i]), quoted(categories[i]), ...row.map(decimals)].join()
    );
    return `${[header, ...lines].join("\n")}\n`;
  };
  const { rows } = await openEmbeddings(dataFile("glove_words.npy"));
  const words = readFileSync(dataFile("glove_words.txt"), "utf8").trimEnd().split("\n");
  const lines: string[] = [];
  for (const { values, rows: count } of rows.blocks()) {
    for (let i = 0; i < count; i++) {
      const vector = values.subarray(i * rows.columns, (i + 1) * rows.columns);
      lines.push([words[lines.length], ...Array.from(vector, decimals)].join(" "));
    }
  }
  return {
    sentences: table(vectors.to2DArray()),
    two_models: table(halfTurned(vectors).to2DArray()),
    words: `${lines.length} ${rows.columns}\n${lines.join("\n")}\n`,
  };
}

/**
 * A module whose default export is bytes, compressed by gzip, in base64: a page that may connect to
 * nothing may still import what lies beside it.
 */
export function bytesModule(bytes: Uint8Array): string {
  return `export default "${gzipSync(bytes, { level: 9 }).toString("base64")}";\n`;
}

function halfTurned(vectors: Matrix): Matrix {
  const turned = vectors.mmul(randomRotation(vectors.columns, { seed: "another model" }));
  const mixed = vectors.clone();
  for (let i = Math.floor(vectors.rows / 2); i < vectors.rows; i++) {
    mixed.setRow(i, turned.getRow(i));
  }
  return mixed;
}

/** Texts with a number added to those that were there before. */
function distinct(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return texts.map((text) => {
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return count === 1 ? text : `${text} (${count})`;
  });
}

const decimals = (entry: number) => String(Math.round(1e4 * entry) / 1e4);

const quoted = (text: string) => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const dataFile = (name: string) => fileURLToPath(new URL(`../../../data/${name}`, import.meta.url));
