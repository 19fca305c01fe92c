import { InputError } from "./input_error.ts";
import { printable } from "./printable.ts";

/** What a program ends with where it meets a mistake of its own: neither 0, 1 nor 2 (EX_SOFTWARE). */
const BUG = 70;

/**
 * The one boundary at the top of a command: what is wrong with an input, an option or the system
 * becomes one line and exit code 2. Only a mistake of the program shows a trace.
 *
 * @param command What the line starts with.
 * @param run The command; it gives its exit code.
 * @returns The exit code.
 *
 * @example
 * ```ts
 * import { atBoundary } from "./at_boundary.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await atBoundary("audit", () => 0), 0);
 * ```
 */
export async function atBoundary(
  command: string,
  run: () => number | Promise<number>,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== null) {
      console.error(`${command}: ${printable(refusal)}`);
      return 2;
    }
    console.error(error);
    console.error(
      `${command}: this is a mistake of the program. Please report it with the trace above.`,
    );
    return BUG;
  }
}

/** The sentence that says what was wrong with what was given; null for a mistake of the program. */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof InputError) return error.message;
  // Our own checks say "Cannot audit: …"; V8's errors that start so have no colon.
  const ours = error instanceof RangeError || error instanceof TypeError;
  if (ours && /^Cannot [^:\n]+: /.test(error.message)) return error.message;
  const { code, path } = error as NodeJS.ErrnoException;
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) return null;
  const reason = REASONS[code] ?? error.message.replace(/^E\w+: /, "").split(", ")[0];
  return path === undefined ? reason : `${path}: ${reason}`;
}

/** What the system's commonest refusals mean. */
const REASONS: Record<string, string> = {
  EACCES: "permission is denied",
  EPERM: "this is not permitted",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of this path is not a folder",
  EISDIR: "this is a folder",
  ENOSPC: "there is no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its symbolic links go in a circle",
  EMFILE: "too many files are open",
  EIO: "the device cannot be read or written",
  EFBIG: "the file would be too large",
  EPIPE: "nobody reads what is written",
};
