import { createHash } from "node:crypto";
import { readFileSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputRangeError, OperationalError } from "../errors.ts";
import {
  anything,
  assertFunction,
  assertOneOf,
  callback,
  checkedOptions,
  number,
  text,
} from "../check.ts";
import { temporaryFile, writeFilesAtomically } from "../io/files.ts";
import { shipped } from "./shipped.ts";

const NAMES = ["ml-latest-small", "ml-1m", "ml-25m", "ml-32m"] as const;

/** A data set of MovieLens that {@linkcode downloadMovieLens} knows. */
export type MovieLensName = typeof NAMES[number];

/** Options for {@linkcode downloadMovieLens}. */
export interface DownloadMovieLensOptions extends DownloadOptions {
  /** Where to keep the zip file. @default {"data/cache of this repository"} */
  folder?: string;
  /** Where the data sets are published, with a slash at the end. @default {"https://files.grouplens.org/datasets/movielens/"} */
  source?: string;
  /** How the licence is shown, before anything is downloaded. @default {console.info} */
  showLicence?: (licence: string) => void;
}

interface DownloadOptions {
  /** How long the server may send nothing before the download fails, in milliseconds. @default {60000} */
  timeout?: number;
  /** Told how many bytes have come, and how many there will be. */
  onProgress?: (done: number, total: number) => void;
}

const ACTION = "download MovieLens";
/** How long a server may be silent, and the longest delay that a timer can have, in milliseconds. */
const TIMEOUT = 60_000, LONGEST = 2 ** 31 - 1;
const SOURCE = "https://files.grouplens.org/datasets/movielens/";

/** The terms of MovieLens in short; the README.md or README in the zip file is what counts. */
const LICENCE = `MovieLens is published by GroupLens, University of Minnesota, for research:
- Do not state or imply that the university or GroupLens endorses you.
- Acknowledge the data set in publications: F. Maxwell Harper and Joseph A. Konstan. 2015. The
  MovieLens Datasets: History and Context. ACM TiiS 5, 4: 19:1-19:19.
- Do not redistribute the data without permission, or other than under its own terms.
- No commercial use without permission of GroupLens. There is no warranty.
The terms in full are in the README file of each zip file, and at ${SOURCE}`;

/**
 * Downloads a data set of MovieLens, or finds it where it was downloaded before. The licence is
 * shown, and the zip file is checked against the MD5 checksum that GroupLens publishes beside it. On
 * its first use in a process it is checked again, and downloaded anew if it has changed.
 *
 * @param name Which data set: ml-latest-small (1 MB), ml-1m (6 MB), ml-25m (250 MB) or ml-32m (240 MB).
 * @param options Where to keep it, and how to show progress.
 * @returns The path of the zip file, for {@linkcode readMovieLens}.
 * @throws {TypeError} If an option is of the wrong kind or unknown.
 * @throws {RangeError} If the name is unknown, an option is out of bounds, or the checksum is wrong or not published.
 * @throws {Error} If the server cannot be reached, does not have the file, or the connection breaks;
 * nothing is left of what came.
 *
 * @example
 * ```ts ignore
 * const bar = progressBar("Downloading");
 * const path = await downloadMovieLens("ml-latest-small", { onProgress: bar });
 * const { interactions } = await readMovieLens(path);
 * ```
 */
export async function downloadMovieLens(
  name: MovieLensName,
  options: DownloadMovieLensOptions = {},
): Promise<string> {
  assertOneOf(ACTION, "name", name, NAMES);
  const { folder, source, showLicence, timeout, onProgress } = checkedOptions(ACTION, options, {
    folder: text(shipped("cache")),
    source: text(SOURCE),
    showLicence: anything<(licence: string) => void>(console.info),
    timeout: number({ above: 0 }, LONGEST, TIMEOUT),
    onProgress: callback,
  });
  assertFunction(ACTION, "showLicence", showLicence);
  if (!URL.canParse(source)) {
    throw new InputRangeError(
      `Cannot ${ACTION}: source must be a URL, current value is "${source}"`,
    );
  }
  const path = join(folder, `${name}.zip`);
  showLicence(LICENCE);
  if (verified.has(path) && isFile(path) || isIntact(path)) return path;
  const md5 = await publishedChecksum(`${source}${name}.zip.md5`, timeout);
  await download(`${source}${name}.zip`, path, { md5, timeout, onProgress });
  writeFilesAtomically([{ path: `${path}.md5`, content: md5 }]);
  verified.add(path);
  return path;
}

/** The files whose checksum this process has verified. */
const verified = new Set<string>();

/** Whether the file is what was downloaded; one that somebody put there, without a checksum, is trusted. */
function isIntact(path: string): boolean {
  if (!isFile(path)) return false;
  const intact = !isFile(`${path}.md5`) ||
    Deno.readTextFileSync(`${path}.md5`) ===
      createHash("md5").update(readFileSync(path)).digest("hex");
  if (intact) verified.add(path);
  return intact;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

async function publishedChecksum(url: string, timeout: number): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  await receive(url, timeout, (chunk) => text += decoder.decode(chunk, { stream: true }));
  const md5 = text.match(/\b[0-9a-f]{32}\b/i)?.[0].toLowerCase();
  if (md5 !== undefined) return md5;
  throw new InputRangeError(`Cannot ${ACTION}: there is no checksum at ${url}`);
}

/**
 * Downloads a file into a temporary one beside `path`, which gets its name once its checksum is right.
 *
 * @param url Where it is.
 * @param path Where to write it.
 * @param options The MD5 checksum that it must have, in hexadecimal, and those of the download.
 * @throws {Error} If it cannot be had, or not be written.
 * @throws {RangeError} If its checksum is wrong.
 */
export async function download(
  url: string,
  path: string,
  { md5, timeout = TIMEOUT, onProgress }: DownloadOptions & { md5: string },
): Promise<void> {
  const folder = dirname(path);
  Deno.mkdirSync(folder, { recursive: true });
  using part = temporaryFile({ folder, prefix: ".downloading-", suffix: ".part" }, 0o666);
  const hash = createHash("md5");
  {
    using file = Deno.openSync(part.path, { write: true });
    let done = 0;
    await receive(url, timeout, (chunk, total) => {
      hash.update(chunk);
      for (let at = 0; at < chunk.length;) at += file.writeSync(chunk.subarray(at));
      onProgress?.(done += chunk.length, total || done);
    });
  }
  const actual = hash.digest("hex");
  if (actual !== md5.toLowerCase()) {
    throw new InputRangeError(
      `Cannot download ${url}: its checksum must be ${md5}, that of what came is ${actual}`,
    );
  }
  renameSync(part.path, path);
}

/** Gives the body of a server's answer to `use`, chunk by chunk, with its length, or 0 where it is not known. */
async function receive(
  url: string,
  timeout: number,
  use: (chunk: Uint8Array, total: number) => void,
): Promise<void> {
  const controller = new AbortController();
  const silence = new Error(`the server has sent nothing for ${timeout / 1000} seconds`);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(silence), timeout);
  };
  try {
    wait();
    const headers = { "accept-encoding": "identity" };
    const response = await fetch(url, { headers, signal: controller.signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the server answers ${response.status} ${response.statusText}`.trim());
    }
    const total = Number(response.headers.get("content-length") ?? 0);
    for await (const chunk of response.body ?? []) {
      wait();
      use(chunk, total);
    }
  } catch (error) {
    throw new OperationalError(`Cannot download ${url}: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
