/**
 * A span of time for a person: "12 s", "3 min 20 s".
 *
 * @param seconds How long it is.
 *
 * @example
 * ```ts
 * import { duration } from "./duration.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(duration(200), "3 min 20 s");
 * ```
 */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return minutes === 0 ? `${rest} s` : rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** A span of time that is only estimated: "about 20 s", "about 3 min". */
export function roughDuration(seconds: number): string {
  // Rounded up, so that something is left as long as there is.
  const tens = 10 * Math.max(1, Math.ceil(seconds / 10));
  return `about ${tens < 60 ? `${tens} s` : `${Math.ceil(seconds / 60)} min`}`;
}
