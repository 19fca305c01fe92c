import assert from "node:assert/strict";

/** Fails unless every case that was tried, at least one, ended as `docs/reliability.md` says. */
export function assertHandled(what: string, tried: number, handled: number): void {
  assert(tried > 0, `${what}: nothing was tried`);
  assert.equal(handled, tried, `${what}: ${tried} tried, ${handled} handled`);
}
