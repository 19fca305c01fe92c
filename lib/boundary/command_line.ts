import { parseArgs, type ParseArgsOptionDescriptor } from "node:util";
import { InputError } from "./input_error.ts";

/**
 * Reads the command line of a program, whose options all take no value or a text; `--help` is one of
 * any program's.
 *
 * @param args The command line.
 * @param options The options that there are.
 * @param most How many arguments there may be besides them.
 * @throws {TypeError} If an option is unknown, or lacks its value.
 * @throws {InputError} If there are more arguments.
 *
 * @example
 * ```ts
 * import { commandLine } from "./command_line.ts";
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
