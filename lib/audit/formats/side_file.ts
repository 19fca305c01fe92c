import type { ByteSource } from "./byte_source.ts";
import { fileSource } from "./file_source.ts";
import { type SideFile, sideSource } from "./side_source.ts";

/**
 * Reads what is known of items from a file of their own; see {@linkcode sideSource}.
 *
 * @param what What the values are, for an error.
 * @param path The path of the file.
 * @param items How many items there are: among words nothing else tells a header from a value.
 * @throws {InputError} If it cannot be read, or is of none of the kinds.
 */
export function sideFile(what: string, path: string, items: number): SideFile {
  // A name that is of no kind is not a file's, perhaps: it is refused before a file is looked for.
  const late: ByteSource = { name: path } as ByteSource;
  return sideSource(
    what,
    /\.(npy|json|csv|tsv|txt)$/i.test(path) ? fileSource(path) : late,
    path,
    items,
  );
}
