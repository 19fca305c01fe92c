import { assertSize } from "../check/assert_size.ts";
import { assertNumbers } from "../check/assert_numbers.ts";
import seedrandom from "seedrandom";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertString } from "../check/assert_string.ts";

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
  assertKnown("bootstrap", options, ["seed", "samples", "level"]);
  const { seed, samples = 1000, level = 0.95 } = options;
  assertString("bootstrap", "seed", seed);
  assertInteger("bootstrap", "samples", samples, 2);
  assertNumber("bootstrap", "level", level, { above: 0 }, 1);
  if (typeof values?.length !== "number" || typeof values === "string") {
    throw new TypeError("Cannot bootstrap: values must be an array of numbers");
  }
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  if (known.length === 0) {
    throw new RangeError("Cannot bootstrap: there must be at least one value");
  }
  assertNumbers("bootstrap", "values", known);
  assertSize("bootstrap", `the means of ${samples} samples`, samples);
  const random = seedrandom.alea(seed);
  const means = new Float64Array(samples).map(() => {
    let sum = 0;
    for (let t = 0; t < known.length; t++) sum += known[Math.floor(random() * known.length)];
    return sum / known.length;
  }).sort();
  const quantile = (share: number) => means[Math.round(share * (samples - 1))];
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return { mean, low: quantile((1 - level) / 2), high: quantile((1 + level) / 2) };
}
