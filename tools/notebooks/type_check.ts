import { stripVTControlCharacters } from "node:util";
import { InputError } from "../../lib/io/input_error.ts";

/** One complaint of the type checker. */
export interface Diagnostic {
  /** The file it is about; a URL. */
  file: string;
  /** Counted from 1. */
  line: number;
  message: string;
}

// "Declared but never used", in its variants: a cell may well show what a later reader picks up.
const UNUSED = /^TS(?:6133|6138|6192|6196|6198|6199) /;

/**
 * Type-checks the modules of one folder with `deno check` and the `deno.json` that holds there.
 *
 * @param files Their names in the folder.
 * @throws {InputError} If the check fails for a reason that is not about a place in a module.
 */
export async function typeCheck(folder: string, files: readonly string[]): Promise<Diagnostic[]> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", ...files.map((file) => `./${file}`)],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return [];
  const said = stripVTControlCharacters(new TextDecoder().decode(stderr)).trim();
  const diagnostics = parseDiagnostics(said);
  if (diagnostics.length === 0) throw new InputError(`Cannot check ${folder}: ${said}`);
  return diagnostics.filter(({ message }) => !UNUSED.test(message));
}

/** The complaints in what `deno check` prints: each ends in a line with the place. */
export function parseDiagnostics(said: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  let message: string[] = [];
  for (const line of said.split("\n")) {
    const place = /^\s+at (file:.*):(\d+):\d+$/.exec(line);
    if (place === null) {
      if (line.trim() !== "") message.push(line);
      continue;
    }
    const start = Math.max(0, message.findIndex((text) => /^(?:TS\d+ \[|error: )/.test(text)));
    // The line of code and the marks under it say nothing that the place does not.
    const marks = message.findLastIndex((text) => /^[\s|]*[~^]+\s*$/.test(text));
    const text = message.slice(start, marks > start ? marks - 1 : undefined)
      .filter((line) => line.trim() !== "|").join("\n");
    if (text !== "") diagnostics.push({ file: place[1], line: Number(place[2]), message: text });
    message = [];
  }
  return diagnostics;
}
