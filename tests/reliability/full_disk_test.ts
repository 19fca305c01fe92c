import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { clustered } from "../audit/table_files.ts";
import { writeNpy } from "../audit/write_npy.ts";
import { notebookOf } from "../tools/notebooks.ts";
import { withTemporaryFolder } from "../folder.ts";
import { assertHandled } from "./assert_handled.ts";
import type { FullDisk } from "./full_disk.ts";

/** Runs a command where this user may mount disks that nobody else sees. */
function unshared(...args: string[]): Deno.CommandOutput | undefined {
  try {
    return new Deno.Command("unshare", { args: ["-rm", ...args] }).outputSync();
  } catch {
    return undefined;
  }
}

const canMount = unshared("mount", "-t", "tmpfs", "tmpfs", "/mnt")?.success === true;

Deno.test({
  name: canMount
    ? "full disk: what writes ends in one line, and every file is as it was"
    : "full disk: not tried, because no disk can be mounted here",
  ignore: !canMount,
  async fn() {
    await withTemporaryFolder((folder) => {
      const [inputs, disk] = [`${folder}/inputs`, `${folder}/disk`];
      for (const path of [inputs, disk]) Deno.mkdirSync(path);
      const vectors = clustered({ items: 60, dimensions: 6, seed: "full" }).to2DArray();
      writeNpy(`${inputs}/x.npy`, vectors);
      for (const name of ["old.html", "old.json", "old.npy"]) {
        Deno.writeTextFileSync(`${inputs}/${name}`, "old");
      }
      const notebook = JSON.stringify(notebookOf([`console.log("a");`]));
      Deno.writeTextFileSync(`${inputs}/a.ipynb`, notebook);
      const script = fileURLToPath(new URL("./full_disk.ts", import.meta.url));
      const deno = [Deno.execPath(), "run", "-A", "--no-check", script];
      const { success, stdout, stderr } = unshared(...deno, inputs, disk)!;
      assert(success, new TextDecoder().decode(stderr));
      const found: FullDisk = JSON.parse(new TextDecoder().decode(stdout));
      assert.deepEqual(found.after, found.before);
      const ended = Object.values(found.ended);
      for (const { stderr } of ended) assert.match(stderr, /no space left/i);
      const handled = ended.filter(({ code, stderr }) => code === 2 && /^[^\n]+\n$/.test(stderr));
      assert.match(
        found.warnings.join("\n"),
        /^The training is not kept for next time: .*no space/i,
      );
      // The start, and two more.
      assert.equal(found.epochs, 3);
      assertHandled("writing to a full disk", ended.length + 1, handled.length + 1);
    });
  },
});
