import { assertKnown } from "../check/assert_known.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { log } from "../elementary/log.ts";
import { power } from "../elementary/power.ts";

/** A λ, and what was measured with it. */
export interface TriedLambda {
  lambda: number;
  accuracy: number;
}

/** The λ of the largest accuracy, and all that were tried, in ascending order. */
export interface LambdaSearch extends TriedLambda {
  tried: TriedLambda[];
}

/** How far the first step goes: 10^(4/12), about a factor of 2. */
const FIRST_STEP = 4;

/**
 * Finds the λ of the largest accuracy on the grid 10^(j/12), whose neighbors are a factor of 1.21 apart:
 * uphill from the grid's point next to `start`, in steps of a factor of 2.2 first, then of 1.5 and 1.21.
 *
 * It ends in the maximum where accuracy has one, and before that only falls towards either side, which
 * a curve of all λ shows. Of equal accuracies the smaller λ is kept.
 *
 * @param accuracy Measures the accuracy with a λ; no λ is tried twice.
 * @param options `start`, a λ to start from; `steps`, how far from it to go at the most, on the grid.
 * @returns The λ, its accuracy, and what was tried.
 * @throws {TypeError} If accuracy is no function, or an option of the wrong kind or unknown.
 * @throws {RangeError} If an option is out of bounds, or an accuracy is no number.
 *
 * @example
 * ```ts
 * import { searchLambda } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { lambda } = searchLambda((lambda) => -((Math.log(lambda / 100)) ** 2), { start: 1000 });
 * assert(Math.abs(lambda - 100) < 1e-9);
 * ```
 */
export function searchLambda(
  accuracy: (lambda: number) => number,
  options: { start: number; steps?: number },
): LambdaSearch {
  const action = "search lambda";
  if (typeof accuracy !== "function") {
    throw new TypeError(`Cannot ${action}: accuracy must be a function`);
  }
  assertKnown(action, options, ["start", "steps"]);
  const { start, steps = 60 } = options;
  assertNumber(action, "start", start, { above: 0 });
  assertInteger(action, "steps", steps, 1);
  const tried = new Map<number, number>();
  const measure = (j: number) => {
    if (!tried.has(j)) {
      const value = accuracy(power(10, j / 12));
      if (typeof value !== "number" || Number.isNaN(value)) {
        throw new RangeError(`Cannot ${action}: accuracy must be a number, it is ${value}`);
      }
      tried.set(j, value);
    }
    return tried.get(j)!;
  };
  const first = Math.round(12 * log(start) / Math.LN10);
  let best = first;
  for (let step = FIRST_STEP; step >= 1; step /= 2) {
    for (let moved = true; moved;) {
      moved = false;
      for (const next of [best - step, best + step]) {
        if (Math.abs(next - first) > steps) continue;
        const better = measure(next) - measure(best);
        if (better < 0 || better === 0 && next > best) continue;
        best = next;
        moved = true;
      }
    }
  }
  return {
    lambda: power(10, best / 12),
    accuracy: measure(best),
    tried: [...tried].sort(([a], [b]) => a - b)
      .map(([j, value]) => ({ lambda: power(10, j / 12), accuracy: value })),
  };
}
