/**
 * √(x₁² + x₂² + …), without overflow, and the same in every engine: the language leaves open how
 * `Math.hypot` adds up. Here it is in units of the largest, with Kahan's compensation, as in V8.
 *
 * @param values The coordinates.
 * @returns The length.
 *
 * @example
 * ```ts
 * import { hypot } from "./hypot.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(hypot([0, -3e200]), 3e200);
 * ```
 */
export function hypot(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  if (largest === 0 || largest === Infinity) return largest;
  let sum = 0, lost = 0;
  for (let i = 0; i < values.length; i++) {
    const share = values[i] / largest;
    const term = share * share - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
}
