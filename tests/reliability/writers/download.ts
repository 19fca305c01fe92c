/**
 * Downloads a file: its address, its path and its MD5 checksum are the arguments.
 *
 * @module
 */
import { download } from "../../../lib/datasets/download_movielens.ts";

const [url, path, md5] = Deno.args;
try {
  await download(url, path, { md5 });
} catch (error) {
  console.error((error as Error).message);
  Deno.exitCode = 2;
}
