import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assertObject } from "../check/assert_object.ts";
import { describe } from "../check/describe.ts";
import { download, type DownloadOptions } from "./download.ts";

/** The data sets of MovieLens that {@linkcode downloadMovieLens} knows. */
export const movieLensNames = ["ml-latest-small", "ml-1m", "ml-25m", "ml-32m"] as const;

/** One of {@linkcode movieLensNames}. */
export type MovieLensName = typeof movieLensNames[number];

/** Options for {@linkcode downloadMovieLens}. */
export interface DownloadMovieLensOptions
  extends Pick<DownloadOptions, "retries" | "wait" | "onProgress"> {
  /** Where to keep the zip file. @default {"data/cache of this repository"} */
  folder?: string;
  /** Where the data sets are published, with a slash at the end. @default {"GroupLens's site"} */
  source?: string;
  /** How the licence is shown, before anything is downloaded. @default {console.info} */
  showLicence?: (licence: string) => void;
}

const SOURCE = "https://files.grouplens.org/datasets/movielens/";
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
 * checksum that GroupLens publishes beside it.
 *
 * @param name Which data set: ml-latest-small (1 MB), ml-1m (6 MB), ml-25m (250 MB) or ml-32m (240 MB).
 * @param options Where to keep it, and how to show progress.
 * @returns The path of the zip file, for {@linkcode readMovieLens}.
 * @throws {RangeError} If the name is unknown, or the checksum is wrong or not published.
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
  if (!movieLensNames.includes(name)) {
    throw new RangeError(
      `Cannot download MovieLens: name must be one of ${
        movieLensNames.join(", ")
      }, current value ` +
        `is ${describe(name)}`,
    );
  }
  assertObject("download MovieLens", "options", options);
  const { folder = fileURLToPath(CACHE), source = SOURCE, showLicence = console.info } = options;
  const path = join(folder, `${name}.zip`);
  showLicence(movieLensLicence);
  if (isFile(path)) return path;
  const md5 = await publishedChecksum(`${source}${name}.zip.md5`);
  const { retries, wait, onProgress } = options;
  await download(`${source}${name}.zip`, path, { md5, retries, wait, onProgress });
  return path;
}

/** Whether the file is there. It has its name only once it is complete. */
function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function publishedChecksum(url: string): Promise<string> {
  const response = await fetch(url).catch((error) => {
    throw new Error(`Cannot download ${url}: ${error.message}`, { cause: error });
  });
  const text = await response.text();
  const md5 = response.ok ? text.match(/\b[0-9a-f]{32}\b/i)?.[0] : undefined;
  if (md5 !== undefined) return md5;
  throw new RangeError(
    `Cannot download MovieLens: there is no checksum at ${url}, the server answers ` +
      `${response.status} ${response.statusText}`.trim(),
  );
}
