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
 *
 * @example
 * ```ts
 * import { simulationOptions } from "./simulation_options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(simulationOptions({ items: 50 }).maxInteractions, 50);
 * assert.throws(() => simulationOptions({ itemExponent: [1.5, 0.25] }), RangeError);
 * ```
 */
export function simulationOptions(options: Partial<SimulationOptions> = {}): SimulationOptions {
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
    throw new TypeError("Cannot simulate: itemExponent must be a pair [smallest, largest]");
  }
  const [smallest, largest] = range;
  assertNumber("simulate", "itemExponent[0]", smallest, popularity === "zipf" ? 0 : -Infinity);
  assertNumber("simulate", "itemExponent[1]", largest);
  if (smallest > largest) {
    throw new RangeError(
      `Cannot simulate: itemExponent must be [smallest, largest], current value is [${
        range.join(", ")
      }]`,
    );
  }
}

function checkClusterProbabilities({ clusterProbabilities, clusters }: SimulationOptions): void {
  if (clusterProbabilities === null) return;
  if (!Array.isArray(clusterProbabilities)) {
    throw new TypeError("Cannot simulate: clusterProbabilities must be an array or null");
  }
  if (clusterProbabilities.length !== clusters) {
    throw new RangeError(
      `Cannot simulate: clusterProbabilities must have an entry for each of the ${clusters} ` +
        `clusters, it has ${clusterProbabilities.length}`,
    );
  }
  clusterProbabilities.forEach((weight, c) =>
    assertNumber("simulate", `clusterProbabilities[${c}]`, weight, 0)
  );
  if (clusterProbabilities.every((weight) => weight === 0)) {
    throw new RangeError("Cannot simulate: clusterProbabilities must not all be 0");
  }
}
