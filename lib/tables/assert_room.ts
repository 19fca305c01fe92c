/**
 * Throws if matrices of p x p numbers do not fit into the memory that is free.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param p The number of items.
 * @param matrices How many such matrices are needed at once.
 * @param available The bytes of memory that are free; by default those of this machine.
 * @throws {RangeError} If they do not fit.
 *
 * @example
 * ```ts
 * import { assertRoom } from "./assert_room.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => assertRoom("read counts", 100_000, 1, 16e9), /takes 80.0 GB, 16.0 GB are free/);
 * ```
 */
export function assertRoom(
  action: string,
  p: number,
  matrices = 1,
  available: number = Deno.systemMemoryInfo().available,
): void {
  const bytes = 8 * p * p * matrices;
  if (bytes <= available) return;
  const gigabytes = (size: number) => (size / 1e9).toFixed(1);
  throw new RangeError(
    `Cannot ${action}: a Gram matrix of ${p} items takes ${gigabytes(bytes)} GB, ` +
      `${
        gigabytes(available)
      } GB are free; truncatedSVD of sampled users needs none (docs/scale.md)`,
  );
}
