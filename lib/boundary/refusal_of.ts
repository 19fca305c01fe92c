import { InputError } from "./input_error.ts";

/**
 * The sentence that says what was wrong with what a program was given, or with the system that it
 * runs on; null for a mistake of the program.
 *
 * @param error What was thrown.
 *
 * @example
 * ```ts
 * import { refusalOf } from "./refusal_of.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(refusalOf(new RangeError("Cannot audit: k must be 1")), "Cannot audit: k must be 1");
 * assert.equal(refusalOf(new TypeError("x is not a function")), null);
 * ```
 */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof InputError) return error.message;
  // Our own checks say "Cannot audit: …"; V8's errors that start so have no colon.
  if (OURS.includes(error.name) && /^Cannot [^:\n]+: /.test(error.message)) return error.message;
  // What the task's own permissions leave out, such as the network.
  if (error.name === "NotCapable") return error.message.replace(/, run again with .*/s, "");
  const { code, path } = error as NodeJS.ErrnoException;
  if (typeof code !== "string") return null;
  // What node:util's parseArgs() says, without its advice.
  if (code.startsWith("ERR_PARSE_ARGS_")) return error.message.split(". ")[0];
  if (!/^E[A-Z0-9]+$/.test(code)) return null;
  const reason = REASONS[code] ?? error.message.replace(/^E\w+: /, "").split(/, | \(os error/)[0];
  const place = path ?? placeIn(error.message);
  return place === undefined ? reason : `${place}: ${reason}`;
}

/** The file that Deno's message names: "…: stat 'a'", "…: rename 'a' -> 'b'", "Failed to spawn 'a': …". */
function placeIn(message: string): string | undefined {
  const [, place] = /^Failed to spawn '(.*?)': /s.exec(message) ??
    /: \w+ '(?:.*' -> ')?(.*)'$/s.exec(message) ?? [];
  return place;
}

const OURS = ["Error", "RangeError", "TypeError"];

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
  EADDRINUSE: "something else listens on this port already",
  ECONNREFUSED: "nothing listens there",
};
