import assert from "node:assert/strict";
import { withTemporaryFolder } from "../folder.ts";
import { assertHandled } from "../reliability/program.ts";
import { programOf, runTask, tasks } from "../task.ts";

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

/** The tasks that run with all permissions, and need them; docs/reliability.md says why. */
const ALL = ["audit-picture", "bench", "test"];

const names = Object.keys(tasks);

Deno.test("permissions: docs/reliability.md states those of each task", () => {
  const page = Deno.readTextFileSync("docs/reliability.md");
  const rows = [...page.matchAll(/^\| `([a-z1-]+)` +\| (.*?) +\| (.*?) +\|$/gm)];
  assert.deepEqual(rows.map(([, name]) => name).sort(), names.sort());
  for (const [, name, stated, why] of rows) {
    const allowed = programOf(name).options.filter((option) => /^(-A$|--allow-)/.test(option));
    assert.deepEqual(
      [...stated.matchAll(/`([^`]*)`/g)].map(([, flag]) => flag),
      allowed.map((option) => option === "-A" ? "all" : option.replace("--allow-", "")),
      name,
    );
    assert(why.length > 20, name);
  }
});

Deno.test("permissions: no task asks, and only those that need them have all", () => {
  for (const name of names) {
    const { options } = programOf(name);
    assert.equal(options.includes("-A"), ALL.includes(name), name);
    if (ALL.includes(name)) continue;
    assert(options.includes("--no-prompt") && options.includes("--no-remote"), name);
    for (const net of options.filter((option) => option.startsWith("--allow-net"))) {
      assert.equal(net, "--allow-net=127.0.0.1", name);
    }
  }
});

/** Tries what a program must not do, with the permissions of a task. */
async function attempts(task: string): Promise<Record<string, string>> {
  return await withTemporaryFolder(async (folder) => {
    const program = `${folder}/attempts.ts`;
    Deno.writeTextFileSync(
      program,
      `const attempts = {
        fetch: () => fetch("http://127.0.0.1:9999/"),
        connect: () => Deno.connect({ hostname: "127.0.0.1", port: 1 }),
        listen: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
        resolve: () => Deno.resolveDns("localhost", "A"),
        import: () => import("https://deno.land/x/none.ts".trim()),
        run: () => new Deno.Command("true").outputSync(),
        runSelf: () => new Deno.Command(Deno.execPath(), { args: ["-V"] }).outputSync(),
        environment: () => Deno.env.get("HOME"),
        addOn: () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}),
      };
      const ended = {};
      for (const [name, attempt] of Object.entries(attempts)) {
        try {
          await attempt();
          ended[name] = "allowed";
        } catch (error) {
          ended[name] = error.name + ": " + error.message;
        }
      }
      console.log(JSON.stringify(ended));`,
    );
    const { options } = programOf(task);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", ...options, program],
    }).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    return JSON.parse(new TextDecoder().decode(stdout));
  });
}

Deno.test("permissions: the audit reaches no network, runs no program, sees no environment", async () => {
  const ended = await attempts("audit");
  assert.equal(Object.keys(ended).length, 9);
  for (const [name, how] of Object.entries(ended)) {
    assert.match(how, /^NotCapable: Requires |--no-remote is specified/, `${name}: ${how}`);
  }
});

Deno.test("permissions: picture may read the notebook and write the picture, and nothing else", async () => {
  const { code, stderr } = await runTask("picture", [], { without: "write" });
  assert.equal(code, 2);
  assert.match(stderr, /^picture: Requires write access to "notebooks\/\S+"\n$/);
});

Deno.test("permissions: pack runs with its own alone", async () => {
  await withTemporaryFolder(async (folder) => {
    const tarball = `${folder}/package.tgz`;
    assert.deepEqual(await runTask("pack", [tarball]), { code: 0, stdout: "", stderr: "" });
    assert(Deno.statSync(tarball).size > 100_000);
  });
});
