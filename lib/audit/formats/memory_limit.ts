import { InputError } from "../../io/input_error.ts";

/** How many megabytes readers take unless told otherwise. */
export const DEFAULT_MEMORY = 1000;

/** The most coordinates that a row may have: more than any model's that is known. */
export const MOST_COLUMNS = 16_384;

/**
 * Throws unless something fits into memory, before it is taken.
 *
 * @param name The file.
 * @param what What would take it.
 * @param bytes How much it would take.
 * @param memory The limit, in megabytes.
 * @param instead What else could be done.
 */
export function assertMemory(
  name: string,
  what: string,
  bytes: number,
  memory: number,
  instead = "",
): void {
  if (bytes <= memory * 1e6) return;
  throw new InputError(
    `${name}: ${what} takes ${megabytes(bytes)}, the limit (memory) is ${megabytes(memory * 1e6)}` +
      instead,
  );
}

/** Throws unless rows may have so many coordinates. */
export function assertColumns(name: string, columns: number): void {
  if (columns >= 1 && columns <= MOST_COLUMNS) return;
  throw new InputError(
    columns < 1
      ? `${name} has no coordinates`
      : `${name} has rows of ${columns.toLocaleString("en")} coordinates, the most that are read ` +
        `are ${MOST_COLUMNS.toLocaleString("en")}`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;
}
