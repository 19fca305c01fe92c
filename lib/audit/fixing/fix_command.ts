import { InputError } from "../input_error.ts";

/**
 * Corrects embeddings: `audit fix FILE`.
 *
 * @param args What follows the word `fix`.
 * @returns The exit code.
 */
export function fixCommand(_args: string[]): number {
  throw new InputError("fix cannot be used yet");
}
