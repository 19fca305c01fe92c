/** What is wrong with a file or an argument that a person gave; its message is for that person. */
export class InputError extends RangeError {
  override readonly name = "InputError";
}
