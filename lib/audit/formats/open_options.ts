import { anything, checkedOptions, flag, number, optional, text } from "../../check.ts";
import type { FullOpenOptions, OpenOptions } from "./embedding_file.ts";
import { DEFAULT_MEMORY } from "./memory_limit.ts";

const ACTION = "open embeddings";

/** Fills in the defaults of {@linkcode OpenOptions}, and checks them. */
export function openOptions(options: OpenOptions): FullOpenOptions {
  const checked = checkedOptions(ACTION, options, {
    columns: anything<readonly string[]>([]),
    ids: optional(text()),
    vectors: optional(text()),
    memory: number({ above: 0 }, Infinity, DEFAULT_MEMORY),
    header: optional(flag(false)),
    coordinates: anything<readonly string[] | string>(),
    strict: flag(false),
    parquetWasm: anything<FullOpenOptions["parquetWasm"]>(),
  });
  if (!areStrings(checked.columns)) {
    throw new TypeError(`Cannot ${ACTION}: columns must be an array of strings`);
  }
  const { coordinates = [] } = checked;
  if (typeof coordinates !== "string" && !areStrings(coordinates)) {
    throw new TypeError(
      `Cannot ${ACTION}: coordinates must be an array of strings, or a range of columns`,
    );
  }
  return checked;
}

function areStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
