import assert from "node:assert/strict";

/** Waits until something is so; fails where it is still not so after a minute. */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  for (const deadline = Date.now() + 300_000; !await isSo();) {
    if (Date.now() > deadline) assert.fail(`it is still not so that ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
