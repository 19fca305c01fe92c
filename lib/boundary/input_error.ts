import { printable } from "./printable.ts";

/**
 * What is wrong with a file or an argument that a person gave; its message is for that person, and
 * one line, whatever names and texts it quotes.
 */
export class InputError extends RangeError {
  override readonly name = "InputError";

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}
