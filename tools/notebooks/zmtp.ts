import { createHmac, timingSafeEqual } from "node:crypto";
import { OperationalError } from "../../lib/errors.ts";

/** The kinds of ZeroMQ sockets that a client of a kernel needs. */
export type SocketType = "DEALER" | "SUB";

// Bits of the byte that every frame begins with.
const MORE = 1, LONG = 2, COMMAND = 4;

const GREETING_LENGTH = 64;

// More than a kernel ever has to say at once, in bytes.
const MAX_FRAME = 2 ** 31;

// Deno's kernel prints from another thread than it displays, and what it prints may end up in the
// middle of a large display that is still on its way: from there on no length is what it seems.
const GARBLED =
  "The kernel wrote one of its messages into the middle of another one, which happens " +
  "where a cell prints while something large is being shown: show less, or await the display " +
  "before printing";

/**
 * A ZeroMQ socket that is connected to one peer over TCP: ZMTP 3.0 without encryption, which is all
 * that a kernel on the same machine asks for.
 *
 * It is written out here because it is short, needs no native addon, and ends when it is closed,
 * whatever the peer does. See https://rfc.zeromq.org/spec/23/.
 */
export class ZmtpSocket {
  readonly #connection: Deno.TcpConn;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #closed = false;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    this.#writer = connection.writable.getWriter();
    // Somebody who waits for an answer hears of a lost connection there.
    this.#writer.closed.catch(() => {});
  }

  /**
   * Connects to a port of this machine. A SUB socket subscribes to everything.
   *
   * @throws {Deno.errors.ConnectionRefused} If nobody listens there.
   * @throws {Error} If the peer does not speak ZMTP 3.
   */
  static async connect(port: number, type: SocketType): Promise<ZmtpSocket> {
    const socket = new ZmtpSocket(await Deno.connect({ hostname: "127.0.0.1", port }));
    try {
      await socket.#handshake(type);
    } catch (error) {
      socket.close();
      throw error;
    }
    return socket;
  }

  /** Sends one message of several frames. */
  async send(frames: readonly string[]): Promise<void> {
    const bodies = frames.map((frame) => new TextEncoder().encode(frame));
    await this.#writer.write(concatenate(
      bodies.map((body, i) => encodeFrame(body, i < bodies.length - 1 ? MORE : 0)),
    ));
  }

  /** The messages that arrive, each as its frames, until the socket is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array[]> {
    let message: Uint8Array[] = [];
    while (!this.#closed) {
      let frame;
      try {
        frame = await this.#readFrame();
      } catch (error) {
        if (this.#closed) return;
        throw error;
      }
      if (frame.flags & COMMAND) continue;
      message.push(frame.body);
      if (frame.flags & MORE) continue;
      yield message;
      message = [];
    }
  }

  /** Ends the connection. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#writer.abort().catch(() => {});
    try {
      this.#connection.close();
    } catch (error) {
      // Aborting the writer may have closed it already.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #handshake(type: SocketType): Promise<void> {
    // Signature, version 3.0, the mechanism without encryption, not a server.
    const greeting = new Uint8Array(GREETING_LENGTH);
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]);
    greeting.set(new TextEncoder().encode("NULL"), 12);
    await this.#writer.write(greeting);
    const theirs = await this.#read(GREETING_LENGTH);
    if (theirs[0] !== 0xff || theirs[9] !== 0x7f || theirs[10] < 3) {
      throw new OperationalError("Cannot speak to the kernel: something else listens on its port");
    }
    const ready = concatenate([sized("READY"), property("Socket-Type", type)]);
    await this.#writer.write(encodeFrame(ready, COMMAND));
    await this.#readFrame();
    if (type === "SUB") await this.#writer.write(encodeFrame(new Uint8Array([1]), 0));
  }

  async #readFrame(): Promise<{ flags: number; body: Uint8Array }> {
    const [flags] = await this.#read(1);
    if (flags > (MORE | LONG | COMMAND)) throw new Error(GARBLED);
    const size = await this.#read(flags & LONG ? 8 : 1);
    const length = size.reduce((value, byte) => 256 * value + byte, 0);
    if (length > MAX_FRAME) throw new Error(GARBLED);
    return { flags, body: await this.#read(length) };
  }

  async #read(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const count = await this.#connection.read(bytes.subarray(filled));
      if (count === null) throw new Error("The kernel has closed the connection");
      filled += count;
    }
    return bytes;
  }
}

function encodeFrame(body: Uint8Array, flags: number): Uint8Array<ArrayBuffer> {
  if (body.length < 256) return concatenate([new Uint8Array([flags, body.length]), body]);
  const head = new Uint8Array(9);
  head[0] = flags | LONG;
  new DataView(head.buffer).setBigUint64(1, BigInt(body.length));
  return concatenate([head, body]);
}

/** A name of the protocol: its length in one byte, then its characters. */
function sized(name: string): Uint8Array {
  return concatenate([new Uint8Array([name.length]), new TextEncoder().encode(name)]);
}

function property(name: string, value: string): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, value.length);
  return concatenate([sized(name), length, new TextEncoder().encode(value)]);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

/** The header of a message of the Jupyter protocol. */
interface MessageHeader {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** One message of the Jupyter protocol, without its routing prefix and binary buffers. */
export interface Message {
  header: MessageHeader;
  /** The header of the request that this message answers; empty where there is none. */
  parent: Partial<MessageHeader>;
  // deno-lint-ignore no-explicit-any -- the content's shape depends on the message type
  content: Record<string, any>;
}

const DELIMITER = "<IDS|MSG>";

function sign(key: string, parts: readonly (string | Uint8Array)[]): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/**
 * A request as the frames that go over a ZeroMQ socket, signed with HMAC-SHA256.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeMessage, encodeRequest } from "./zmtp.ts";
 *
 * const frames = encodeRequest("secret", "session-1", "kernel_info_request", {});
 * const message = decodeMessage("secret", frames.map((frame) => new TextEncoder().encode(frame)));
 * assert.equal(message?.header.msg_type, "kernel_info_request");
 * ```
 */
export function encodeRequest(
  key: string,
  session: string,
  type: string,
  content: Record<string, unknown>,
  id: string = crypto.randomUUID(),
): string[] {
  const header: MessageHeader = {
    msg_id: id,
    msg_type: type,
    session,
    username: "cosine-lab",
    date: new Date().toISOString(),
    version: "5.3",
  };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return [DELIMITER, sign(key, parts), ...parts];
}

/**
 * The message in the frames received from a socket, or `undefined` where the frames are no message
 * or carry a wrong signature: then somebody else is talking on that port, and is not listened to.
 */
export function decodeMessage(key: string, frames: readonly Uint8Array[]): Message | undefined {
  const decoder = new TextDecoder();
  const start = frames.findIndex((frame) => decoder.decode(frame) === DELIMITER);
  if (start < 0 || frames.length < start + 6) return undefined;
  const parts = frames.slice(start + 2, start + 6);
  const given = frames[start + 1];
  const expected = new TextEncoder().encode(sign(key, parts));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const [header, parent, , content] = parts.map((part) => JSON.parse(decoder.decode(part)));
  return { header, parent, content };
}
