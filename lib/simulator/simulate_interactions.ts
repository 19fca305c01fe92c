import seedrandom from "seedrandom";
import { InputRangeError, InputTypeError } from "../errors.ts";
import {
  anything,
  assertNumber,
  assertSize,
  checkedOptions,
  integer,
  LARGEST_KERNEL,
  number,
  oneOf,
  text,
} from "../check.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { power } from "../math/elementary.ts";
import { randomGamma } from "../math/random.ts";
import { drawInteractions } from "./draw_interactions.ts";

/** Columns that describe the items, one entry per item. */
export interface SimulatedItems {
  /** The column of X: 0, 1, …, p − 1. */
  item: Uint32Array;
  /** The cluster, 0 to C − 1. */
  cluster: Uint8Array;
  /** The baseline popularity p_i. */
  popularity: Float64Array;
  /** The rank within the cluster, 1 for the most popular. */
  rank: Uint32Array;
}

/** Columns that describe the users, one entry per user. */
export interface SimulatedUsers {
  /** The row of X: 0, 1, …, n − 1. */
  user: Uint32Array;
  /** The number of interactions. */
  k_u: Uint32Array;
  /** The preference p_uc for cluster c. */
  [preference: `preference_${number}`]: Float64Array;
}

/** Simulated interactions, with the items, users and options behind them. */
export interface Simulation {
  /** X, n x p, binary. */
  interactions: Interactions;
  /** The items, as columns of a table with one row per item: `pl.DataFrame(items)` in polars. */
  items: SimulatedItems;
  /** The users, as columns of a table with one row per user. */
  users: SimulatedUsers;
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
 * @param options Differences from the paper's experiment; see {@linkcode SimulationOptions}.
 * @returns The interactions, and columns that describe the items and users.
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
 * assert.deepEqual(Object.keys(items), ["item", "cluster", "popularity", "rank"]);
 * ```
 */
export function simulateInteractions(options?: Partial<SimulationOptions>): Simulation {
  const all = simulationOptions(options);
  const random = seedrandom.alea(all.seed);
  const items = drawItems(random, all);
  const users = drawUsers(random, all);
  return {
    interactions: drawInteractions({ ...items, ...users }, all.seed),
    items: {
      item: Uint32Array.from(items.clusters.keys()),
      cluster: items.clusters,
      popularity: items.popularity,
      rank: items.ranks,
    },
    users: {
      user: Uint32Array.from(users.sizes.keys()),
      k_u: users.sizes,
      ...Object.fromEntries(users.preferences.map((column, c) => [`preference_${c}`, column])),
    },
    clusters: items.clusters,
    options: all,
  };
}

interface Items {
  clusters: Uint8Array;
  popularity: Float64Array;
  ranks: Uint32Array;
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
  const ranks = new Uint32Array(items);
  for (let start = 0; start < items;) {
    const c = clusters[start];
    const size = clusters.lastIndexOf(c) + 1 - start;
    const descending = options.popularity === "zipf"
      ? Float64Array.from({ length: size }, (_, i) => power(i + 1, -exponents[c]))
      : Float64Array.from({ length: size }, () => drawPowerLaw(random, exponents[c], 1 / items))
        .sort().reverse();
    popularity.set(descending, start);
    for (let i = 0; i < size; i++) ranks[start + i] = i + 1;
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
    (_, i) => power(i + 1, -userExponent),
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
  const gamma = randomGamma(random, a);
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
  const risen = 1 - exponent;
  if (Math.abs(risen) < 1e-12) return power(low, random());
  const bottom = power(low, risen);
  return power(bottom + (1 - bottom) * random(), 1 / risen);
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

/**
 * The parameters of the simulation of section 4. Defaults are the values that the paper states; where
 * it leaves one open, the default is marked as our choice.
 */
export interface SimulationOptions {
  /** n, the number of users. @default {20000} */
  users: number;
  /** p, the number of items. @default {1000} */
  items: number;
  /** C, the number of clusters, 255 at most. @default {5} */
  clusters: number;
  /**
   * The probabilities p_c of the clusters, C weights that need not sum to 1; `null` draws them from
   * Dirichlet(`clusterConcentration`, …). Our choice.
   */
  clusterProbabilities: readonly number[] | null;
  /** How equal the drawn cluster probabilities are, above 0 and at most 1e9. @default {10} */
  clusterConcentration: number;
  /**
   * [β_min, β_max] of the items: each cluster's exponent is uniform between them. Not negative where
   * popularity is `"zipf"`, since rank 1 would then be the least popular.
   *
   * @default {[0.25, 1.5]}
   */
  itemExponent: readonly [number, number];
  /**
   * What "p_i = PowerLaw(β_c)" means, our choice: `"zipf"`, the item's random rank within its
   * cluster to the power −β_c; or `"draw"`, a draw from the density proportional to x^−β_c on
   * [1/p, 1].
   *
   * @default {"zipf"}
   */
  popularity: "zipf" | "draw";
  /**
   * How the users' cluster preferences p_uc are drawn, our choice: `"dirichlet"`, from
   * Dirichlet(`preferenceConcentration`, …), which for 1 is uniform on the simplex; or `"uniform"`,
   * each on its own uniform between 0 and 1.
   *
   * @default {"dirichlet"}
   */
  preferences: "dirichlet" | "uniform";
  /** How equal a user's Dirichlet preferences are, above 0 and at most 1e9. @default {1} */
  preferenceConcentration: number;
  /** The exponent β of the users: P(k_u = k) is proportional to k^−β. @default {0.5} */
  userExponent: number;
  /** The largest k_u, p at most. Our choice. @default {items} */
  maxInteractions: number;
  /** The same seed gives the same simulation, to the last digit. @default {"cosine-lab"} */
  seed: string;
}

/**
 * At this concentration, weights are equal to a few parts in 1e5. Far beyond it the sum of the gamma
 * draws, which are about as large, would overflow.
 */
const MAX_CONCENTRATION = 1e9;

/**
 * Fills in the defaults of {@linkcode SimulationOptions}, and checks them.
 *
 * @param options The options that are given.
 * @returns All of them.
 * @throws {TypeError} If an option is of the wrong kind, or unknown.
 * @throws {RangeError} If an option is out of bounds.
 */
function simulationOptions(options: Partial<SimulationOptions> = {}): SimulationOptions {
  const concentration = (fallback: number) => number({ above: 0 }, MAX_CONCENTRATION, fallback);
  const most = options?.items ?? 1_000;
  const all = checkedOptions("simulate", options, {
    users: integer(1, Infinity, 20_000),
    items: integer(1, Infinity, 1_000),
    clusters: integer(1, 255, 5),
    clusterProbabilities: anything<readonly number[] | null>(null),
    clusterConcentration: concentration(10),
    itemExponent: anything<readonly [number, number]>([0.25, 1.5]),
    popularity: oneOf(["zipf", "draw"], "zipf"),
    preferences: oneOf(["dirichlet", "uniform"], "dirichlet"),
    preferenceConcentration: concentration(1),
    userExponent: number(-Infinity, Infinity, 0.5),
    maxInteractions: integer(1, most, most),
    seed: text("cosine-lab"),
  });
  const { users, items, clusters } = all;
  assertSize(
    "simulate",
    `${users} users with ${clusters} preferences each`,
    users * clusters,
    LARGEST_KERNEL,
  );
  assertSize("simulate", `${items} items`, items, LARGEST_KERNEL);
  // These two depend on other options.
  checkItemExponent(all);
  checkClusterProbabilities(all);
  return all;
}

function checkItemExponent({ itemExponent: range, popularity }: SimulationOptions): void {
  if (!Array.isArray(range) || range.length !== 2) {
    throw new InputTypeError("Cannot simulate: itemExponent must be a pair [smallest, largest]");
  }
  const [smallest, largest] = range;
  assertNumber("simulate", "itemExponent[0]", smallest, popularity === "zipf" ? 0 : -Infinity);
  assertNumber("simulate", "itemExponent[1]", largest);
  if (smallest > largest) {
    throw new InputRangeError(
      `Cannot simulate: itemExponent must be [smallest, largest], current value is [${
        range.join(", ")
      }]`,
    );
  }
}

function checkClusterProbabilities({ clusterProbabilities, clusters }: SimulationOptions): void {
  if (clusterProbabilities === null) return;
  if (!Array.isArray(clusterProbabilities)) {
    throw new InputTypeError("Cannot simulate: clusterProbabilities must be an array or null");
  }
  if (clusterProbabilities.length !== clusters) {
    throw new InputRangeError(
      `Cannot simulate: clusterProbabilities must have an entry for each of the ${clusters} ` +
        `clusters, it has ${clusterProbabilities.length}`,
    );
  }
  clusterProbabilities.forEach((weight, c) =>
    assertNumber("simulate", `clusterProbabilities[${c}]`, weight, 0)
  );
  if (clusterProbabilities.every((weight) => weight === 0)) {
    throw new InputRangeError("Cannot simulate: clusterProbabilities must not all be 0");
  }
}
