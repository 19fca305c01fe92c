import { InputError } from "../../lib/io/input_error.ts";
import { commandLine } from "../../lib/io/program.ts";

/** What the command line of `reproduce` asks for. */
export interface ReproduceArguments {
  help: boolean;
  check: boolean;
  /** Seconds for one cell. */
  timeout: number;
  /** How many notebooks run at once. */
  jobs: number;
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
    jobs: { type: "string" },
  }, Infinity);
  const { help, check = false, timeout = "600", jobs = String(usualJobs()) } = values;
  const seconds = Number(timeout);
  if (!(seconds > 0 && seconds <= 1e6)) {
    throw new InputError(
      "--timeout must be a number of seconds above 0 and at most 1000000, " +
        `current value is "${timeout}"`,
    );
  }
  if (!(/^\d{1,3}$/.test(jobs) && Number(jobs) >= 1)) {
    throw new InputError(`--jobs must be an integer from 1 to 999, current value is "${jobs}"`);
  }
  return { help, check, timeout: seconds, jobs: Number(jobs), paths: positionals };
}

/**
 * Two, where there are two cores: most of the time a cell keeps one of them busy. A kernel takes up to a
 * gigabyte, so that it is not one for each core.
 */
const usualJobs = () => Math.min(2, navigator.hardwareConcurrency);
