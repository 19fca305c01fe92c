import assert from "node:assert/strict";

/** How long a test waits before it says that something hangs, in milliseconds: no measure of speed. */
export const HANG_GUARD_MS = 300_000;

/** Waits until something is so, and fails where it is still not so when the hang guard ends. */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  for (const deadline = Date.now() + HANG_GUARD_MS; !await isSo();) {
    if (Date.now() > deadline) assert.fail(`it is still not so that ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
