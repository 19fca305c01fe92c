/**
 * Downloads a file: its address, its path and its MD5 checksum are the arguments.
 *
 * @module
 */
import { download } from "../../../lib/datasets/download.ts";

const [url, path, md5] = Deno.args;
try {
  await download(url, path, { md5, wait: 1 });
} catch (error) {
  console.error((error as Error).message);
  Deno.exitCode = 2;
}
