/** Throws if so many bytes are more than WebAssembly can address, before it is asked for them. */
export function assertAddressable(bytes: number): void {
  if (bytes <= 2 ** 32) return;
  throw new RangeError(
    `Cannot compute: it would take ${
      (bytes / 1e9).toFixed(1)
    } GB at once, 4.3 GB are the most that ` +
      "WebAssembly can address",
  );
}
