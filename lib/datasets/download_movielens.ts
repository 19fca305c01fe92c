import {
  assertFunction,
  assertInteger,
  assertKnown,
  assertNumber,
  assertOneOf,
  assertString,
} from "../check.ts";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFilesAtomically } from "../io/files.ts";
import { download, type DownloadOptions, md5OfFile } from "./download.ts";
import { fetchChunks } from "./fetch_chunks.ts";

/** The data sets of MovieLens that {@linkcode downloadMovieLens} knows. */
export const movieLensNames = ["ml-latest-small", "ml-1m", "ml-25m", "ml-32m"] as const;

/** One of {@linkcode movieLensNames}. */
export type MovieLensName = typeof movieLensNames[number];

/** Options for {@linkcode downloadMovieLens}. */
export interface DownloadMovieLensOptions
  extends Pick<DownloadOptions, "retries" | "wait" | "timeout" | "onProgress"> {
  /** Where to keep the zip file. @default {"data/cache of this repository"} */
  folder?: string;
  /** Where the data sets are published, with a slash at the end. @default {"GroupLens's site"} */
  source?: string;
  /** How the licence is shown, before anything is downloaded. @default {console.info} */
  showLicence?: (licence: string) => void;
}

const ACTION = "download MovieLens";
const OPTIONS = ["folder", "source", "showLicence", "retries", "wait", "timeout", "onProgress"];
// Timers know no longer times, in milliseconds.
const LONGEST = 2 ** 31 - 1;
const SOURCE = "https://files.grouplens.org/datasets/movielens/";
// The file with a checksum has one line; of anything longer the start is looked at.
const MAX_CHECKSUM = 10_000;
const CACHE = new URL("../../data/cache/", import.meta.url);

/** The terms of MovieLens in short; the README.md or README in the zip file is what counts. */
export const movieLensLicence =
  `MovieLens is published by GroupLens, University of Minnesota, for research:
- Do not state or imply that the university or GroupLens endorses you.
- Acknowledge the data set in publications: F. Maxwell Harper and Joseph A. Konstan. 2015. The
  MovieLens Datasets: History and Context. ACM TiiS 5, 4: 19:1-19:19.
- Do not redistribute the data without permission, or other than under its own terms.
- No commercial use without permission of GroupLens. There is no warranty.
The terms in full are in the README file of each zip file, and at ${SOURCE}`;

/**
 * Downloads a data set of MovieLens, or finds it where it was downloaded before. The licence is
 * shown, a download that breaks goes on where it was, and the zip file is checked against the MD5
 * checksum that GroupLens publishes beside it; and again on its first use in a process: where it is
 * no longer the same, it is downloaded anew.
 *
 * @param name Which data set: ml-latest-small (1 MB), ml-1m (6 MB), ml-25m (250 MB) or ml-32m (240 MB).
 * @param options Where to keep it, and how to show progress.
 * @returns The path of the zip file, for {@linkcode readMovieLens}.
 * @throws {TypeError} If an option is of the wrong kind or unknown.
 * @throws {RangeError} If the name is unknown, an option is out of bounds, or the checksum is wrong or not published.
 * @throws {Error} If the server cannot be reached, or the connection breaks too often.
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
  assertOneOf(ACTION, "name", name, movieLensNames);
  assertKnown(ACTION, options, OPTIONS);
  const { folder = fileURLToPath(CACHE), source = SOURCE, showLicence = console.info } = options;
  const { retries, wait, timeout = 60_000, onProgress } = options;
  assertString(ACTION, "folder", folder);
  assertString(ACTION, "source", source);
  assertFunction(ACTION, "showLicence", showLicence);
  if (retries !== undefined) assertInteger(ACTION, "retries", retries, 0);
  if (wait !== undefined) assertNumber(ACTION, "wait", wait, 0, LONGEST);
  assertNumber(ACTION, "timeout", timeout, { above: 0 }, LONGEST);
  if (!URL.canParse(source)) {
    throw new RangeError(`Cannot ${ACTION}: source must be a URL, current value is "${source}"`);
  }
  const path = join(folder, `${name}.zip`);
  showLicence(movieLensLicence);
  if (verified.has(path) && isFile(path) || isIntact(path)) return path;
  const md5 = await publishedChecksum(`${source}${name}.zip.md5`, timeout);
  await download(`${source}${name}.zip`, path, { md5, retries, wait, timeout, onProgress });
  writeFilesAtomically([{ path: `${path}.md5`, content: md5 }]);
  verified.add(path);
  return path;
}

/** The files whose checksum this process has verified. */
const verified = new Set<string>();

/** Whether the file is there, and is what was downloaded; one that was put there is believed. */
function isIntact(path: string): boolean {
  if (!isFile(path)) return false;
  const intact = !isFile(`${path}.md5`) || Deno.readTextFileSync(`${path}.md5`) === md5OfFile(path);
  if (intact) verified.add(path);
  return intact;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function publishedChecksum(url: string, timeout: number): Promise<string> {
  let response: Response, text = "";
  try {
    const answer = await fetchChunks(url, { timeout, deadline: performance.now() + timeout });
    response = answer.response;
    for await (const chunk of answer.chunks) {
      text += new TextDecoder().decode(chunk);
      if (text.length > MAX_CHECKSUM) break;
    }
  } catch (error) {
    throw new Error(`Cannot download ${url}: ${(error as Error).message}`, { cause: error });
  }
  const md5 = response.ok ? text.match(/\b[0-9a-f]{32}\b/i)?.[0].toLowerCase() : undefined;
  if (md5 !== undefined) return md5;
  throw new RangeError(
    `Cannot download MovieLens: there is no checksum at ${url}, the server answers ` +
      `${response.status} ${response.statusText}`.trim(),
  );
}
