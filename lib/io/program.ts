import { InputError, isExpected, memorySentence, printable } from "../errors.ts";
import { parseArgs, type ParseArgsOptionDescriptor } from "node:util";

/** The exit code for a bug: neither 0, 1 nor 2 (EX_SOFTWARE). */
const BUG = 70;

/** Where bugs are reported. */
const ISSUES = "https://github.com/cosine-lab/cosine-lab/issues";

/**
 * Runs a program. A user's mistake, or the system's refusal, becomes one line on stderr and exit code 2;
 * a bug shows its trace, says where to report it, and ends with 70.
 *
 * @param program The name that starts the line.
 * @param run The program; returns its exit code.
 * @returns The exit code.
 *
 * @example
 * ```ts
 * import { runProgram } from "./program.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await runProgram("audit", () => 0), 0);
 * ```
 */
export async function runProgram(
  program: string,
  run: () => number | Promise<number>,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const message = userMessage(error);
    if (message !== null) {
      console.error(`${program}: ${printable(message)}`);
      return 2;
    }
    console.error(error);
    console.error(
      `${program}: this is a bug in cosine-lab. ` +
        `Please report it, with the trace above, at ${ISSUES}`,
    );
    return BUG;
  }
}

/**
 * Reads a command line whose options take no value or a text; every program also knows `--help`.
 *
 * @param args The command line.
 * @param options The options.
 * @param most How many other arguments are allowed.
 * @throws {TypeError} If an option is unknown, or lacks its value.
 * @throws {InputError} If there are more arguments.
 *
 * @example
 * ```ts
 * import { commandLine } from "./program.ts";
 * import assert from "node:assert/strict";
 *
 * const { values, positionals } = commandLine(["--serve"], { serve: { type: "boolean" } });
 * assert.deepEqual([values.serve, values.help, positionals], [true, false, []]);
 * assert.throws(() => commandLine(["more"]), RangeError);
 * ```
 */
export function commandLine<T extends Record<string, ParseArgsOptionDescriptor>>(
  args: string[],
  options: T = {} as T,
  most = 0,
) {
  const help = { type: "boolean", short: "h", default: false } as const;
  const parsed = parseArgs({ args, allowPositionals: true, options: { ...options, help } });
  if (parsed.positionals.length > most) {
    throw new InputError(`Unexpected argument '${parsed.positionals[most]}'`);
  }
  return parsed;
}

/** The sentence for an error that the user or the system caused; null for a bug. */
function userMessage(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (isExpected(error)) return error.message;
  const noMemory = memorySentence(error);
  if (noMemory !== undefined) return noMemory;
  // What the task's own permissions leave out, such as the network.
  if (error.name === "NotCapable") return error.message.replace(/, run again with .*/s, "");
  const { code, path } = error as NodeJS.ErrnoException;
  if (typeof code !== "string") return null;
  // What node:util's parseArgs() says, without its advice.
  if (code.startsWith("ERR_PARSE_ARGS_")) return error.message.split(". ")[0];
  if (!/^E[A-Z0-9]+$/.test(code)) return null;
  const place = path ?? placeIn(error.message);
  if (code === "ENOENT" && place !== undefined) return doesNotExist(place);
  const reason = REASONS[code] ?? error.message.replace(/^E\w+: /, "").split(/, | \(os error/)[0];
  return place === undefined ? reason : `${place}: ${reason}`;
}

/** The one sentence for a missing file, whoever notices that it is missing. */
export const doesNotExist = (path: string) => `${path} does not exist`;

/** The file that Deno's message names: "…: stat 'a'", "…: rename 'a' -> 'b'", "Failed to spawn 'a': …". */
function placeIn(message: string): string | undefined {
  const [, place] = /^Failed to spawn '(.*?)': /s.exec(message) ??
    /: \w+ '(?:.*' -> ')?(.*)'$/s.exec(message) ?? [];
  return place;
}

/** The system's most common errors in words. */
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
