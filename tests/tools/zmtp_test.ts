import assert from "node:assert/strict";
import { decodeMessage, encodeRequest, ZmtpSocket } from "../../tools/notebooks/zmtp.ts";

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
