import assert from "node:assert/strict";
import { writeNpy } from "../audit/write_npy.ts";
import { withTemporaryFolder } from "../temporary_folder.ts";
import { assertHandled } from "./assert_handled.ts";
import { archiveFiles } from "./hostile/archive_files.ts";
import { npyFiles } from "./hostile/array_files.ts";
import { goodRows } from "./hostile/good_rows.ts";
import { writeHostile } from "./hostile/hostile_file.ts";
import { specialFiles } from "./hostile/special_files.ts";
import { csvFiles, jsonFiles } from "./hostile/text_files.ts";

const command = new URL("../../lib/audit/audit.ts", import.meta.url).pathname;
/** Files that would take gigabytes or minutes, and others that end a program in its usual ways. */
const SAMPLE: [name: string, line: RegExp][] = [
  ["vast columns.npy", /cut off/],
  ["bomb of 2 GB.npz", /unpacking it takes 2,000 MB, the limit/],
  ["bomb that says 1 kB.npz", /can be read/],
  ["1000000 columns.csv", /1,000,000 coordinates/],
  ["3 GB in a quote.csv", /more than/],
  ["3 GB of nothing.json", /takes 6,000 MB, the limit/],
  ["deep.json", /lists of numbers of one length/],
  ["loop.npy", /in a circle/],
  ["pipe.csv", /is not a file/],
  ["line\nend that is none.npy", /line\\nend that is none\.npy does not exist/],
];

Deno.test("hostile files: the program ends in one line and code 2", async () => {
  await withTemporaryFolder(async (folder) => {
    const files = [npyFiles, archiveFiles, csvFiles, jsonFiles, specialFiles]
      .flatMap((files) => files("hostile processes"));
    const good = `${folder}/good.npy`;
    writeNpy(good, goodRows("good"));
    let tried = 0;
    const run = (code: number, ...args: string[]) => {
      const ended = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", command, ...args],
        env: { NO_COLOR: "1" },
      }).outputSync();
      const [stdout, stderr] = [ended.stdout, ended.stderr].map((b) => new TextDecoder().decode(b));
      assert.equal(ended.code, code, `${args.join(" ")}: ${stderr}`);
      tried++;
      return { stdout, stderr };
    };
    for (const [i, [name, line]] of SAMPLE.entries()) {
      const file = files.find((file) => file.name === name)!;
      const path = `${folder}/${name}`;
      await writeHostile(file, path);
      const args =
        [[path], ["compare", good, path], ["fix", path, "--correction", "center"]][i % 3];
      const { stdout, stderr } = run(2, ...args);
      assert.equal(stdout, "");
      assert.match(stderr, /^audit( compare| fix)?: [^\n]+\n$/);
      assert.match(stderr, line);
    }
    assert.equal(run(0, good, "--json", "/dev/null").stderr, "");
    assert.match(
      run(1, good, "--fail-on", "undetermined").stderr,
      /^audit: --fail-on names [^\n]+\n$/,
    );
    assertHandled("hostile files to the program, as a process", tried, tried);
  });
});
