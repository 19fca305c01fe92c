import { createHash } from "node:crypto";

/** How much of a file is compared: sparse ones have gigabytes of nothing. */
const START = 1 << 20;

/** What is in a folder: each path with its kind, its size, when it was changed, and a hash. */
export function snapshot(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
    const path = `${folder}/${name}`;
    const { size, mode, mtime, isFile, isDirectory, isSymlink } = Deno.lstatSync(path);
    const found = `${path} ${mode} ${size} ${mtime?.getTime()}`;
    if (isDirectory) return [`${path} ${mode}`, ...snapshot(path)];
    if (isSymlink) return [`${found} -> ${Deno.readLinkSync(path)}`];
    return [isFile ? `${found} ${hashOf(path, Math.min(size, START))}` : found];
  }).sort();
}

function hashOf(path: string, bytes: number): string {
  const hash = createHash("sha256");
  if (Deno.statSync(path).mode! & 0o400) {
    using file = Deno.openSync(path);
    const start = new Uint8Array(bytes);
    for (let at = 0; at < bytes;) at += file.readSync(start.subarray(at)) ?? bytes;
    hash.update(start);
  }
  return hash.digest("hex");
}
