/**
 * The result of some work, unless it takes too long or is aborted before.
 *
 * @param what What the message calls the work that took too long.
 * @throws {Error} After that many seconds.
 * @throws The reason of the signal, when it is aborted.
 */
export async function limited<T>(
  work: Promise<T>,
  seconds: number,
  signal?: AbortSignal,
  what = "it",
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`${what} did not finish within ${seconds} seconds`)),
    seconds * 1000,
  );
  const onAbort = () => reject(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
