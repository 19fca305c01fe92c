import { KERNEL_ENVIRONMENT } from "./kernel_environment.ts";
import { tmpdir } from "node:os";
import { type Temporary, temporaryFile } from "../../lib/io/files.ts";

/** The ports and the key that a kernel and its client share: the content of a connection file. */
export interface Connection {
  ip: string;
  transport: "tcp";
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  key: string;
  signature_scheme: "hmac-sha256";
  kernel_name: string;
}

// How much of what a kernel wrote to its own stdout and stderr is kept for an error message.
const TAIL = 2000;

function newConnection(): Connection {
  // All listeners are open at the same time, so that the five ports differ. Between closing them
  // and the kernel binding them another process may take one: then the kernel does not come up
  // and the caller tries again with other ports.
  const listeners = Array.from(
    { length: 5 },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  const ports = listeners.map((listener) => (listener.addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  return {
    ip: "127.0.0.1",
    transport: "tcp",
    shell_port,
    iopub_port,
    stdin_port,
    control_port,
    hb_port,
    key: crypto.randomUUID(),
    signature_scheme: "hmac-sha256",
    kernel_name: "deno",
  };
}

// What the kernel is started through: a watch that waits for the end of its stdin, which only the
// runner holds open, and then ends the process group and the file; after it the kernel itself, in
// the process that the runner knows. So a runner that is killed, too, leaves nothing behind.
const WATCHED = `exec 3<&0
( read -r _ <&3; rm -f "$0"; kill -s KILL -- "-$$" ) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null`;

/**
 * The process of a Deno kernel: its connection, how it ended, and how to end it. Where there is a
 * POSIX shell, it ends with the process that started it, however that ends.
 */
export class KernelProcess {
  /** Where the kernel listens. */
  readonly connection: Connection;
  /** Resolves, once the process has ended, with how it ended: "exit code 3". */
  readonly ended: Promise<string>;
  readonly #child: Deno.ChildProcess;
  readonly #file: Temporary;
  #printed = "";

  /**
   * Starts `deno jupyter --kernel` in a folder, whose `deno.json` (or that of the nearest folder
   * above) then holds for the cells.
   */
  constructor(cwd: string) {
    this.connection = newConnection();
    const place = { folder: tmpdir(), prefix: "cosine-lab-kernel-", suffix: ".json" };
    const file = this.#file = temporaryFile(place);
    try {
      Deno.writeTextFileSync(file.path, JSON.stringify(this.connection));
      const [command, ...args] = kernelCommand(file.path);
      this.#child = new Deno.Command(command, {
        args,
        cwd,
        clearEnv: true,
        env: kernelEnvironment(),
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
        // A process group of its own: the terminal's Ctrl-C then reaches only the runner, which
        // ends the kernel, and whatever the kernel started, itself.
        detached: Deno.build.os !== "windows",
      }).spawn();
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
    const drained = [this.#child.stdout, this.#child.stderr].map((stream) => this.#keep(stream));
    this.ended = this.#child.status.then(async ({ code, signal }) => {
      file[Symbol.dispose]();
      // A process that a cell has started may hold the pipes open forever.
      await Promise.race([Promise.all(drained), new Promise((done) => setTimeout(done, 200))]);
      return signal ? `signal ${signal}` : `exit code ${code}`;
    });
  }

  /** The last lines that the process itself, not a cell, wrote to stdout or stderr. */
  get printed(): string {
    return this.#printed.split("\n").filter((line) => !line.includes("is unstable and might"))
      .join("\n").trim();
  }

  /** Deletes the connection file, which nobody needs any more once the kernel has answered. */
  connected(): void {
    this.#file[Symbol.dispose]();
  }

  /** Waits for the process to end by itself, at most `ms`; tells whether it has. */
  async endsWithin(ms: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), ms);
    const ended = await Promise.race([this.#child.status.then(() => true), promise]);
    clearTimeout(timer);
    return ended;
  }

  /** Ends the process, and those it started, at once: also one that is in an endless loop. */
  async kill(): Promise<void> {
    try {
      if (Deno.build.os === "windows") this.#child.kill("SIGKILL");
      else Deno.kill(-this.#child.pid, "SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
    }
    this.#file[Symbol.dispose]();
    await this.ended;
    // It may have been closed by the end of the process.
    await this.#child.stdin.close().catch(() => {});
  }

  async #keep(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      this.#printed = (this.#printed + decoder.decode(bytes, { stream: true })).slice(-TAIL);
    }
  }
}

function kernelCommand(file: string): string[] {
  const kernel = [Deno.execPath(), "jupyter", "--kernel", "--conn", file];
  return Deno.build.os === "windows" ? kernel : ["/bin/sh", "-c", WATCHED, file, ...kernel];
}

/** Outputs must not depend on whether the runner's own terminal has colors. */
function kernelEnvironment(): Record<string, string> {
  const { FORCE_COLOR: _, ...environment } = Deno.env.toObject();
  return { ...KERNEL_ENVIRONMENT, ...environment, NO_COLOR: "1" };
}
