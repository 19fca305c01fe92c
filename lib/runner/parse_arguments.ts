import { commandLine } from "../boundary/command_line.ts";
import { InputError } from "../boundary/input_error.ts";

/** What the command line of `reproduce` asks for. */
export interface ReproduceArguments {
  help: boolean;
  check: boolean;
  /** Seconds for one cell. */
  timeout: number;
  paths: string[];
}

/**
 * Reads the command line of `reproduce`.
 *
 * @throws {TypeError} If an option is unknown.
 * @throws {InputError} If one has an impossible value.
 */
export function parseArguments(args: string[]): ReproduceArguments {
  const { values, positionals } = commandLine(args, {
    check: { type: "boolean" },
    timeout: { type: "string" },
  }, Infinity);
  const { help = false, check = false, timeout = "600" } = values;
  const seconds = Number(timeout);
  if (!(seconds > 0 && seconds <= 1e6)) {
    throw new InputError(
      "--timeout must be a number of seconds above 0 and at most 1000000, " +
        `current value is "${timeout}"`,
    );
  }
  return { help, check, timeout: seconds, paths: positionals };
}
