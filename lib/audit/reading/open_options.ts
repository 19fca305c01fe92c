import { assertKnown, assertNumber, assertString } from "../../check.ts";
import type { FullOpenOptions, OpenOptions } from "./embedding_file.ts";
import { DEFAULT_MEMORY } from "./memory_limit.ts";

/** Fills in the defaults of {@linkcode OpenOptions}, and checks them. */
export function openOptions(options: OpenOptions): FullOpenOptions {
  assertKnown("open embeddings", options, ["columns", "ids", "vectors", "memory"]);
  const { columns = [], ids, vectors, memory = DEFAULT_MEMORY } = options;
  if (!Array.isArray(columns) || columns.some((name) => typeof name !== "string")) {
    throw new TypeError("Cannot open embeddings: columns must be an array of strings");
  }
  for (const [name, value] of Object.entries({ ids, vectors })) {
    if (value !== undefined) assertString("open embeddings", name, value);
  }
  assertNumber("open embeddings", "memory", memory, { above: 0 });
  return { columns, ids, vectors, memory };
}
