import { tmpdir } from "node:os";
import { OperationalError } from "../../lib/errors.ts";
import { type Temporary, temporaryFile } from "../../lib/io/files.ts";
import { decodeMessage, encodeRequest, type Message, type SocketType, ZmtpSocket } from "./zmtp.ts";

/** How a kernel answered a request to run some code. */
export interface ExecuteReply {
  status: "ok" | "error" | "aborted";
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

// A kernel is up in a second; a machine under load, or one that installs packages first, needs more.
const START_TIMEOUT = 120;
const START_ATTEMPTS = 3;
const SHUTDOWN_TIMEOUT = 3_000;

interface Pending {
  reply: PromiseWithResolvers<Message>;
  idle: PromiseWithResolvers<void>;
}

/** A kernel that ended by itself: nothing that was asked of it will be answered. */
export class KernelDied extends Error {
  override readonly name = "KernelDied";

  /**
   * @param how The exit code or signal, as "exit code 3".
   * @param printed What it wrote to its own stdout and stderr at last; may be empty.
   */
  constructor(how: string, printed: string) {
    super(`The kernel died (${how})${printed === "" ? "" : `: ${printed}`}`);
  }
}

/**
 * A running Deno kernel, spoken to over ZeroMQ.
 *
 * What a cell prints and shows arrives on another socket than the reply, in any order, and some of
 * it late: so the listener given with a request hears everything that the kernel ever sends on
 * behalf of that request, also after `execute` has resolved.
 */
export class Kernel {
  readonly #process: KernelProcess;
  readonly #session = crypto.randomUUID();
  #shell?: ZmtpSocket;
  #control?: ZmtpSocket;
  #iopub?: ZmtpSocket;
  readonly #pending = new Map<string, Pending>();
  readonly #listeners = new Map<string, (message: Message) => void>();
  readonly #lost = Promise.withResolvers<never>();
  #closed = false;

  private constructor(cwd: string) {
    this.#process = new KernelProcess(cwd);
    // Nobody may be waiting at the moment at which the kernel dies.
    this.#lost.promise.catch(() => {});
    this.#process.ended.then((how) =>
      this.#lost.reject(new KernelDied(how, this.#process.printed))
    );
  }

  /**
   * Starts a kernel in a folder and waits until it answers.
   *
   * @throws {Error} If the kernel does not come up.
   */
  static async start(cwd: string, signal?: AbortSignal): Promise<Kernel> {
    for (let attempt = 1;; attempt++) {
      signal?.throwIfAborted();
      const kernel = new Kernel(cwd);
      try {
        await limited(kernel.#comeUp(), START_TIMEOUT, signal, "starting the kernel");
        return kernel;
      } catch (error) {
        await kernel.kill();
        signal?.throwIfAborted();
        if (attempt < START_ATTEMPTS) continue;
        throw new OperationalError(`Cannot start a kernel: ${(error as Error).message}`, {
          cause: error,
        });
      }
    }
  }

  /** Rejects with {@linkcode KernelDied} when the kernel dies. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  /**
   * Runs some code and waits for the reply and for the kernel to be idle.
   *
   * @param hidden The code does not count as a cell.
   * @throws {KernelDied} If the kernel dies.
   */
  async execute(
    code: string,
    listener: (message: Message) => void,
    { hidden = false } = {},
  ): Promise<ExecuteReply> {
    const reply = await this.#request("execute_request", {
      code,
      silent: hidden,
      store_history: !hidden,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    }, listener);
    return reply.content as ExecuteReply;
  }

  /** Interrupts the cell that is running, as Jupyter's Stop does; the kernel keeps its state. */
  async interrupt(): Promise<void> {
    const { key } = this.#process.connection;
    await this.#control?.send(encodeRequest(key, this.#session, "interrupt_request", {}));
  }

  /** Asks the kernel to end, and ends it where it does not. */
  async shutdown(): Promise<void> {
    try {
      const request = encodeRequest(
        this.#process.connection.key,
        this.#session,
        "shutdown_request",
        { restart: false },
      );
      await this.#control?.send(request);
      await this.#process.endsWithin(SHUTDOWN_TIMEOUT);
    } finally {
      await this.kill();
    }
  }

  /** Ends the kernel at once. */
  async kill(): Promise<void> {
    this.#closed = true;
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket?.close();
    await this.#process.kill();
  }

  async #comeUp(): Promise<void> {
    const { shell_port, control_port, iopub_port } = this.#process.connection;
    this.#shell = await this.#connect(shell_port, "DEALER");
    this.#control = await this.#connect(control_port, "DEALER");
    this.#iopub = await this.#connect(iopub_port, "SUB");
    this.#listen(this.#shell, (message) => this.#onReply(message));
    this.#listen(this.#iopub, (message) => this.#onBroadcast(message));
    // A subscription takes effect some time after it was made, and what the kernel broadcasts
    // before that is lost. So requests are sent until one of them is answered on both sockets.
    let answered = false;
    const answer = Promise.withResolvers<void>();
    while (!answered && !this.#closed) {
      this.#request("kernel_info_request", {}, () => {}).then(() => {
        answered = true;
        answer.resolve();
      }, answer.reject);
      await Promise.race([answer.promise, new Promise((done) => setTimeout(done, 100))]);
    }
    this.#process.connected();
  }

  /** Connects as soon as the kernel listens. */
  async #connect(port: number, type: SocketType): Promise<ZmtpSocket> {
    while (true) {
      try {
        const socket = await Promise.race([ZmtpSocket.connect(port, type), this.#lost.promise]);
        if (!this.#closed) return socket;
        socket.close();
        throw new Error("The kernel was ended before it was up");
      } catch (error) {
        if (this.#closed || !(error instanceof Deno.errors.ConnectionRefused)) throw error;
        await Promise.race([this.#lost.promise, new Promise((done) => setTimeout(done, 20))]);
      }
    }
  }

  async #request(
    type: string,
    content: Record<string, unknown>,
    listener: (message: Message) => void,
  ): Promise<Message> {
    const id = crypto.randomUUID();
    const pending = {
      reply: Promise.withResolvers<Message>(),
      idle: Promise.withResolvers<void>(),
    };
    this.#pending.set(id, pending);
    this.#listeners.set(id, listener);
    await this.#shell?.send(
      encodeRequest(this.#process.connection.key, this.#session, type, content, id),
    );
    const answer = Promise.all([pending.reply.promise, pending.idle.promise]);
    const [reply] = await Promise.race([answer, this.#lost.promise]);
    this.#pending.delete(id);
    return reply;
  }

  async #listen(
    socket: AsyncIterable<Uint8Array[]>,
    handle: (message: Message) => void,
  ): Promise<void> {
    try {
      for await (const frames of socket) {
        const message = decodeMessage(this.#process.connection.key, frames);
        if (message !== undefined) handle(message);
      }
    } catch (error) {
      // How the process ended says more than that the connection is gone.
      if (!this.#closed && !await this.#process.endsWithin(1000)) this.#lost.reject(error);
    }
  }

  #onReply(message: Message): void {
    this.#pending.get(message.parent.msg_id ?? "")?.reply.resolve(message);
  }

  #onBroadcast(message: Message): void {
    const id = message.parent.msg_id ?? "";
    this.#listeners.get(id)?.(message);
    if (message.header.msg_type === "status" && message.content.execution_state === "idle") {
      this.#pending.get(id)?.idle.resolve();
    }
  }
}

/** The ports and the key that a kernel and its client share: the content of a connection file. */
interface Connection {
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

/**
 * What a kernel that runs notebooks needs in its environment. V8 lets a heap grow to several times the
 * memory in use before it collects garbage, and cells that compute matrices leave a lot. A heap that grows
 * by a third at a time keeps every notebook below a gigabyte, at no measurable cost in time.
 */
export const KERNEL_ENVIRONMENT = { DENO_V8_FLAGS: "--heap-growing-percent=30" } as const;

/**
 * The result of some work, unless it takes too long or is aborted before.
 *
 * @param what What the message calls the work that took too long.
 * @throws {Error} After that many seconds.
 * @throws The reason of the signal, when it is aborted.
 */
export async function limited<T>(
  work: Promise<T>,
  seconds: number,
  signal?: AbortSignal,
  what = "it",
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`${what} did not finish within ${seconds} seconds`)),
    seconds * 1000,
  );
  const onAbort = () => reject(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
