import { commandLine, InputError } from "../io/program.ts";
import { FLAGS } from "./measures/measures.ts";
import { LEVELS } from "./verdict.ts";
import { COMMAND_OPTIONS, type CommandArguments, commandNumbers } from "./command_options.ts";
import { type DeclaredTraining, TRAININGS } from "./measures/free_group.ts";

/** What the command line of `audit` asks for. */
export interface AuditArguments extends CommandArguments {
  file: string;
  users?: string;
  userCounts?: string;
  labels?: string;
  popularity?: string;
  queries?: string;
  pairs?: string;
  trained?: DeclaredTraining;
  biases: boolean;
  /** Levels and flags. */
  failOn: string[];
  html?: string;
}

/**
 * Reads the command line of `audit`.
 *
 * @throws {TypeError} If an option is unknown.
 * @throws {InputError} If one has an impossible value, or there is no file.
 */
export function parseAuditArguments(args: string[]): AuditArguments {
  const text = { type: "string" } as const;
  const { values, positionals } = commandLine(args, {
    ...COMMAND_OPTIONS,
    users: text,
    "user-counts": text,
    labels: text,
    popularity: text,
    queries: text,
    pairs: text,
    trained: text,
    biases: { type: "boolean", default: false },
    "fail-on": text,
    html: text,
  }, Infinity);
  const { "user-counts": userCounts, "fail-on": failOn, ...rest } = values;
  if (!values.help && positionals.length !== 1) {
    throw new InputError(
      positionals.length === 0
        ? "there must be a file to audit"
        : `there must be one file to audit, there are ${positionals.length}: ${
          positionals.join(", ")
        }`,
    );
  }
  if (values.html === "-") throw new InputError("--html must be a file, only --json takes -");
  for (const [option, needed] of [["pairs", "queries"], ["user-counts", "users"]] as const) {
    if (values[option] !== undefined && values[needed] === undefined) {
      throw new InputError(`--${option} must come with --${needed}`);
    }
  }
  return {
    ...rest,
    userCounts,
    file: positionals[0],
    trained: oneOf("--trained", values.trained, TRAININGS),
    failOn: failOn === undefined
      ? []
      : failOn.split(",").map((word) => oneOf("--fail-on", word.trim(), [...LEVELS, ...FLAGS])!),
    ...commandNumbers(values),
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
