import { parseArgs } from "node:util";
import { InputError } from "../../boundary/input_error.ts";

/** What the command line of `audit compare` asks for. */
export interface CompareArguments {
  help: boolean;
  force: boolean;
  a: string;
  b: string;
  minOverlap?: number;
  popularity?: string;
  idsOfA?: string;
  idsOfB?: string;
  html?: string;
  json?: string;
  vectors?: string;
  memory?: number;
  neighbors?: number;
  sample?: number;
  seed?: string;
}

/**
 * Reads the command line of `audit compare`.
 *
 * @throws {TypeError} If an option is unknown.
 * @throws {InputError} If one has an impossible value, or there are not two files.
 */
export function compareArguments(args: string[]): CompareArguments {
  const text = { type: "string" } as const, off = { type: "boolean", default: false } as const;
  const parsed = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: { ...off, short: "h" },
      force: off,
      "min-overlap": text,
      popularity: text,
      ids: text,
      "ids-b": text,
      html: text,
      json: text,
      vectors: text,
      memory: text,
      neighbors: text,
      sample: text,
      seed: text,
    },
  });
  const { values: { "min-overlap": minOverlap, ids, "ids-b": idsOfB, ...values }, positionals } =
    parsed;
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
    minOverlap: number("--min-overlap", minOverlap, "between 0 and 1", (x) => x >= 0 && x <= 1),
    memory: integer("--memory", values.memory, 1),
    neighbors: integer("--neighbors", values.neighbors, 1),
    sample: integer("--sample", values.sample, 10),
  };
}

function number(
  name: string,
  value: string | undefined,
  what: string,
  allowed: (x: number) => boolean,
): number | undefined {
  if (value === undefined) return undefined;
  if (value.trim() !== "" && allowed(Number(value))) return Number(value);
  throw new InputError(`${name} must be a number ${what}, current value is "${value}"`);
}

function integer(name: string, value: string | undefined, least: number): number | undefined {
  const allowed = (x: number) => Number.isInteger(x) && x >= least;
  return number(name, value, `without a fraction and of at least ${least}`, allowed);
}
