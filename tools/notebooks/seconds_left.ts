/** What a cell of the project's notebooks takes on two cores, on the mean, two at a time, in seconds. */
const USUAL = 0.6;

/** For so many cells, that counts as much as what was measured. */
const TRUST = 10;

/**
 * Estimates how long a run still takes by the number of cells, since nothing else is known of them:
 * as long for each as for those before.
 *
 * @param done How many cells have been run.
 * @param left How many are still to be run.
 * @param elapsed How long the run has taken, in seconds.
 * @returns The seconds that are left.
 *
 * @example
 * ```ts
 * import { secondsLeft } from "./seconds_left.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(secondsLeft(0, 60, 0), 36);
 * assert.equal(secondsLeft(90, 60, 294), 180);
 * ```
 */
export function secondsLeft(done: number, left: number, elapsed: number): number {
  return left * (elapsed + USUAL * TRUST) / (done + TRUST);
}
