import { InputError } from "../io/program.ts";

const text = { type: "string" } as const, off = { type: "boolean", default: false } as const;

/** The options that every command of the audit takes. */
export const COMMAND_OPTIONS = {
  force: off,
  json: text,
  vectors: text,
  ids: text,
  memory: text,
  sample: text,
  neighbors: text,
  seed: text,
} as const;

/** What the command line of any command of the audit asks for. */
export interface CommandArguments {
  help: boolean;
  /** Whether files that are not ours may be replaced. */
  force: boolean;
  json?: string;
  vectors?: string;
  ids?: string;
  memory?: number;
  sample?: number;
  neighbors?: number;
  seed?: string;
}

/**
 * Reads the numbers among {@linkcode COMMAND_OPTIONS}.
 *
 * @throws {InputError} If one is no integer, or too small.
 */
export function commandNumbers(
  { memory, sample, neighbors }: Partial<Record<"memory" | "sample" | "neighbors", string>>,
) {
  return {
    memory: integer("--memory", memory, 1),
    sample: integer("--sample", sample, 10),
    neighbors: integer("--neighbors", neighbors, 1),
  };
}

function integer(name: string, value: string | undefined, least: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && Number.isSafeInteger(number)) return number;
  throw new InputError(
    `${name} must be an integer of at least ${least}, current value is "${value}"`,
  );
}
