/**
 * What of the latent space a training objective leaves undetermined. Predictions and training loss
 * are the same for every choice within it.
 *
 * - `"scaling"`: a diagonal D, as in A·D and B·D⁻¹ (Eq. 3), in the coordinates in which the
 *   embeddings are given.
 * - `"linear"`: any invertible M, as in A·M and B·M⁻ᵀ. What the objective of Eq. 1 truly leaves
 *   open: it depends on A·Bᵀ alone, and rotations before and after a D make up every M.
 * - `"rotation"`: a rotation R, as in A·R and B·R. What Eq. 2 leaves open; it moves no cosine.
 */
export type Freedom = "scaling" | "linear" | "rotation";

/** How far embeddings may be rescaled. */
export interface FreedomOptions {
  /**
   * κ ≥ 1, how unequal the scales may be: max D / min D ≤ κ. 1 leaves no freedom, `Infinity` no
   * bound.
   */
  condition: number;
  /** What is free at all. @default {"scaling"} */
  freedom?: Freedom;
}

/**
 * Checks the options of everything that rescales embeddings, and fills in the default.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param options The options as given.
 * @param allowed The kinds of freedom that the caller can follow.
 * @returns The condition and the freedom; a rotation has condition 1, since it rescales nothing.
 * @throws {TypeError} If condition is no number.
 * @throws {RangeError} If condition is NaN or less than 1, or freedom is none of those allowed.
 *
 * @example
 * ```ts
 * import { freedomOptions } from "./freedom.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(freedomOptions("rescale", { condition: 2 }), {
 *   condition: 2,
 *   freedom: "scaling",
 * });
 * assert.equal(freedomOptions("rescale", { condition: 2, freedom: "rotation" }).condition, 1);
 * ```
 */
export function freedomOptions(
  action: string,
  options: FreedomOptions,
  allowed: readonly Freedom[] = ["scaling", "linear", "rotation"],
): Required<FreedomOptions> {
  const { condition, freedom = "scaling" } = options ?? {};
  const message =
    `Cannot ${action}: condition must be a number of at least 1, current value is ${condition}`;
  if (typeof condition !== "number") throw new TypeError(message);
  if (!(condition >= 1)) throw new RangeError(message);
  if (!allowed.includes(freedom)) {
    const list = allowed.map((word) => `"${word}"`).join(" or ");
    throw new RangeError(
      `Cannot ${action}: freedom must be ${list}, current value is "${freedom}"`,
    );
  }
  return { condition: freedom === "rotation" ? 1 : condition, freedom };
}

/** Throws unless κ is finite: what is searched for is a D that exists, not a limit. */
export function assertFiniteCondition(action: string, condition: number): void {
  if (condition !== Infinity) return;
  throw new RangeError(
    `Cannot ${action}: condition must be a finite number of at least 1, current value is Infinity`,
  );
}
