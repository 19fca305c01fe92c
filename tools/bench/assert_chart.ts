import { InputError } from "../../lib/io/input_error.ts";
import { assertWritable } from "../../lib/audit/output.ts";

/**
 * Throws unless a chart can be written to a file, before the minutes that it takes to measure it.
 *
 * @throws {InputError} If its name does not end in .png, or it cannot be written.
 */
export function assertChart(path: string): void {
  if (!path.endsWith(".png")) throw new InputError(`${path} must end in .png`);
  assertWritable([path], { force: true });
}
