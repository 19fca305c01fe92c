import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { fetchChunks } from "./fetch_chunks.ts";
import { openPart } from "./open_part.ts";

// Sixteen times the largest data set of MovieLens.
const MAX_BYTES = 4e9;

/** Options for {@linkcode download}. */
export interface DownloadOptions {
  /** The MD5 checksum that the file must have, in hexadecimal. */
  md5: string;
  /** How often a download that breaks is taken up again. @default {5} */
  retries?: number;
  /** How long to wait before that, in milliseconds; twice as long each time. @default {1000} */
  wait?: number;
  /** How long the server may send nothing before the connection counts as broken, in milliseconds. @default {60000} */
  timeout?: number;
  /** How long all of it may take, in milliseconds, however often it is taken up again. @default {3600000} */
  limit?: number;
  /** How many bytes the file may have at most. @default {4e9} */
  maxBytes?: number;
  /** Told how many bytes are there, and how many there will be. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Downloads a file. What has come of it stays beside it as `.part`, also when the program ends: the
 * next call goes on from there if the server can, and starts again if it cannot. The file gets its
 * name once it is complete and its checksum is right. Two downloads of one file at a time do not
 * disturb each other.
 *
 * @param url Where it is.
 * @param path Where to write it.
 * @param options The checksum, and what to do when the connection breaks.
 * @throws {Error} If the server does not have it, sends more than it may, takes longer than it may, or
 * the connection breaks or falls silent too often.
 * @throws {RangeError} If its checksum is wrong; what has come of it is removed.
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  const { md5, retries = 5, wait = 1000, limit = 3_600_000 } = options;
  const deadline = performance.now() + limit;
  Deno.mkdirSync(dirname(path), { recursive: true });
  using part = openPart(path);
  for (let attempt = 0;; attempt++) {
    try {
      await continueDownload(url, part.file, options, deadline);
      break;
    } catch (error) {
      if (error instanceof Refused || attempt >= retries || performance.now() > deadline) {
        throw new Error(`Cannot download ${url}: ${(error as Error).message}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, wait * (1 << attempt)));
    }
  }
  // Of the file that is open and locked, so that what is verified is what is kept.
  const actual = md5OfOpenFile(part.file);
  if (actual !== md5.toLowerCase()) {
    Deno.removeSync(part.path);
    throw new RangeError(
      `Cannot download ${url}: its checksum must be ${md5}, that of what came is ${actual}`,
    );
  }
  Deno.renameSync(part.path, path);
}

/** Computes the MD5 checksum of a file, in hexadecimal; it is read piece by piece. */
export function md5OfFile(path: string): string {
  using file = Deno.openSync(path);
  return md5OfOpenFile(file);
}

function md5OfOpenFile(file: Deno.FsFile): string {
  const hash = createHash("md5");
  const buffer = new Uint8Array(2 ** 20);
  file.seekSync(0, Deno.SeekMode.Start);
  for (let count; (count = file.readSync(buffer)) !== null;) hash.update(buffer.subarray(0, count));
  return hash.digest("hex");
}

/** What trying again does not help. */
class Refused extends Error {}

/** Appends to what is there already, or starts again where the server does not give a part. */
async function continueDownload(
  url: string,
  file: Deno.FsFile,
  { onProgress = () => {}, timeout = 60_000, maxBytes = MAX_BYTES }: DownloadOptions,
  deadline: number,
): Promise<void> {
  let done = file.statSync().size;
  const headers = { range: `bytes=${done}-`, "accept-encoding": "identity" };
  const { response, chunks } = await fetchChunks(url, { timeout, deadline, headers });
  try {
    if (response.status === 416) {
      // All of it is there, or more than that: the checksum tells which.
      if (lengthOf(response) === done) return;
      file.truncateSync(0);
      throw new Error("what was there already is longer than the file");
    }
    if (!response.ok) {
      const message = `the server answers ${response.status} ${response.statusText}`.trim();
      throw response.status < 500 ? new Refused(message) : new Error(message);
    }
    if (response.status !== 206 || startOf(response) !== done) file.truncateSync(done = 0);
    const total = lengthOf(response);
    const limit = Math.min(total || maxBytes, maxBytes);
    if (total > maxBytes) {
      throw new Refused(`it may have ${maxBytes} bytes at most, the server announces ${total}`);
    }
    file.seekSync(done, Deno.SeekMode.Start);
    for await (const chunk of chunks) {
      if (done + chunk.length > limit) {
        file.truncateSync(0);
        throw new Refused(`the server sends more than ${limit} bytes`);
      }
      append(file, chunk);
      onProgress(done += chunk.length, total || done);
    }
    if (total > 0 && done !== total) throw new Error(`the connection broke after ${done} bytes`);
  } finally {
    // A body that was never begun has to be begun to be ended.
    if (response.body?.locked === false) await response.body.cancel();
    else await chunks.return(undefined);
  }
}

/** Writes a chunk; a disk that is full does not empty by asking the server again. */
function append(file: Deno.FsFile, chunk: Uint8Array): void {
  try {
    for (let at = 0; at < chunk.length;) at += file.writeSync(chunk.subarray(at));
  } catch (error) {
    throw new Refused((error as Error).message, { cause: error });
  }
}

/** The length of the whole file, or 0 where the server does not say. */
function lengthOf(response: Response): number {
  const range = response.headers.get("content-range")?.match(/\/(\d+)$/);
  return Number(range?.[1] ?? response.headers.get("content-length") ?? 0);
}

/** Where in the file the answer starts. */
function startOf(response: Response): number {
  return Number(response.headers.get("content-range")?.match(/^bytes (\d+)-/)?.[1] ?? NaN);
}
