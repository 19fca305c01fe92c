import { assertWritable } from "../../lib/audit/write_files.ts";
import { InputError } from "../../lib/io/program.ts";

/**
 * Throws unless a chart can be written to a file, before the minutes that it takes to measure it.
 *
 * @throws {InputError} If its name does not end in .png, or it cannot be written.
 */
export function assertChart(path: string): void {
  if (!path.endsWith(".png")) throw new InputError(`${path} must end in .png`);
  assertWritable([path], { force: true });
}
