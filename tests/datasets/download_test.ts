import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { downloadMovieLens, readMovieLens } from "cosine-lab/datasets";
import { download } from "../../lib/datasets/download.ts";
import { withTemporaryFolder } from "../temporary_folder.ts";
import { csvFiles, zipped } from "./small_movielens.ts";

const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251);
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
const quick = { retries: 3, wait: 1 };

interface Server extends AsyncDisposable {
  url: string;
  /** The Range that each request asked for. */
  ranges: string[];
}

/** Serves HTTP on this machine, on a port of its own, by raw sockets so that it can break off. */
function serve(
  answer: (request: { path: string; start: number; number: number }) => {
    status: string;
    headers?: string[];
    body?: Uint8Array;
    /** How many bytes of the body to send before the connection breaks. */
    breakAfter?: number;
  },
): Server {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const ranges: string[] = [];
  const handle = async (connection: Deno.Conn) => {
    const buffer = new Uint8Array(8192);
    const length = await connection.read(buffer) ?? 0;
    const head = new TextDecoder().decode(buffer.subarray(0, length));
    const range = head.match(/^range: (.*)$/im)?.[1].trim() ?? "";
    ranges.push(range);
    const { status, headers = [], body = new Uint8Array(), breakAfter = body.length } = answer({
      path: head.split(" ")[1],
      start: Number(range.match(/\d+/)?.[0] ?? 0),
      number: ranges.length,
    });
    const lines = [`HTTP/1.1 ${status}`, `content-length: ${body.length}`, "connection: close"];
    const text = [...lines, ...headers, "", ""].join("\r\n");
    const bytes = [...new TextEncoder().encode(text), ...body.subarray(0, breakAfter)];
    const writer = connection.writable.getWriter();
    await writer.write(Uint8Array.from(bytes));
    await writer.close();
  };
  const serving = (async () => {
    for await (const connection of listener) await handle(connection).catch(() => {});
  })();
  return {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`,
    ranges,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

/** An answer to a request for a range. */
const partOf = (body: Uint8Array, start: number, breakAfter?: number) => ({
  status: "206 Partial Content",
  headers: [`content-range: bytes ${start}-${body.length - 1}/${body.length}`],
  body: body.subarray(start),
  breakAfter,
});

Deno.test("download() goes on after a connection that breaks", async () => {
  await using server = serve(({ start, number }) =>
    partOf(content, start, number < 3 ? 100_000 : undefined)
  );
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/new/file.zip`;
    const calls: number[][] = [];
    const onProgress = (...call: number[]) => calls.push(call);
    await download(server.url, path, { ...quick, md5: md5(content), onProgress });
    assert.deepEqual(Deno.readFileSync(path), content);
    assert.deepEqual(server.ranges, ["bytes=0-", "bytes=100000-", "bytes=200000-"]);
    assert.deepEqual(calls.at(-1), [content.length, content.length]);
    assert.deepEqual([...Deno.readDirSync(`${folder}/new`)].map(({ name }) => name), ["file.zip"]);
  });
});

Deno.test("download() goes on where another call stopped", async () => {
  await using server = serve(({ start }) => partOf(content, start));
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/file.zip`;
    Deno.writeFileSync(`${path}.part`, content.subarray(0, 1234));
    await download(server.url, path, { ...quick, md5: md5(content) });
    assert.deepEqual(Deno.readFileSync(path), content);
    assert.deepEqual(server.ranges, ["bytes=1234-"]);
  });
});

Deno.test("download() starts again where the server knows no ranges", async () => {
  await using server = serve(({ number }) => ({
    status: "200 OK",
    body: content,
    breakAfter: number === 1 ? 50_000 : undefined,
  }));
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/file.zip`;
    await download(server.url, path, { ...quick, md5: md5(content) });
    assert.deepEqual(Deno.readFileSync(path), content);
    assert.deepEqual(server.ranges, ["bytes=0-", "bytes=50000-"]);
  });
});

Deno.test("download() finds that all or too much is there", async () => {
  await using server = serve(({ start }) =>
    start < content.length ? partOf(content, start) : {
      status: "416 Range Not Satisfiable",
      headers: [`content-range: bytes */${content.length}`],
    }
  );
  for (const there of [content, new Uint8Array(content.length + 50)]) {
    await withTemporaryFolder(async (folder) => {
      const path = `${folder}/file.zip`;
      Deno.writeFileSync(`${path}.part`, there);
      await download(server.url, path, { ...quick, md5: md5(content) });
      assert.deepEqual(Deno.readFileSync(path), content);
    });
  }
});

Deno.test("download() refuses a wrong checksum, and starts from nothing next time", async () => {
  await using server = serve(({ start }) => partOf(content, start));
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/file.zip`;
    const wrong = "0".repeat(32);
    await assert.rejects(
      () => download(server.url, path, { ...quick, md5: wrong }),
      /its checksum must be 0{32}, that of what came is [0-9a-f]{32}/,
    );
    assert.deepEqual([...Deno.readDirSync(folder)], []);
    await download(server.url, path, { ...quick, md5: md5(content) });
  });
});

Deno.test("download() gives up where trying again does not help, or did not", async () => {
  await withTemporaryFolder(async (folder) => {
    const options = { ...quick, md5: md5(content) };
    await using missing = serve(() => ({ status: "404 Not Found" }));
    await assert.rejects(() => download(missing.url, `${folder}/a`, options), /answers 404/);
    assert.equal(missing.ranges.length, 1);
    await using broken = serve(({ start }) => partOf(content, start, 10));
    await assert.rejects(() => download(broken.url, `${folder}/b`, options), /Cannot download/);
    assert.equal(broken.ranges.length, 1 + quick.retries);
    assert.equal(Deno.statSync(`${folder}/b.part`).size, 10 * broken.ranges.length);
  });
});

Deno.test("downloadMovieLens() shows the licence, checks, and downloads once", async () => {
  const zip = await zipped(csvFiles, "ml-latest-small");
  await using server = serve(({ path, start }) =>
    path.endsWith(".md5")
      ? {
        status: "200 OK",
        body: new TextEncoder().encode(`MD5 (ml-latest-small.zip) = ${md5(zip)}\n`),
      }
      : partOf(zip, start)
  );
  await withTemporaryFolder(async (folder) => {
    const shown: string[] = [];
    const showLicence = (licence: string) => shown.push(licence);
    const options = { ...quick, folder, source: server.url, showLicence };
    const path = await downloadMovieLens("ml-latest-small", options);
    assert.equal(await downloadMovieLens("ml-latest-small", options), path);
    assert.equal(server.ranges.length, 2);
    assert.equal(shown.length, 2);
    assert.match(shown[0], /GroupLens.*research/);
    const { interactions } = await readMovieLens(path, { minimumCount: {} });
    assert.deepEqual(interactions.userIds, [1, 3, 330975]);
  });
});

Deno.test("downloadMovieLens() says what is wrong", async () => {
  await assert.rejects(
    () => downloadMovieLens("ml-20m" as never),
    /name must be "ml-latest-small" or "ml-1m"/,
  );
  await using server = serve(() => ({ status: "404 Not Found" }));
  const options = { folder: "/nowhere", source: server.url, showLicence: () => {} };
  await assert.rejects(() => downloadMovieLens("ml-1m", options), /there is no checksum at/);
});

Deno.test("two downloads of one file at a time both end with the whole of it", async () => {
  let answer = () => {};
  const both = new Promise<void>((resolve) => answer = resolve);
  const waiting: Deno.Conn[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(8192));
      if (waiting.push(connection) === 2) answer();
    }
  })();
  await withTemporaryFolder(async (folder) => {
    const url = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`;
    const path = `${folder}/file.zip`;
    const options = { ...quick, md5: md5(content) };
    const downloads = [download(url, path, options), download(url, path, options)];
    await both;
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${content.length}\r\n\r\n`;
    const half = content.length / 2;
    const send = async (connection: Deno.Conn, bytes: Uint8Array) => {
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    };
    for (const connection of waiting) {
      await send(connection, new TextEncoder().encode(head));
      await send(connection, content.subarray(0, half));
    }
    // One has ended before the other goes on.
    for (const connection of waiting) {
      await send(connection, content.subarray(half));
      await Promise.any(downloads);
    }
    await Promise.all(downloads);
    assert.deepEqual(Deno.readFileSync(path), content);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["file.zip"]);
  });
  for (const connection of waiting) connection.close();
  listener.close();
  await serving;
});

/** Serves one answer that has no end: `next` gives its bytes, or nothing more without an end. */
async function withEndless(
  start: string,
  next: () => Uint8Array | undefined,
  test: (url: string) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open: Deno.Conn[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      open.push(connection);
      await connection.read(new Uint8Array(8192));
      try {
        await connection.write(new TextEncoder().encode(start));
        for (let bytes; (bytes = next()) !== undefined;) await connection.write(bytes);
      } catch {
        // The client has gone.
      }
    }
  })();
  try {
    await test(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`);
  } finally {
    for (const connection of open) connection.close();
    listener.close();
    await serving;
  }
}

Deno.test("download() gives up on a server that falls silent, sends without end or too much", async () => {
  const chunk = new Uint8Array(1000);
  const [silent, endless] = [() => undefined, () => chunk];
  const cases: [string, () => Uint8Array | undefined, RegExp][] = [
    ["", silent, /the server has sent nothing for 0\.4 seconds/],
    ["HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\nabc", silent, /nothing for 0\.4 seconds/],
    ["HTTP/1.1 200 OK\r\n\r\n", endless, /sends more than 50000 bytes/],
    ["HTTP/1.1 200 OK\r\ncontent-length: 90000\r\n\r\n", endless, /the server announces 90000/],
  ];
  for (const [start, next, expected] of cases) {
    await withEndless(start, next, async (url) => {
      await withTemporaryFolder(async (folder) => {
        const timeout = next === silent ? 400 : 300_000;
        const limits = { retries: 1, wait: 1, timeout, maxBytes: 50_000 };
        await assert.rejects(
          download(url, `${folder}/file.zip`, { ...limits, md5: md5(content) }),
          (error: Error) =>
            error.message.startsWith("Cannot download") && expected.test(error.message),
        );
        assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["file.zip.part"]);
      });
    });
  }
});

Deno.test("downloadMovieLens() replaces a zip file that is no longer what was downloaded", async () => {
  const zip = await zipped(csvFiles, "ml-latest-small");
  await using server = serve(({ path, start }) =>
    path.endsWith(".md5")
      ? { status: "200 OK", body: new TextEncoder().encode(`MD5 = ${md5(zip)}\n`) }
      : partOf(zip, start)
  );
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/ml-latest-small.zip`;
    Deno.writeFileSync(path, zip.subarray(0, 100));
    Deno.writeTextFileSync(`${path}.md5`, md5(zip));
    const options = { ...quick, folder, source: server.url, showLicence: () => {} };
    await downloadMovieLens("ml-latest-small", options);
    assert.deepEqual(Deno.readFileSync(path), zip);
  });
});

Deno.test("download() gives up on a server that sends a byte now and then", async () => {
  const ended = Promise.withResolvers<void>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    let timer: ReturnType<typeof setInterval>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        timer = setInterval(() => controller.enqueue(Uint8Array.of(7)), 20);
      },
      cancel: () => {
        clearInterval(timer);
        ended.resolve();
      },
    });
    return new Response(body);
  });
  await withTemporaryFolder(async (folder) => {
    const url = `http://127.0.0.1:${server.addr.port}/`;
    const options = { ...quick, md5: "", timeout: 300_000, limit: 5_000 };
    await assert.rejects(
      download(url, `${folder}/file.zip`, options),
      /^Error: Cannot download .*: the server is too slow/,
    );
    await ended.promise;
    // What has come stays for the next call.
    assert(Deno.statSync(`${folder}/file.zip.part`).size > 0);
  });
});
