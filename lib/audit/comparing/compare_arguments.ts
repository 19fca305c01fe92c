import { commandLine } from "../../boundary/command_line.ts";
import { InputError } from "../../boundary/input_error.ts";
import { COMMAND_OPTIONS, type CommandArguments, commandNumbers } from "../command_options.ts";

/** What the command line of `audit compare` asks for. */
export interface CompareArguments extends Omit<CommandArguments, "ids"> {
  a: string;
  b: string;
  minOverlap?: number;
  popularity?: string;
  idsOfA?: string;
  idsOfB?: string;
  html?: string;
}

/**
 * Reads the command line of `audit compare`.
 *
 * @throws {TypeError} If an option is unknown.
 * @throws {InputError} If one has an impossible value, or there are not two files.
 */
export function compareArguments(args: string[]): CompareArguments {
  const text = { type: "string" } as const;
  const { values: { "min-overlap": minOverlap, ids, "ids-b": idsOfB, ...values }, positionals } =
    commandLine(args, {
      ...COMMAND_OPTIONS,
      "min-overlap": text,
      popularity: text,
      "ids-b": text,
      html: text,
    }, Infinity);
  if (!values.help && positionals.length !== 2) {
    throw new InputError(`there must be two files to compare, there are ${positionals.length}`);
  }
  if (values.html === "-") throw new InputError("--html must be a file, only --json takes -");
  return {
    ...values,
    idsOfA: ids,
    idsOfB: idsOfB ?? ids,
    a: positionals[0],
    b: positionals[1],
    minOverlap: share("--min-overlap", minOverlap),
    ...commandNumbers(values),
  };
}

function share(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() !== "" && number >= 0 && number <= 1) return number;
  throw new InputError(`${name} must be a number between 0 and 1, current value is "${value}"`);
}
