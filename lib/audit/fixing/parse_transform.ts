import { InputError } from "../input_error.ts";
import type { Correction } from "./correction.ts";

/**
 * Reads a correction that was written as JSON.
 *
 * @param text The text of transform.json.
 * @param name How to name it in an error.
 * @throws {InputError} If it is no JSON, of another version, or its parts do not fit each other.
 */
export function parseTransform(text: string, name: string): Correction {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError(`${name} is no JSON`);
  }
  const found = json as Correction | null;
  const refuse = (what: string): never => {
    throw new InputError(`${name} is no transform of audit fix: ${what}`);
  };
  if (typeof found !== "object" || found === null || Array.isArray(found)) {
    refuse("it must hold an object");
  }
  const { version, correction, dimensions: k, mean, scale, matrix, normalize } = found!;
  if (version !== 1) refuse(`version must be 1, it is ${JSON.stringify(version)}`);
  if (typeof correction !== "string") refuse("correction must be a text");
  if (!Number.isInteger(k) || k < 1) refuse("dimensions must be an integer of at least 1");
  if (typeof normalize !== "boolean") refuse("normalize must be true or false");
  for (const [part, list] of Object.entries({ mean, scale })) {
    if (list !== null && !isVector(list, k)) refuse(`${part} must be null or ${k} numbers`);
  }
  const width = matrix?.[0]?.length ?? 0;
  const fits = Array.isArray(matrix) && matrix.length === k && width > 0 &&
    matrix.every((row) => isVector(row, width));
  if (matrix !== null && !fits) refuse(`matrix must be null or ${k} rows of numbers`);
  return found!;
}

function isVector(list: unknown, length: number): boolean {
  return Array.isArray(list) && list.length === length && list.every((x) => Number.isFinite(x));
}
