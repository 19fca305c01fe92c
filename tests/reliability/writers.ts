/**
 * What writes files while other programs do, or is interrupted: the first argument says which.
 *
 * @module
 */
import { download } from "../../lib/datasets/download_movielens.ts";
import { Interactions } from "../../lib/interactions/interactions.ts";
import { withFolderLocks, writeFilesAtomically } from "../../lib/io/files.ts";
import { cachedTraining } from "../../lib/notebook/cached_training.ts";

/** What the files of `overAndOver` are called. */
export const NAMES = Array.from({ length: 12 }, (_, i) => `file${String(i).padStart(2, "0")}`);

/** How many lines each has, all of them the same: who wrote it, and for which time. */
export const LINES = 6_000;

const writers: Record<string, (...args: string[]) => void | Promise<void>> = {
  /** Writes files over and over, all of them together; ends with code 1 where they are not of one time. */
  overAndOver(name, times) {
    for (let i = 1; i <= Number(times); i++) {
      // In pieces, as long files are.
      const piece = new TextEncoder().encode(`${name} ${i}\n`.repeat(LINES / 200));
      const content = Array.from({ length: 200 }, () => piece);
      writeFilesAtomically(NAMES.map((path) => ({ path, content })));
      withFolderLocks(["."], () => {
        if (new Set(NAMES.map((path) => Deno.readTextFileSync(path))).size > 1) Deno.exit(1);
      });
    }
  },

  /** Trains a small network, or finds its training in the folder that is named. */
  training(folder) {
    const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]]);
    cachedTraining(x, { hidden: [64], epochs: 20, threads: 1, folder });
  },

  /** Downloads a file: its address, its path and its MD5 checksum. */
  async download(url, path, md5) {
    try {
      await download(url, path, { md5 });
    } catch (error) {
      console.error((error as Error).message);
      Deno.exitCode = 2;
    }
  },
};

if (import.meta.main) {
  const [name, ...args] = Deno.args;
  await writers[name](...args);
}
