import { parseArgs } from "node:util";
import type { DeclaredTraining } from "./audit_options.ts";
import { InputError } from "./input_error.ts";

/** What the command line of `audit` asks for. */
export interface AuditArguments {
  help: boolean;
  file: string;
  users?: string;
  labels?: string;
  popularity?: string;
  ids?: string;
  trained?: DeclaredTraining;
  html?: string;
  json?: string;
  vectors?: string;
  memory?: number;
  sample?: number;
  neighbors?: number;
  seed?: string;
}

/**
 * Reads the command line of `audit`.
 *
 * @throws {InputError} If an option is unknown or has an impossible value, or there is no file.
 */
export function parseAuditArguments(args: string[]): AuditArguments {
  const text = { type: "string" } as const;
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h", default: false },
        users: text,
        labels: text,
        popularity: text,
        ids: text,
        trained: text,
        html: text,
        json: text,
        vectors: text,
        memory: text,
        sample: text,
        neighbors: text,
        seed: text,
      },
    });
  } catch (error) {
    throw new InputError((error as Error).message.split(". ")[0]);
  }
  const { values, positionals } = parsed;
  if (!values.help && positionals.length !== 1) {
    throw new InputError(
      positionals.length === 0
        ? "there must be a file to audit"
        : `there must be one file to audit, there are ${positionals.length}: ${
          positionals.join(", ")
        }`,
    );
  }
  return {
    ...values,
    help: values.help,
    file: positionals[0],
    trained: oneOf("--trained", values.trained, ["product", "factors", "cosine", "unknown"]),
    memory: integer("--memory", values.memory, 1),
    sample: integer("--sample", values.sample, 10),
    neighbors: integer("--neighbors", values.neighbors, 1),
  };
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined || allowed.includes(value as T)) return value as T | undefined;
  throw new InputError(
    `${name} must be ${allowed.slice(0, -1).join(", ")} or ${
      allowed.at(-1)
    }, current value is "${value}"`,
  );
}

function integer(name: string, value: string | undefined, least: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() !== "" && Number.isInteger(number) && number >= least) return number;
  throw new InputError(
    `${name} must be an integer of at least ${least}, current value is "${value}"`,
  );
}
