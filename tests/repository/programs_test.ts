import assert from "node:assert/strict";
import { withTemporaryFolder } from "../folder.ts";
import { assertHandled } from "../reliability/assert_handled.ts";
import { runTask, tasks } from "../task.ts";

/** What is typed wrongly, and what the one line says; `FOLDER` has a folder, a text and a pipe. */
const WRONG: Record<string, [string[], RegExp][]> = {
  reproduce: [
    [["nowhere.ipynb"], /nowhere\.ipynb does not exist/],
    [["no\u001b[31m\nwhere"], /no\\u001b\[31m\\nwhere does not exist/],
    [["n".repeat(300)], /the name is too long/],
    [["FOLDER/loop.ipynb"], /its symbolic links go in a circle/],
    [["FOLDER/pipe"], /Cannot read .*pipe: it is not a file/],
  ],
  check: [
    [["--chekc"], /Unknown option '--chekc'/],
    [["FOLDER/text"], /Cannot read .*text: it is no JSON/],
  ],
  figure1: [[["a.txt"], /the name of the picture must end with \.png/]],
  lab: [],
  site: [
    [["--port", "abc", "--serve"], /--port must be between 0 and 65535, current value is "abc"/],
    [["--repository", "x"], /--repository must be the owner and the name, such as "owner\/name"/],
  ],
  pack: [
    [["a.tgz", "b.tgz"], /Unexpected argument 'b\.tgz'/],
    [["README.md"], /README\.md must end in \.tgz/],
    [["FOLDER/folder.tgz"], /folder\.tgz: this is a folder/],
  ],
  picture: [[["--ful"], /Unknown option '--ful'/]],
  "audit-picture": [[["more"], /Unexpected argument 'more'/]],
  structure: [[["more"], /Unexpected argument 'more'/]],
  docs: [[["more"], /Unexpected argument 'more'/]],
  build: [[["more"], /Unexpected argument 'more'/]],
  bench: [
    [["x"], /The rounds must be an integer of at least 1, current value is "x"/],
  ],
  growth: [[["FOLDER/none/a.png"], /cannot be written: there is no folder/]],
};

Deno.test("programs: each that there is answers what is typed wrongly in one line, and code 2", async () => {
  // The audit's own tests type wrongly, and `test` is Deno's.
  const programs = Object.keys(tasks).filter((name) => !["audit", "test"].includes(name));
  assert.deepEqual(Object.keys(WRONG).sort(), programs.sort());
  let handled = 0;
  await withTemporaryFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/folder.tgz`);
    Deno.writeTextFileSync(`${folder}/text`, "text");
    Deno.symlinkSync("loop.ipynb", `${folder}/loop.ipynb`);
    assert((await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output()).success);
    for (const [program, cases] of Object.entries(WRONG)) {
      await Promise.all(cases.map(async ([args, expected]) => {
        const typed = args.map((arg) => arg.replace("FOLDER", folder));
        const { code, stdout, stderr } = await runTask(program, typed);
        assert.deepEqual([code, stdout], [2, ""], `${program} ${typed}: ${stderr}`);
        assert.match(stderr, /^[a-z1-]+: [^\n]+\n$/);
        assert(stderr.startsWith(`${program}: `));
        assert.match(stderr, expected);
        handled++;
      }));
    }
  });
  const tried = Object.values(WRONG).flat().length;
  assertHandled("wrong command lines of all programs but the audit", tried, handled);
});

Deno.test("every kernel that is committed is what its source compiles to", async () => {
  // A kernel that is not would have to be written.
  const { code, stdout, stderr } = await runTask("build", [], { without: "write" });
  assert.deepEqual([code, stderr], [0, ""], "run `deno task build`");
  const [, kernels] = /^(\d+) kernels, 0 of them changed\n$/.exec(stdout)!;
  assert(Number(kernels) >= 4);
});
