import { commandLine } from "../../boundary/command_line.ts";
import { InputError } from "../../boundary/input_error.ts";
import { COMMAND_OPTIONS, type CommandArguments, commandNumbers } from "../command_options.ts";
import { CORRECTION_NAMES, parseCorrection } from "./correction_name.ts";

/** What the command line of `audit fix` asks for. */
export interface FixArguments extends CommandArguments {
  normalize: boolean;
  file: string;
  out: string;
  transform: string;
  apply?: string;
  labels?: string;
  pairs?: string;
  users?: string;
  interactions?: string;
  correction?: string;
}

/**
 * Reads the command line of `audit fix`.
 *
 * @throws {TypeError} If an option is unknown.
 * @throws {InputError} If one has an impossible value or does not go with another, there is no file,
 * or nothing says which correction to choose.
 */
export function fixArguments(args: string[]): FixArguments {
  const text = { type: "string" } as const;
  const { values, positionals } = commandLine(args, {
    ...COMMAND_OPTIONS,
    normalize: { type: "boolean", default: false },
    apply: text,
    labels: text,
    pairs: text,
    users: text,
    interactions: text,
    correction: text,
    out: text,
    transform: text,
  }, Infinity);
  const file = positionals[0] ?? "";
  const out = values.out ?? `${withoutExtension(file)}.fixed.npy`;
  if (!values.help) assertSensible(values, positionals, out);
  return {
    ...values,
    file,
    out,
    transform: values.transform ?? `${withoutExtension(out)}.transform.json`,
    ...commandNumbers(values),
  };
}

function assertSensible(
  values: Partial<Record<string, string | boolean>>,
  positionals: string[],
  out: string,
): void {
  if (positionals.length !== 1) {
    throw new InputError(`there must be one file to correct, there are ${positionals.length}`);
  }
  if (!/\.npy$/i.test(out)) {
    throw new InputError(`--out must end in .npy, current value is "${out}"`);
  }
  if (typeof values.correction === "string") parseCorrection(values.correction);
  const given = ["labels", "pairs", "correction", "apply"].filter((name) =>
    values[name] !== undefined
  );
  if (given.length === 0) {
    throw new InputError(
      "nothing says which correction is better: give --labels WHERE or --pairs FILE (two ids and an " +
        `optional weight a line), or name one by --correction: ${CORRECTION_NAMES}`,
    );
  }
  if (given.length > 1) {
    throw new InputError(`--${given[0]} and --${given[1]} cannot both be given`);
  }
  if (values.users !== undefined && values.interactions !== undefined) {
    throw new InputError("--users and --interactions cannot both be given");
  }
  if (values.apply === undefined) return;
  for (const name of ["users", "interactions", "transform", "normalize", "json"]) {
    if (values[name]) throw new InputError(`--${name} cannot be given with --apply`);
  }
}

/** A path without the end of its name. */
export function withoutExtension(path: string): string {
  return path.replace(/\.[^./\\]+$/, "");
}
