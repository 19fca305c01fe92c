import { assertString } from "../check/assert_string.ts";
import { assertObject } from "../check/assert_object.ts";
import { assertBoolean } from "../check/assert_boolean.ts";
import { writeWhole } from "../files/write_whole.ts";
import { createHash, type Hash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Interactions } from "../interactions/interactions.ts";
import { type AutoencoderOptions, completeOptions } from "../networks/autoencoder_options.ts";
import { type AutoencoderTraining, trainAutoencoder } from "../networks/train_autoencoder.ts";
import { decodeNumbers, encodeNumbers } from "./number_file.ts";
import { sourceHash } from "./source_hash.ts";

/** Options for {@linkcode cachedTraining}. */
export interface CachedTrainingOptions extends AutoencoderOptions {
  /** Where trainings are kept. @default {"data/cache/networks of this repository"} */
  folder?: string;
  /** Whether to train even where the training is there, and to replace it. @default {false} */
  retrain?: boolean;
}

const FOLDER = new URL("../../data/cache/networks/", import.meta.url);
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
  const { folder = fileURLToPath(FOLDER), retrain = false, ...ofTraining } = options;
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
    writeWhole([{ path, content: bytes }]);
  } catch (error) {
    console.warn(`The training is not kept for next time: ${(error as Error).message}`);
  }
}
