import assert from "node:assert/strict";
import { withTemporaryFolder } from "../temporary_folder.ts";
import { commandLines, writeGoodFiles } from "./hostile/command_lines.ts";
import { snapshot } from "./hostile/snapshot.ts";
import { Trials } from "./hostile/trials.ts";

Deno.test("hostile command lines: options and outputs that cannot be are refused, and no input changes", async () => {
  await withTemporaryFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/in`);
    const path = writeGoodFiles(`${folder}/in`);
    const before = snapshot(`${folder}/in`);
    const trials = new Trials(`${folder}/out`);
    for (const { args, outcome } of commandLines(path, trials.out)) {
      await trials.run(outcome === "read" ? [...args, ...trials.report] : args, outcome);
    }
    trials.assertHandled("hostile options and outputs");
    assert.deepEqual(snapshot(`${folder}/in`), before);
  });
});
