import { KernelProcess } from "./kernel_process.ts";
import { limited } from "./limited.ts";
import { decodeMessage, encodeRequest, type Message } from "./message.ts";
import { type SocketType, ZmtpSocket } from "./zmtp_socket.ts";

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
    this.#process.ended.then((how) => {
      const printed = this.#process.printed;
      this.#lost.reject(
        new Error(`The kernel died (${how})${printed === "" ? "" : `: ${printed}`}`),
      );
    });
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
        throw new Error(`Cannot start a kernel: ${(error as Error).message}`, { cause: error });
      }
    }
  }

  /** Rejects when the kernel dies. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  /**
   * Runs some code and waits for the reply and for the kernel to be idle.
   *
   * @param hidden The code does not count as a cell.
   * @throws {Error} If the kernel dies.
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
