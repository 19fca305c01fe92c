import { createHash, type Hash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Interactions } from "../interactions/interactions.ts";
import { type AutoencoderOptions, completeOptions } from "../networks/autoencoder_options.ts";
import float32Wasm from "../networks/network_float32_wasm.ts";
import float64Wasm from "../networks/network_float64_wasm.ts";
import { type AutoencoderTraining, trainAutoencoder } from "../networks/train_autoencoder.ts";
import { decodeNumbers, encodeNumbers } from "./number_file.ts";

/** Options for {@linkcode cachedTraining}. */
export interface CachedTrainingOptions extends AutoencoderOptions {
  /** Where trainings are kept. @default {"data/cache/networks of this repository"} */
  folder?: string;
  /** Whether to train even where the training is there, and to replace it. @default {false} */
  retrain?: boolean;
}

const FOLDER = new URL("../../data/cache/networks/", import.meta.url);

/**
 * Trains an autoencoder as {@linkcode trainAutoencoder} does, or reads the result from a file if the
 * same training was done before. The name of the file is a hash of all that the result depends on:
 * the interactions, the options, the kernels and the source of this folder. A file that is damaged
 * or not complete is noticed by its checksum, and the training is done again.
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
  const path = join(options?.folder ?? fileURLToPath(FOLDER), `${trainingKey(x, options)}.bin`);
  if (!options.retrain) {
    const training = readIfThere(path);
    if (training !== undefined) {
      options.onProgress?.(1, 1);
      return training;
    }
  }
  const training = trainAutoencoder(x, options);
  writeWhole(path, encodeNumbers(training));
  return training;
}

/** A hash of all that a training depends on. */
function trainingKey(x: Interactions, options: CachedTrainingOptions): string {
  const { validation, start, ...plain } = completeOptions(x, options);
  const hash = createHash("sha256");
  hash.update(sourceHash());
  // JSON has no Infinity.
  hash.update(JSON.stringify({ ...plain, patience: String(plain.patience) }));
  if (start !== undefined) hash.update(encodeNumbers(start));
  addInteractions(hash, x);
  if (validation !== undefined) {
    addInteractions(hash, validation.given);
    addInteractions(hash, validation.heldOut);
  }
  return hash.digest("hex").slice(0, 32);
}

function addInteractions(hash: Hash, { users, items, ...x }: Interactions): void {
  hash.update(`${users} x ${items}, ${x.values === null ? "binary" : "values"}`);
  for (const part of [x.rowStarts, x.columnIndices, x.values]) {
    if (part !== null) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
}

let sources: string | undefined;

/** A hash of the kernels, and of the sources of `networks/` where they can be read. */
function sourceHash(): string {
  if (sources !== undefined) return sources;
  const hash = createHash("sha256").update(float32Wasm).update(float64Wasm);
  if (import.meta.dirname !== undefined) {
    const folder = join(import.meta.dirname, "..", "networks");
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    for (const name of names.filter((name) => name.endsWith(".ts")).sort()) {
      hash.update(Deno.readTextFileSync(join(folder, name)));
    }
  }
  return sources = hash.digest("hex");
}

function readIfThere(path: string): AutoencoderTraining | undefined {
  try {
    return decodeNumbers(Deno.readFileSync(path)) as AutoencoderTraining | undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Writes a file as a whole or not at all. */
function writeWhole(path: string, bytes: Uint8Array): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const temporary = Deno.makeTempFileSync({ dir: dirname(path), suffix: ".tmp" });
  try {
    Deno.writeFileSync(temporary, bytes);
    Deno.renameSync(temporary, path);
  } catch (error) {
    Deno.removeSync(temporary);
    throw error;
  }
}
