import { assertSize } from "../check/assert_size.ts";
import seedrandom from "seedrandom";
import { assertInteger } from "../check/assert_integer.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertString } from "../check/assert_string.ts";
import { power } from "../elementary/power.ts";
import { assertFiniteCondition } from "./freedom.ts";

/** Options for {@linkcode randomScaling}. */
export interface RandomScalingOptions {
  /** κ ≥ 1: entries are between 1 and κ. */
  condition: number;
  /** The same seed gives the same D. @default {"cosine-lab"} */
  seed?: string;
}

/**
 * Draws the diagonal of a D that nobody has searched for: what an extreme D is to be compared with.
 * Entries are independent and log-uniform between 1 and κ.
 *
 * @param k How many dimensions.
 * @param options κ, and the seed.
 * @returns The diagonal, k entries.
 * @throws {TypeError} If k, condition or seed is of the wrong kind.
 * @throws {RangeError} If k is less than 1, or condition less than 1 or not finite.
 *
 * @example
 * ```ts
 * import { randomScaling } from "cosine-lab/arbitrariness";
 * import assert from "node:assert/strict";
 *
 * const d = randomScaling(50, { condition: 2, seed: "D" });
 * assert(Math.min(...d) >= 1 && Math.max(...d) <= 2);
 * assert.deepEqual(randomScaling(50, { condition: 2, seed: "D" }), d);
 * ```
 */
export function randomScaling(k: number, options: RandomScalingOptions): Float64Array {
  const action = "draw a scaling";
  assertInteger(action, "k", k, 1);
  assertSize(action, `${k} scales`, k);
  assertKnown(action, options, ["condition", "seed"]);
  const { condition, seed = "cosine-lab" } = options;
  assertFiniteCondition(action, condition);
  assertString(action, "seed", seed);
  const random = seedrandom.alea(seed);
  return Float64Array.from({ length: k }, () => power(condition, random()));
}
