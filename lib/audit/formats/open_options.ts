import { InputError } from "../../boundary/input_error.ts";
import { assertKnown, assertNumber, assertString } from "../../check.ts";
import type { FullOpenOptions, OpenOptions } from "./embedding_file.ts";
import { DEFAULT_MEMORY } from "./memory_limit.ts";

/** Fills in the defaults of {@linkcode OpenOptions}, and checks them. */
export function openOptions(options: OpenOptions): FullOpenOptions {
  assertKnown("open embeddings", options, [
    "columns",
    "ids",
    "vectors",
    "memory",
    "header",
    "coordinates",
    "strict",
  ]);
  const { columns = [], ids, vectors, memory = DEFAULT_MEMORY, header, coordinates } = options;
  const { strict = false } = options;
  if (!Array.isArray(columns) || columns.some((name) => typeof name !== "string")) {
    throw new TypeError("Cannot open embeddings: columns must be an array of strings");
  }
  for (const [name, value] of Object.entries({ ids, vectors })) {
    if (value !== undefined) assertString("open embeddings", name, value);
  }
  assertNumber("open embeddings", "memory", memory, { above: 0 });
  for (const [name, value] of Object.entries({ header, strict })) {
    if (value !== undefined && typeof value !== "boolean") {
      throw new TypeError(`Cannot open embeddings: ${name} must be a boolean`);
    }
  }
  if (header !== undefined || coordinates !== undefined) {
    throw new InputError(
      "--header and --columns (header and coordinates) have no effect yet: remove from the file what is " +
        "no coordinate, and give it a line of names or none",
    );
  }
  const named = typeof coordinates === "string" ? [coordinates] : coordinates ?? [];
  if (!Array.isArray(named) || named.some((name) => typeof name !== "string")) {
    throw new TypeError(
      "Cannot open embeddings: coordinates must be an array of strings, or a range of columns",
    );
  }
  return { columns, ids, vectors, memory, header, coordinates, strict };
}
