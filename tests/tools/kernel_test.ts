import assert from "node:assert/strict";
import { eventually } from "../eventually.ts";
import { Kernel } from "../../tools/notebooks/kernel.ts";

const KERNEL = new URL("../../tools/notebooks/kernel.ts", import.meta.url).href;

/** Runs code in a process of its own, waits until it prints a line, and kills it with SIGKILL. */
async function killed(code: string, folder: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    env: { TMPDIR: folder },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
  child.kill("SIGKILL");
  await reader.cancel();
  await child.status;
  assert.ok(value !== undefined);
  return `${new TextDecoder().decode(value).trim()} ${files}`;
}

/** Whether a process runs; one that has ended and is not yet forgotten does not. */
async function runs(pid: string): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", pid] }).output();
  return /^[^Z\s]/.test(new TextDecoder().decode(stdout));
}

const onWindows = { ignore: Deno.build.os === "windows" };

Deno.test("a kernel in an endless loop ends when its runner is killed", onWindows, async () => {
  const folder = await Deno.makeTempDir();
  const pid = await killed(
    `import { Kernel } from "${KERNEL}";
    const kernel = await Kernel.start(".");
    let pid;
    await kernel.execute("Deno.pid", ({ content }) => pid ??= content.data?.["text/plain"]);
    kernel.execute("for (;;);", () => {});
    setTimeout(() => console.log(pid), 200);
    await kernel.lost;`,
    folder,
  );
  assert.match(pid, /^\d+ $/);
  await eventually("the kernel has ended", async () => !await runs(pid.trim()));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the connection file goes with the runner, too", onWindows, async () => {
  const folder = await Deno.makeTempDir();
  const files = await killed(
    `import { KernelProcess } from "${KERNEL}";
    const process = new KernelProcess(".");
    console.log("started");
    await process.ended;`,
    folder,
  );
  assert.match(files, /^started cosine-lab-kernel-.*\.json$/);
  await eventually("the file is gone", () => [...Deno.readDirSync(folder)].length === 0);
  await Deno.remove(folder);
});

Deno.test("Stop interrupts a busy cell, and the kernel keeps its state", async () => {
  const kernel = await Kernel.start(Deno.cwd());
  try {
    const shown: string[] = [];
    const run = (code: string, onStream = () => {}) =>
      kernel.execute(code, ({ header, content }) => {
        if (header.msg_type === "execute_result") shown.push(content.data["text/plain"]);
        if (header.msg_type === "stream") onStream();
      });
    await run("let kept = 41;");
    const { status } = await run(`console.log("begun"); for (;;);`, () => void kernel.interrupt());
    assert.equal(status, "error");
    assert.equal((await run("kept + 1")).status, "ok");
    // What a cell shows may arrive after its reply.
    await eventually("the cell has shown something", () => shown.length > 0);
    assert.match(shown.join(), /42/);
  } finally {
    await kernel.kill();
  }
});
