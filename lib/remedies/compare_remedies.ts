import type { Matrix } from "ml-matrix";
import type { Freedom } from "../arbitrariness/freedom.ts";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertObject } from "../check/assert_object.ts";
import { remedyYardsticks, type Yardsticks } from "./remedy_yardsticks.ts";

/** Data of which it is known what is similar; a {@linkcode Simulation} has both. */
export interface RemedyData {
  /** X, n x p. */
  interactions: Interactions;
  /** The cluster of each item, length p. */
  clusters: ArrayLike<number>;
}

/** A way to get similarities of items from interactions. */
export interface Remedy {
  /** Its name, as it is in tables. */
  name: string;
  /**
   * What its training leaves open: `"scaling"` by D and `"translation"` of all items move the cosines,
   * `"rotation"` and `"nothing"` do not. A word for tables; how far the cosines do move is measured.
   */
  freedom: Freedom;
  /**
   * Computes the similarities, p x p: one matrix for each choice of D that leaves the training loss as
   * it is, that of the embeddings as training returns them first.
   *
   * @param interactions X, n x p.
   */
  similarities(interactions: Interactions): Matrix[];
}

/** How a remedy did on all data sets. */
export interface RemedyComparison {
  name: string;
  freedom: Remedy["freedom"];
  /** The yardsticks on each data set. */
  runs: Yardsticks[];
  /** The mean of each yardstick over the data sets. */
  mean: Yardsticks;
  /** The standard deviation of each yardstick over the data sets (n − 1; NaN for a single one). */
  spread: Yardsticks;
  /** The seconds that the similarities took on each data set: training, and all choices of D. */
  seconds: number[];
}

/** Options for {@linkcode compareRemedies}. */
export interface CompareRemediesOptions {
  /** k, how many neighbors; `wide` has ten times as many. @default {10} */
  k?: number;
  /** Called after each remedy on each data set. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Compares remedies on the same data sets with the same yardsticks: {@linkcode remedyYardsticks}.
 *
 * Anything that gives similarities can take part: a name, what its loss leaves open, and a function.
 * {@linkcode standardRemedies} lists those of section 3 that need no gradients. Where the loss depends on
 * dot products alone, {@linkcode equivalentEmbeddings} gives the choices of D.
 *
 * @param remedies The remedies.
 * @param dataSets The data sets.
 * @param options The number of neighbors, and a function for the progress.
 * @returns One comparison for each remedy, in their order.
 * @throws {TypeError} If a remedy has no name or no function, or a data set no interactions.
 * @throws {RangeError} If there is no remedy or no data set, or what a remedy returns cannot be measured.
 *
 * @example
 * ```ts
 * import { gram, simulateInteractions } from "cosine-lab";
 * import { compareRemedies, gramCosines } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const data = ["a", "b"].map((seed) => simulateInteractions({ users: 400, items: 40, seed }));
 * const raw = {
 *   name: "columns of X",
 *   freedom: "nothing" as const,
 *   similarities: (x: typeof data[0]["interactions"]) => [gramCosines(gram(x))],
 * };
 * const [{ mean, runs }] = compareRemedies([raw], data);
 * assert.equal(mean.auc.given, (runs[0].auc.given + runs[1].auc.given) / 2);
 * assert.equal(mean.largestChange, 0);
 * ```
 */
export function compareRemedies(
  remedies: readonly Remedy[],
  dataSets: readonly RemedyData[],
  options: CompareRemediesOptions = {},
): RemedyComparison[] {
  assertComparable(remedies, dataSets);
  assertObject("compare remedies", "options", options);
  const { k, onProgress } = options;
  const found = remedies.map(({ name, freedom }) => ({
    name,
    freedom,
    runs: [] as Yardsticks[],
    seconds: [] as number[],
  }));
  const total = remedies.length * dataSets.length;
  onProgress?.(0, total);
  dataSets.forEach(({ interactions, clusters }, d) => {
    const popularity = new Float64Array(interactions.items);
    for (const item of interactions.columnIndices) popularity[item]++;
    remedies.forEach((remedy, r) => {
      const start = performance.now();
      const similarities = remedy.similarities(interactions);
      found[r].seconds.push((performance.now() - start) / 1000);
      found[r].runs.push(remedyYardsticks(similarities, { labels: clusters, popularity, k }));
      onProgress?.(d * remedies.length + r + 1, total);
    });
  });
  return found.map((one) => ({
    ...one,
    mean: overRuns(one.runs, average),
    spread: overRuns(one.runs, standardDeviation),
  }));
}

function assertComparable(remedies: readonly Remedy[], dataSets: readonly RemedyData[]): void {
  for (const [name, list] of [["remedies", remedies], ["dataSets", dataSets]] as const) {
    if (!Array.isArray(list)) {
      throw new TypeError(`Cannot compare remedies: ${name} must be an array`);
    }
    if (list.length === 0) {
      throw new RangeError(`Cannot compare remedies: ${name} must have at least one entry`);
    }
  }
  remedies.forEach((remedy, i) => {
    if (typeof remedy?.name !== "string" || typeof remedy.similarities !== "function") {
      throw new TypeError(
        `Cannot compare remedies: remedies[${i}] must have a name and a function similarities`,
      );
    }
  });
  dataSets.forEach((data, i) => {
    assertInteractions("compare remedies", `dataSets[${i}].interactions`, data?.interactions);
  });
}

/** Applies a statistic to each number of the yardsticks, over the runs. */
function overRuns(runs: Yardsticks[], statistic: (values: number[]) => number): Yardsticks {
  const over = (values: unknown[]): unknown => {
    if (typeof values[0] === "number") return statistic(values as number[]);
    const keys = Object.keys(values[0] as object);
    const of = (key: string) =>
      over(values.map((value) => (value as Record<string, unknown>)[key]));
    return Object.fromEntries(keys.map((key) => [key, of(key)]));
  };
  return over(runs) as Yardsticks;
}

function average(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardDeviation(values: number[]): number {
  const mean = average(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
