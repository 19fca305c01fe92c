import { Buffer } from "node:buffer";

/** Encodes bytes in base64. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
