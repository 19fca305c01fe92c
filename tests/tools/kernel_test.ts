import assert from "node:assert/strict";
import { join } from "node:path";
import { Kernel, KERNEL_ENVIRONMENT } from "../../tools/notebooks/kernel.ts";
import { decodeMessage, encodeRequest, ZmtpSocket } from "../../tools/notebooks/zmtp.ts";
import { eventually } from "../eventually.ts";
import { runTask } from "../task.ts";

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

/** Listens on a free port, and answers the one who connects with some bytes. */
async function withListener(answer: Uint8Array, test: (port: number) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = listener.accept().then(async (connection) => {
    await connection.write(answer);
    return connection;
  });
  try {
    await test((listener.addr as Deno.NetAddr).port);
  } finally {
    (await served).close();
    listener.close();
  }
}

/** The greeting and the READY command of a peer, and a message with a short and a long frame. */
function peer(): Uint8Array {
  const long = new Uint8Array(300).fill(7);
  const bytes = new Uint8Array(64 + 8 + 4 + 9 + long.length);
  bytes.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, ...new TextEncoder().encode("NULL")]);
  bytes.set([4, 6, 5, ...new TextEncoder().encode("READY")], 64);
  bytes.set([1, 2, 5, 6], 72);
  bytes.set([2, 0, 0, 0, 0, 0, 0, 1, 44], 76);
  bytes.set(long, 85);
  return bytes;
}

Deno.test("a socket receives messages of short and long frames until it is closed", async () => {
  await withListener(peer(), async (port) => {
    const socket = await ZmtpSocket.connect(port, "SUB");
    const messages: number[][] = [];
    for await (const frames of socket) {
      messages.push(frames.map((frame) => frame.length));
      socket.close();
    }
    assert.deepEqual(messages, [[2, 300]]);
  });
});

Deno.test("a socket does not talk to something that is no ZeroMQ peer", async () => {
  await withListener(
    new TextEncoder().encode("HTTP/1.1 400 Bad Request".padEnd(64)),
    async (port) => {
      await assert.rejects(ZmtpSocket.connect(port, "DEALER"), /something else listens/);
    },
  );
});

Deno.test("a socket says that a message is in the middle of another one", async () => {
  for (const garbled of [[120, 120], [2, 0x69, 0x65, 0x6e, 0x74, 0x22, 0x3a, 0x7b, 0x7d]]) {
    const bytes = peer();
    bytes.set(garbled, 76);
    await withListener(bytes, async (port) => {
      const socket = await ZmtpSocket.connect(port, "SUB");
      await assert.rejects(socket[Symbol.asyncIterator]().next(), /into the middle of another one/);
      socket.close();
    });
  }
});

const bytes = (frames: string[]) => frames.map((frame) => new TextEncoder().encode(frame));

Deno.test("a message survives encoding, with a routing prefix before it", () => {
  const frames = bytes(["topic", ...encodeRequest("key", "s", "execute_request", { code: "é" })]);
  const message = decodeMessage("key", frames);
  assert.equal(message?.content.code, "é");
  assert.equal(message?.header.session, "s");
});

Deno.test("a message with another key, or cut short, is not listened to", () => {
  const frames = bytes(encodeRequest("key", "s", "execute_request", {}));
  assert.equal(decodeMessage("other", frames), undefined);
  assert.equal(decodeMessage("key", frames.slice(0, 4)), undefined);
  assert.equal(decodeMessage("key", []), undefined);
});

const lab = (path: string, ...args: string[]) =>
  runTask("lab", args, { env: { PATH: path, JUPYTER_PATH: "others" } });

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "lab-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("where there is no Jupyter, lab says in one line how to get one", async () => {
  await withFolder(async (folder) => {
    const { code, stderr } = await lab(folder);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^lab: no Jupyter is installed; get one with `pipx install jupyterlab`.*\n$/,
    );
  });
});

Deno.test({
  name: "lab hands its arguments on and registers this Deno for that Jupyter alone",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFolder(async (folder) => {
      const script = `#!/bin/sh
if [ "$1" = --version ]; then exit 0; fi
echo "$@"
echo "$JUPYTER_PATH"
while read -r line; do echo "$line"; done < "\${JUPYTER_PATH%%:*}/kernels/deno/kernel.json"
exit 7
`;
      await Deno.writeTextFile(join(folder, "jupyter-notebook"), script, { mode: 0o755 });
      const { code, stdout } = await lab(folder, "--no-browser", "a b");
      const [args, path, ...spec] = stdout.trimEnd().split("\n");
      assert.equal(code, 7);
      assert.equal(args, "--no-browser a b");
      const [own, others] = path.split(":");
      assert.equal(others, "others");
      const { argv, env, interrupt_mode } = JSON.parse(spec.join("\n"));
      assert.equal(interrupt_mode, "message", "Jupyter's Stop ends the kernel");
      assert.deepEqual(argv.slice(0, 3), [Deno.execPath(), "jupyter", "--kernel"]);
      assert.deepEqual(env, KERNEL_ENVIRONMENT);
      await assert.rejects(Deno.stat(own), Deno.errors.NotFound);
    });
  },
});
