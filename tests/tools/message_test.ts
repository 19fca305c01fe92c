import assert from "node:assert/strict";
import { decodeMessage, encodeRequest } from "../../tools/notebooks/zmtp.ts";

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
