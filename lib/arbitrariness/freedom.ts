import { LARGEST_FACTOR } from "../check/assert_finite.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertOneOf } from "../check/assert_one_of.ts";

/**
 * What a training objective leaves undetermined. Predictions and training loss are the same for
 * every choice within it.
 *
 * - `"nothing"`: the embeddings are unique.
 * - `"rotation"`: a rotation R, as in A·R and B·R. What Eq. 2 leaves open; it moves no cosine.
 * - `"scaling"`: a diagonal D, as in A·D and B·D⁻¹ (Eq. 3), in the coordinates in which the
 *   embeddings are given.
 * - `"linear"`: any invertible M, as in A·M and B·M⁻ᵀ. What the objective of Eq. 1 truly leaves
 *   open: it depends on A·Bᵀ alone, and rotations before and after a D make up every M.
 * - `"translation"`: one vector added to all items, B + 1cᵀ. What a softmax leaves open.
 */
export type Freedom = "nothing" | "rotation" | "scaling" | "linear" | "translation";

/** How far embeddings may be mapped. */
export interface FreedomOptions {
  /**
   * κ ≥ 1, how unequal the scales may be: max D / min D ≤ κ, or the condition of M. 1 leaves no
   * freedom, `Infinity` no bound.
   */
  condition: number;
  /** What is free at all; κ does not bound a translation. @default {"scaling"} */
  freedom?: Exclude<Freedom, "translation">;
}

/**
 * Checks the options of what bounds a cosine, and fills in the default.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param options The options as given.
 * @returns The condition and the freedom; a rotation has condition 1, since it rescales nothing.
 * @throws {TypeError} If condition is not a number.
 * @throws {RangeError} If condition is NaN or less than 1, or freedom is unknown.
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
export function freedomOptions(action: string, options: FreedomOptions): Required<FreedomOptions> {
  assertKnown(action, options, ["condition", "freedom", "onProgress"]);
  const { condition, freedom = "scaling" } = options;
  assertCondition(action, condition);
  assertOneOf(action, "freedom", freedom, ["scaling", "linear", "rotation", "nothing"]);
  const moves = freedom === "scaling" || freedom === "linear";
  return { condition: moves ? condition : 1, freedom };
}

/** Throws unless κ is a number of at least 1; `Infinity` is one. */
function assertCondition(action: string, condition: unknown): asserts condition is number {
  const message =
    `Cannot ${action}: condition must be a number of at least 1, current value is ${condition}`;
  if (typeof condition !== "number") throw new TypeError(message);
  if (!(condition >= 1)) throw new RangeError(message);
}

/** Throws unless κ is finite, too: what is searched for is a D that exists, not a limit. */
export function assertFiniteCondition(action: string, condition: unknown): void {
  assertCondition(action, condition);
  if (condition <= LARGEST_FACTOR) return;
  const allowed = condition === Infinity
    ? "a finite number of at least 1"
    : `at most ${LARGEST_FACTOR}`;
  throw new RangeError(
    `Cannot ${action}: condition must be ${allowed}, current value is ${condition}`,
  );
}
