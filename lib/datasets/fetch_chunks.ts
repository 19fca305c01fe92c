/** An answer of a server, and its body in the chunks in which it comes. */
export interface ChunkedResponse {
  response: Response;
  chunks: AsyncGenerator<Uint8Array>;
}

/**
 * Asks a server, and gives up where it falls silent.
 *
 * @param url Where to ask.
 * @param timeout How long it may say nothing, in milliseconds: before its answer, and before each
 * chunk of the body.
 * @param headers Headers to send.
 * @returns The answer, and its body; where the body is not read to its end, `chunks.return()` ends
 * the connection.
 * @throws {Error} If the server cannot be reached or falls silent.
 */
export async function fetchChunks(
  url: string,
  timeout: number,
  headers: Record<string, string> = {},
): Promise<ChunkedResponse> {
  const controller = new AbortController();
  const silent = () =>
    controller.abort(new Error(`the server has sent nothing for ${timeout / 1000} seconds`));
  const within = async <T>(work: Promise<T>): Promise<T> => {
    const timer = setTimeout(silent, timeout);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  };
  const response = await within(fetch(url, { headers, signal: controller.signal }));
  return { response, chunks: read() };

  async function* read(): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader();
    if (reader === undefined) return;
    try {
      while (true) {
        const { done, value } = await within(reader.read());
        if (done) return;
        yield value;
      }
    } finally {
      controller.abort();
      await reader.cancel().catch(() => {});
    }
  }
}
