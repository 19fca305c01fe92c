import { randomGamma } from "d3-random";
import pl, { type DataFrame, type DataType } from "nodejs-polars";
import seedrandom from "seedrandom";
import type { Interactions } from "../interactions/interactions.ts";
import { drawInteractions } from "./draw_interactions.ts";
import { type SimulationOptions, simulationOptions } from "./simulation_options.ts";

/** A table of numbers with the given columns. */
export type NumberTable<Column extends string> = DataFrame<Record<Column, DataType.Float64>>;

/** Simulated interactions, with all that is known of how they came about. */
export interface Simulation {
  /** X, n x p, binary. */
  interactions: Interactions;
  /**
   * One row per item: `item` (the column of X), `cluster`, `popularity` (its baseline p_i) and
   * `rank` within the cluster, 1 for the most popular.
   */
  items: NumberTable<"item" | "cluster" | "popularity" | "rank">;
  /**
   * One row per user: `user` (the row of X), `k_u` (the number of interactions), and the cluster
   * preferences p_uc as `preference_0`, `preference_1`, ….
   */
  users: NumberTable<"user" | "k_u" | `preference_${number}`>;
  /** The cluster of each item, 0 to C − 1. */
  clusters: Uint8Array;
  /** The options, defaults filled in. */
  options: SimulationOptions;
}

/**
 * Simulates interactions of users with clustered items, as section 4 describes.
 *
 * Items are randomly assigned to C clusters with probabilities p_c. Each cluster has a power-law
 * exponent β_c uniform in `itemExponent`, by which its items get a baseline popularity p_i. Each
 * user u has cluster preferences p_uc, and so the probabilities p_ui = p_{u,c(i)}·p_i / Σ p_{u,c(i)}·p_i;
 * a number of interactions k_u from a power law; and k_u items sampled with these probabilities
 * without replacement.
 *
 * Items are ordered by cluster, then by descending baseline popularity, as in Figure 1.
 *
 * @param options What differs from the paper's experiment; see {@linkcode SimulationOptions}.
 * @returns The interactions, and tables of items and users.
 * @throws {TypeError} If an option is of the wrong kind, or unknown.
 * @throws {RangeError} If an option is out of bounds.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const { interactions, items } = simulateInteractions({ users: 100, items: 20, seed: "example" });
 * assert.equal(interactions.users, 100);
 * assert.deepEqual(items.columns, ["item", "cluster", "popularity", "rank"]);
 * ```
 */
export function simulateInteractions(options?: Partial<SimulationOptions>): Simulation {
  const all = simulationOptions(options);
  const random = seedrandom.alea(all.seed);
  const items = drawItems(random, all);
  const users = drawUsers(random, all);
  return {
    interactions: drawInteractions({ ...items, ...users }, all.seed),
    items: numberTable([
      ["item", items.clusters.keys()],
      ["cluster", items.clusters],
      ["popularity", items.popularity],
      ["rank", items.ranks],
    ]),
    users: numberTable([
      ["user", users.sizes.keys()],
      ["k_u", users.sizes],
      ...users.preferences.map((preferences, c) => [`preference_${c}`, preferences] as const),
    ]),
    clusters: items.clusters,
    options: all,
  };
}

/** A table of typed arrays, which polars takes over much faster than arrays of numbers. */
function numberTable<Column extends string>(
  columns: readonly (readonly [Column, Iterable<number>])[],
): NumberTable<Column> {
  const series = columns.map(([name, values]) =>
    pl.Series(name, Float64Array.from(values) as unknown as number[])
  );
  return pl.DataFrame(series) as unknown as NumberTable<Column>;
}

interface Items {
  clusters: Uint8Array;
  popularity: Float64Array;
  ranks: number[];
}

interface Users {
  sizes: Uint32Array;
  /** For each cluster the preference of each user. */
  preferences: Float64Array[];
}

function drawItems(random: () => number, options: SimulationOptions): Items {
  const { items, clusters: C, clusterConcentration, itemExponent: [low, high] } = options;
  const probabilities = relative(options.clusterProbabilities) ??
    drawDirichlet(random, clusterConcentration, new Float64Array(C));
  const drawCluster = discrete(random, probabilities);
  const clusters = Uint8Array.from({ length: items }, drawCluster).sort();
  const exponents = Array.from({ length: C }, () => low + (high - low) * random());
  const popularity = new Float64Array(items);
  const ranks: number[] = [];
  for (let start = 0; start < items;) {
    const c = clusters[start];
    const size = clusters.lastIndexOf(c) + 1 - start;
    const descending = options.popularity === "zipf"
      ? Float64Array.from({ length: size }, (_, i) => (i + 1) ** -exponents[c])
      : Float64Array.from({ length: size }, () => drawPowerLaw(random, exponents[c], 1 / items))
        .sort().reverse();
    popularity.set(descending, start);
    for (let rank = 1; rank <= size; rank++) ranks.push(rank);
    start += size;
  }
  return { clusters, popularity, ranks };
}

/** Weights in units of the largest, so that their sum does not overflow. */
function relative(weights: readonly number[] | null): number[] | null {
  if (weights === null) return null;
  const largest = Math.max(...weights);
  return weights.map((weight) => weight / largest);
}

function drawUsers(random: () => number, options: SimulationOptions): Users {
  const { users, clusters: C, maxInteractions, userExponent } = options;
  const weights = Float64Array.from(
    { length: maxInteractions },
    (_, i) => (i + 1) ** -userExponent,
  );
  const drawSize = discrete(random, weights);
  const sizes = new Uint32Array(users);
  for (let u = 0; u < users; u++) sizes[u] = drawSize() + 1;
  const preferences = Array.from({ length: C }, () => new Float64Array(users));
  const drawn = new Float64Array(C);
  for (let u = 0; u < users; u++) {
    if (options.preferences === "uniform") {
      for (let c = 0; c < C; c++) drawn[c] = random();
    } else {
      drawDirichlet(random, options.preferenceConcentration, drawn);
    }
    for (let c = 0; c < C; c++) preferences[c][u] = drawn[c];
  }
  return { sizes, preferences };
}

/** Fills an array with a draw from Dirichlet(a, …, a): independent Gamma(a) draws, normalized. */
function drawDirichlet(random: () => number, a: number, into: Float64Array): Float64Array {
  const gamma = randomGamma.source(random)(a);
  let sum = 0;
  for (let i = 0; i < into.length; i++) {
    into[i] = Math.max(gamma(), Number.MIN_VALUE);
    sum += into[i];
  }
  for (let i = 0; i < into.length; i++) into[i] /= sum;
  return into;
}

/** A draw from the density proportional to x^−exponent on [low, 1], by inversion. */
function drawPowerLaw(random: () => number, exponent: number, low: number): number {
  const power = 1 - exponent;
  if (Math.abs(power) < 1e-12) return low ** random();
  const bottom = low ** power;
  return (bottom + (1 - bottom) * random()) ** (1 / power);
}

/** Draws indices with probabilities proportional to the weights, by inversion. */
function discrete(random: () => number, weights: ArrayLike<number>): () => number {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) cumulative[i] = sum += weights[i];
  return () => {
    const target = random() * sum;
    let low = 0, high = weights.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulative[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
