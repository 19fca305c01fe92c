import { downloadMovieLens, readMovieLens } from "cosine-lab/datasets";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { download } from "../../lib/datasets/download_movielens.ts";
import { withTemporaryFolder } from "../folder.ts";
import { csvFiles, zipped } from "./small_movielens.ts";

const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251);
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name);

interface Server extends AsyncDisposable {
  url: string;
  /** The path of each request. */
  paths: string[];
}

/** Serves HTTP on this machine, on a port of its own, by raw sockets so that it can break off. */
function serve(
  answer: (request: { path: string }) => {
    status: string;
    body?: Uint8Array;
    /** How many bytes of the body to send before the connection breaks. */
    breakAfter?: number;
  },
): Server {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const paths: string[] = [];
  const handle = async (connection: Deno.Conn) => {
    const buffer = new Uint8Array(8192);
    const length = await connection.read(buffer) ?? 0;
    const path = new TextDecoder().decode(buffer.subarray(0, length)).split(" ")[1];
    paths.push(path);
    const { status, body = new Uint8Array(), breakAfter = body.length } = answer({ path });
    const head =
      `HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
    const writer = connection.writable.getWriter();
    await writer.write(new TextEncoder().encode(head));
    await writer.write(body.slice(0, breakAfter));
    await writer.close();
  };
  const serving = (async () => {
    for await (const connection of listener) await handle(connection).catch(() => {});
  })();
  return {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`,
    paths,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

Deno.test("download() writes the file, makes its folder, and tells its progress", async () => {
  await using server = serve(() => ({ status: "200 OK", body: content }));
  await withTemporaryFolder(async (folder) => {
    const calls: number[][] = [];
    const onProgress = (...call: number[]) => calls.push(call);
    const path = `${folder}/new/file.zip`;
    await download(server.url, path, { md5: md5(content).toUpperCase(), onProgress });
    assert.deepEqual(Deno.readFileSync(path), content);
    assert.deepEqual(calls.at(-1), [content.length, content.length]);
    assert.deepEqual(namesIn(`${folder}/new`), ["file.zip"]);
  });
});

Deno.test("download() leaves what was there where the download fails", async () => {
  await using missing = serve(() => ({ status: "404 Not Found" }));
  await using broken = serve(() => ({ status: "200 OK", body: content, breakAfter: 10 }));
  await using other = serve(() => ({ status: "200 OK", body: content.slice(1) }));
  const cases: [Server, RegExp][] = [
    [missing, /^Error: Cannot download http.*: the server answers 404 Not Found$/],
    [broken, /^Error: Cannot download http.*: /],
    [
      other,
      /^RangeError: Cannot download http.*: its checksum must be [0-9a-f]{32}, that of what came is [0-9a-f]{32}$/,
    ],
  ];
  for (const [server, error] of cases) {
    await withTemporaryFolder(async (folder) => {
      Deno.writeTextFileSync(`${folder}/file.zip`, "old");
      await assert.rejects(
        download(server.url, `${folder}/file.zip`, { md5: md5(content) }),
        error,
      );
      assert.equal(Deno.readTextFileSync(`${folder}/file.zip`), "old");
      assert.deepEqual(namesIn(folder), ["file.zip"]);
      assert.equal(server.paths.length, 1);
    });
  }
});

Deno.test("downloadMovieLens() shows the licence, checks, and downloads once", async () => {
  const zip = await zipped(csvFiles, "ml-latest-small");
  await using server = serve(({ path }) =>
    path.endsWith(".md5")
      ? {
        status: "200 OK",
        body: new TextEncoder().encode(`MD5 (ml-latest-small.zip) = ${md5(zip)}\n`),
      }
      : { status: "200 OK", body: zip }
  );
  await withTemporaryFolder(async (folder) => {
    const shown: string[] = [];
    const showLicence = (licence: string) => shown.push(licence);
    const options = { folder, source: server.url, showLicence };
    const path = await downloadMovieLens("ml-latest-small", options);
    assert.equal(await downloadMovieLens("ml-latest-small", options), path);
    assert.deepEqual(server.paths, ["/ml-latest-small.zip.md5", "/ml-latest-small.zip"]);
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
  await assert.rejects(
    () => downloadMovieLens("ml-1m", options),
    /Cannot download .*ml-1m\.zip\.md5: the server answers 404 Not Found$/,
  );
  await using page = serve(() => ({ status: "200 OK", body: content }));
  await assert.rejects(
    () => downloadMovieLens("ml-1m", { ...options, source: page.url }),
    /there is no checksum at .*ml-1m\.zip\.md5$/,
  );
});

Deno.test("downloadMovieLens() replaces a zip file that is no longer what was downloaded", async () => {
  const zip = await zipped(csvFiles, "ml-latest-small");
  await using server = serve(({ path }) =>
    path.endsWith(".md5")
      ? { status: "200 OK", body: new TextEncoder().encode(`MD5 = ${md5(zip)}\n`) }
      : { status: "200 OK", body: zip }
  );
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/ml-latest-small.zip`;
    Deno.writeFileSync(path, zip.subarray(0, 100));
    Deno.writeTextFileSync(`${path}.md5`, md5(zip));
    const options = { folder, source: server.url, showLicence: () => {} };
    await downloadMovieLens("ml-latest-small", options);
    assert.deepEqual(Deno.readFileSync(path), zip);
  });
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
    const options = { md5: md5(content) };
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
    assert.deepEqual(namesIn(folder), ["file.zip"]);
  });
  for (const connection of waiting) connection.close();
  listener.close();
  await serving;
});

/** Serves the start of an answer, and falls silent. */
async function withSilence(
  start: string,
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

Deno.test("download() gives up on a server that falls silent", async () => {
  for (const start of ["", "HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\nabc"]) {
    await withSilence(start, async (url) => {
      await withTemporaryFolder(async (folder) => {
        await assert.rejects(
          download(url, `${folder}/file.zip`, { md5: md5(content), timeout: 400 }),
          /^Error: Cannot download .*: the server has sent nothing for 0\.4 seconds$/,
        );
        assert.deepEqual(namesIn(folder), []);
      });
    });
  }
});
