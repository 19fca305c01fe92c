import { InputError } from "../input_error.ts";

/**
 * Compares the embeddings of two runs: `audit compare A B`.
 *
 * @param args What follows the word `compare`.
 * @returns The exit code.
 */
export function compareCommand(_args: string[]): number {
  throw new InputError("compare cannot be used yet");
}
