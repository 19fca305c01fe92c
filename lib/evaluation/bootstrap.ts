import seedrandom from "seedrandom";
import { InputRangeError, InputTypeError } from "../errors.ts";
import {
  assertNumbers,
  assertSize,
  checkedOptions,
  integer,
  LARGEST_FACTOR,
  number,
  text,
} from "../check.ts";
import { meanWithError, quantiles } from "../math/mean_and_quantiles.ts";
import type { Estimate } from "./ranking.ts";

/** A mean with a confidence interval. */
export interface MeanInterval {
  mean: number;
  low: number;
  high: number;
}

/**
 * Computes the mean of values with a bootstrap percentile interval (Efron, 1979): of items drawn
 * again with replacement, how the mean would vary.
 *
 * @param values A value for each item, or its difference between two models; NaN where an item has
 * none.
 * @param options `seed`; `samples`, how often to draw (1000 by default); `level`, the share of the
 * means in the interval (0.95 by default).
 * @returns The mean and the interval.
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If no value is a number, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { bootstrapMean } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * const { mean, low, high } = bootstrapMean([1, 2, 3, 4], { seed: "example" });
 * assert(mean === 2.5 && low >= 1 && low < mean && high > mean && high <= 4);
 * ```
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  options: { seed: string; samples?: number; level?: number },
): MeanInterval {
  const { seed, samples, level } = checkedOptions("bootstrap", options, {
    seed: text(),
    samples: integer(2, Infinity, 1000),
    level: number({ above: 0 }, 1, 0.95),
  });
  if (typeof values?.length !== "number" || typeof values === "string") {
    throw new InputTypeError("Cannot bootstrap: values must be an array of numbers");
  }
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  if (known.length === 0) {
    throw new InputRangeError("Cannot bootstrap: there must be at least one value");
  }
  assertNumbers("bootstrap", "values", known);
  assertSize("bootstrap", `the means of ${samples} samples`, samples);
  const random = seedrandom.alea(seed);
  const means = new Float64Array(samples).map(() => {
    let sum = 0;
    for (let t = 0; t < known.length; t++) sum += known[Math.floor(random() * known.length)];
    return sum / known.length;
  });
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const [low, high] = quantiles(means, [(1 - level) / 2, (1 + level) / 2]);
  return { mean, low, high };
}

/**
 * Compares two estimates of the same users, user by user: what all users have in common, easy ones and
 * hard ones, cancels.
 *
 * @param a An estimate, for instance `evaluateRanking(…).ndcgAt100`.
 * @param b What it is compared with, of the same users in the same order.
 * @returns How much larger a is, and the standard error of that.
 * @throws {TypeError} If one has no values.
 * @throws {RangeError} If they are of fewer than two users, or not of as many.
 *
 * @example
 * ```ts
 * import { pairedDifference } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * const difference = pairedDifference({ values: [0.5, 0.7] }, { values: [0.4, 0.6] });
 * assert(Math.abs(difference.mean - 0.1) < 1e-12 && difference.standardError < 1e-12);
 * ```
 */
export function pairedDifference(
  a: Pick<Estimate, "values">,
  b: Pick<Estimate, "values">,
): { mean: number; standardError: number } {
  const action = "compare estimates";
  if (!Array.isArray(a?.values) || !Array.isArray(b?.values)) {
    throw new InputTypeError(`Cannot ${action}: both must have the values of the users`);
  }
  const n = a.values.length;
  if (n !== b.values.length || n < 2) {
    throw new InputRangeError(
      `Cannot ${action}: they must be of the same users, at least 2, they are of ${n} and ${b.values.length}`,
    );
  }
  assertNumbers(action, "the values of the first", a.values, -LARGEST_FACTOR, LARGEST_FACTOR);
  assertNumbers(action, "the values of the second", b.values, -LARGEST_FACTOR, LARGEST_FACTOR);
  const differences = a.values.map((value, u) => value - b.values[u]);
  return meanWithError(differences);
}
