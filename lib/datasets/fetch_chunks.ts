/** An answer of a server, and its body in the chunks in which it comes. */
export interface ChunkedResponse {
  response: Response;
  chunks: AsyncGenerator<Uint8Array>;
}

/** Options for {@linkcode fetchChunks}. */
export interface FetchOptions {
  /**
   * How long the server may say nothing, in milliseconds: before its answer, and before each chunk
   * of the body.
   */
  timeout: number;
  /** When all of the body must be there, on the clock of `performance.now()`. */
  deadline: number;
  headers?: Record<string, string>;
}

/**
 * Asks a server, and gives up where it falls silent or takes too long.
 *
 * @param url Where to ask.
 * @param options How long it may take, and the headers to send.
 * @returns The answer, and its body; where the body is not read to its end, `chunks.return()` ends
 * the connection.
 * @throws {Error} If the server cannot be reached, falls silent or takes too long.
 */
export async function fetchChunks(
  url: string,
  { timeout, deadline, headers }: FetchOptions,
): Promise<ChunkedResponse> {
  const controller = new AbortController();
  const silent = `the server has sent nothing for ${timeout / 1000} seconds`;
  const slow = "the server is too slow: the time for all of it is over";
  const within = async <T>(work: Promise<T>): Promise<T> => {
    const left = deadline - performance.now();
    const giveUp = () => controller.abort(new Error(left < timeout ? slow : silent));
    // A timer is not heard of where the next chunk is always there already.
    if (left <= 0) giveUp();
    const timer = setTimeout(giveUp, Math.max(0, Math.min(timeout, left)));
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
