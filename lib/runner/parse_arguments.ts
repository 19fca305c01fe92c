import { parseArgs } from "node:util";

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
 * @throws {RangeError} If an option is unknown or has an impossible value.
 */
export function parseArguments(args: string[]): ReproduceArguments {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h", default: false },
        check: { type: "boolean", default: false },
        timeout: { type: "string", default: "600" },
      },
    });
  } catch (error) {
    throw new RangeError((error as Error).message.split(". ")[0]);
  }
  const timeout = Number(parsed.values.timeout);
  if (!(timeout > 0 && timeout <= 1e6)) {
    throw new RangeError(
      "--timeout must be a number of seconds above 0 and at most 1000000, " +
        `current value is "${parsed.values.timeout}"`,
    );
  }
  const { help, check } = parsed.values;
  return { help, check, timeout, paths: parsed.positionals };
}
