import { InputError } from "../io/input_error.ts";

/**
 * Norms whose second moments are numbers, and so are ratios and squares of these: those of any
 * embeddings that are stored as float32, but for the very edges.
 */
const [LEAST, MOST] = [1e-30, 1e30];

/**
 * Throws unless rows are neither too long nor too short for what is computed of their squares. What
 * compares two sides of a model cannot scale one of them and be silent: how long they are matters.
 *
 * @param what How to name the rows in an error: "items" or "users".
 * @param norms The norm of each row.
 * @throws {InputError} If the longest is out of bounds.
 */
export function assertScale(what: string, norms: Float64Array): void {
  let longest = 0;
  for (const norm of norms) longest = Math.max(longest, norm);
  if (longest >= LEAST && longest <= MOST) return;
  throw new InputError(
    `the longest of the ${what} must have a norm between ${LEAST} and ${MOST}, current value is ` +
      `${longest.toPrecision(3)}: scale them first`,
  );
}
