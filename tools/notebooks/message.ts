import { createHmac, timingSafeEqual } from "node:crypto";

/** The header of a message of the Jupyter protocol. */
export interface MessageHeader {
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
 * import { decodeMessage, encodeRequest } from "./message.ts";
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
