import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ipynb": "application/json",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

/**
 * Serves the files of a folder on 127.0.0.1, as a static host does.
 *
 * @param folder The folder.
 * @param port Where; 0 for any port that is free.
 * @returns The address, and what ends it.
 */
export function serveSite(folder: string, port = 8000): AsyncDisposable & { url: string } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port, onListen() {} },
    async (request) => {
      try {
        // A path has no way out of the folder: normalize() of an absolute one ends at its root.
        const path = normalize(decodeURIComponent(new URL(request.url).pathname));
        const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
        const type = TYPES[extname(file)] ?? "application/octet-stream";
        return new Response(await Deno.readFile(file), { headers: { "content-type": type } });
      } catch {
        return new Response("Not found", { status: 404 });
      }
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
