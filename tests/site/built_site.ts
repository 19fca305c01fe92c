import assert from "node:assert/strict";
import { join } from "node:path";
import { programOf } from "../task.ts";

// It is built beside the folder that it then takes the place of.
const parent = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(parent, { recursive: true }));

/** The folder of the site, built once for all tests. */
export const folder = join(parent, "site");

// In a process that has the permissions of the task, but writes elsewhere.
const { success, stderr } = new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "--no-check", ...programOf("site").options],
    ...[`--allow-read=${parent}`, `--allow-write=${parent}`, "tests/site/build_into.ts", folder],
  ],
}).outputSync();
assert(success, new TextDecoder().decode(stderr));
