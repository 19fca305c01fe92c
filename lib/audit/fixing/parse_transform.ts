import { InputError } from "../../boundary/input_error.ts";
import type { Correction } from "./correction.ts";
import { correctionFault } from "./correction_fault.ts";

/**
 * Takes what transform.json holds for a correction.
 *
 * @param json What was parsed.
 * @param name How to name it in an error.
 * @throws {InputError} If it is of another version, or its parts do not fit each other.
 */
export function parseTransform(json: unknown, name: string): Correction {
  const fault = correctionFault(json);
  if (fault !== undefined) throw new InputError(`${name} is no transform of audit fix: ${fault}`);
  return json as Correction;
}
