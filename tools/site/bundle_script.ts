import { InputError } from "../../lib/io/input_error.ts";

/**
 * Bundles a module and all that it imports into one file for browsers.
 *
 * @param source The path of the module.
 * @param target Where to write it.
 * @throws {InputError} If it cannot be bundled.
 */
export function bundleScript(source: string, target: string): void {
  const { success, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "browser", "--minify", "--output", target, source],
  }).outputSync();
  if (success) return;
  throw new InputError(`Cannot bundle ${source}: ${new TextDecoder().decode(stderr).trim()}`);
}
