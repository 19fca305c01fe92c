import { Matrix } from "ml-matrix";
import { createHash, type Hash } from "node:crypto";
import { dirname, join } from "node:path";
import { assertBoolean, assertObject, assertString } from "../check.ts";
import { shipped } from "../datasets/shipped.ts";
import { writeFilesAtomically } from "../io/files.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { flatMatrix } from "../linalg/matrices.ts";
import {
  type AutoencoderOptions,
  type AutoencoderTraining,
  completeOptions,
  trainAutoencoder,
} from "../networks/train_autoencoder.ts";

/** Options for {@linkcode cachedTraining}. */
export interface CachedTrainingOptions extends AutoencoderOptions {
  /** Where trainings are kept. @default {"data/cache/networks of this repository"} */
  folder?: string;
  /** Whether to train again, and replace a training that is kept. @default {false} */
  retrain?: boolean;
}

/** What computes a training, kernels included, by what it imports. */
const TRAINING = new URL("../networks/train_autoencoder.ts", import.meta.url);
let sources: string | undefined;

/**
 * Trains an autoencoder as {@linkcode trainAutoencoder} does, or reads the result from a file if the
 * same training was done before. In the file and in its name is a hash of all that the result depends
 * on: the interactions, the options, and the code that trains, without its comments. A file that is
 * damaged, not complete or of another training is noticed, and the training is done again. Where the
 * file cannot be written, a warning says so.
 *
 * @param x The interactions X, n x p.
 * @param options Those of {@linkcode trainAutoencoder}, the folder, and whether to train anyway.
 * @returns The best network, and the history of the training.
 * @throws As {@linkcode trainAutoencoder} does.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { cachedTraining } from "cosine-lab/notebook";
 * import assert from "node:assert/strict";
 *
 * const folder = Deno.makeTempDirSync();
 * const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
 * const options = { hidden: [2], epochs: 5, folder };
 * assert.deepEqual(cachedTraining(x, options), cachedTraining(x, options));
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export function cachedTraining(
  x: Interactions,
  options: CachedTrainingOptions,
): AutoencoderTraining {
  assertObject("train an autoencoder", "options", options);
  const { folder = shipped("cache/networks"), retrain = false, ...ofTraining } = options;
  assertString("train an autoencoder", "folder", folder);
  assertBoolean("train an autoencoder", "retrain", retrain);
  const key = trainingKey(x, ofTraining);
  const path = join(folder, `${key.slice(0, 32)}.bin`);
  if (!retrain) {
    const training = readIfThere(path, key);
    if (training !== undefined) {
      ofTraining.onProgress?.(1, 1);
      return training;
    }
  }
  const training = trainAutoencoder(x, ofTraining);
  keep(path, encodeNumbers({ key, training }));
  return training;
}

/** A hash of all that a training depends on. */
function trainingKey(x: Interactions, options: AutoencoderOptions): string {
  const { validation, start, ...plain } = completeOptions(x, options);
  const hash = createHash("sha256");
  hash.update(sources ??= sourceHash(TRAINING));
  // JSON has no Infinity.
  hash.update(JSON.stringify({ ...plain, patience: String(plain.patience) }));
  if (start !== undefined) hash.update(encodeNumbers(start));
  addInteractions(hash, x);
  if (validation !== undefined) {
    addInteractions(hash, validation.given);
    addInteractions(hash, validation.heldOut);
  }
  return hash.digest("hex");
}

function addInteractions(hash: Hash, { users, items, ...x }: Interactions): void {
  hash.update(`${users} x ${items}, ${x.values === null ? "binary" : "values"}`);
  for (const part of [x.rowStarts, x.columnIndices, x.values]) {
    if (part !== null) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
}

/** The training, if the file is there, whole, and of the same key; else it is done again. */
function readIfThere(path: string, key: string): AutoencoderTraining | undefined {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch {
    return undefined;
  }
  const kept = decodeNumbers(bytes) as { key: string; training: AutoencoderTraining } | undefined;
  return kept?.key === key ? kept.training : undefined;
}

/** Writes a file, or says why it cannot: a training is worth more than its copy. */
function keep(path: string, bytes: Uint8Array): void {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    writeFilesAtomically([{ path, content: bytes }]);
  } catch (error) {
    console.warn(`The training is not kept for next time: ${(error as Error).message}`);
  }
}

/** The bytes of the SHA-256 checksum at the start. */
const CHECKSUM = 32;

/**
 * Writes plain data with Float64Arrays and matrices in it, for instance a training, to bytes: a
 * checksum, the length of a description in JSON, the description, and the numbers of all arrays and
 * matrices, which the description only refers to.
 */
function encodeNumbers(data: unknown): Uint8Array {
  const arrays: Float64Array[] = [];
  let length = 0;
  const refer = (entries: Float64Array, columns?: number) => {
    arrays.push(entries);
    const reference = { $at: length, $length: entries.length, $columns: columns };
    length += entries.length;
    return reference;
  };
  const description = JSON.stringify(
    data,
    function (this: Record<string, unknown>, key, plain) {
      // A matrix has made itself an array by now.
      const value = this[key];
      if (value instanceof Float64Array) return refer(value);
      return value instanceof Matrix
        ? refer(Float64Array.from(value.to1DArray()), value.columns)
        : plain;
    },
  );
  const text = new TextEncoder().encode(description);
  const bytes = new Uint8Array(CHECKSUM + 4 + text.length + 8 * length);
  new DataView(bytes.buffer).setUint32(CHECKSUM, text.length, true);
  bytes.set(text, CHECKSUM + 4);
  let at = CHECKSUM + 4 + text.length;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  bytes.set(checksum(bytes));
  return bytes;
}

/** Reads what {@linkcode encodeNumbers} wrote; `undefined` if the bytes are damaged. */
export function decodeNumbers(bytes: Uint8Array): unknown {
  if (bytes.length < CHECKSUM + 4) return undefined;
  const sum = checksum(bytes);
  if (sum.some((byte, i) => byte !== bytes[i])) return undefined;
  const start = CHECKSUM + 4;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(CHECKSUM, true);
  const numbers = new Float64Array(bytes.slice(start + length).buffer);
  const text = new TextDecoder().decode(bytes.subarray(start, start + length));
  return JSON.parse(text, (_key, value) => {
    if (typeof value?.$at !== "number") return value;
    const entries = numbers.slice(value.$at, value.$at + value.$length);
    return value.$columns === undefined ? entries : flatMatrix(entries, value.$columns);
  });
}

/** SHA-256 of all that follows the checksum. */
function checksum(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes.subarray(CHECKSUM)).digest();
}

/**
 * Computes a hash of what a module computes with: its code, without comments and white space, and that
 * of every module it imports, however indirectly. Packages count by their version.
 *
 * @param module Where the module is.
 * @returns The hash, in hexadecimal digits; of the address alone where no source can be read.
 *
 * @example
 * ```ts
 * import { sourceHash } from "./cached_training.ts";
 * import assert from "node:assert/strict";
 *
 * const module = new URL("./figure.ts", import.meta.url);
 * assert.match(sourceHash(module), /^[0-9a-f]{64}$/);
 * ```
 */
export function sourceHash(module: URL): string {
  const sources = new Map<string, string>();
  const visit = (url: URL) => {
    if (sources.has(url.href)) return;
    const code = codeOf(url);
    sources.set(url.href, code);
    for (const [, , specifier] of code.matchAll(/\b(from|import) ?"([^"]+)"/g)) {
      if (specifier.startsWith(".")) visit(new URL(specifier, url));
      else sources.set(specifier, import.meta.resolve(specifier).replace(/^.*node_modules\//, ""));
    }
  };
  visit(module);
  const hash = createHash("sha256");
  const root = new URL("..", module).href;
  for (const [name, code] of [...sources].sort(([a], [b]) => a < b ? -1 : 1)) {
    hash.update(`${name.replace(root, "")}\n${code}\n`);
  }
  return hash.digest("hex");
}

function codeOf(url: URL): string {
  try {
    return Deno.readTextFileSync(url).replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/^\s*\/\/.*$/gm, "").replace(/\s+/g, " ");
  } catch {
    return "";
  }
}
