import { InputError } from "../../boundary/input_error.ts";
import type { Correction } from "./correction.ts";
import { correctionFault } from "./correction_fault.ts";

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
  const fault = correctionFault(json);
  if (fault !== undefined) throw new InputError(`${name} is no transform of audit fix: ${fault}`);
  return json as Correction;
}
