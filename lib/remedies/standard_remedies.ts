import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { centeredGram } from "../interactions/centered_gram.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertObject } from "../check/assert_object.ts";
import { keptGram } from "../linalg/gram.ts";
import { randomRotation } from "../linalg/random_rotation.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";
import { svdOfGram } from "../linalg/svd_of_gram.ts";
import { cosineSimilarity } from "../similarity/cosine_similarity.ts";
import { gramCosines } from "./gram_cosines.ts";
import { denoisingEmbeddings } from "../solvers/denoising_embeddings.ts";
import type { Embeddings } from "../solvers/embeddings.ts";
import { rotate } from "../solvers/rotate.ts";
import { weightDecayEmbeddings } from "../solvers/weight_decay_embeddings.ts";
import type { Remedy } from "./compare_remedies.ts";
import { cooccurrenceCounts } from "./cooccurrence_counts.ts";
import { equivalentEmbeddings, type EquivalentOptions } from "./equivalent_embeddings.ts";
import { inversePropensityScaling } from "./inverse_propensity.ts";
import { originalSpaceItems } from "./original_space.ts";
import { pmiEmbeddings } from "./pmi_embeddings.ts";
import { removeTopDirections } from "./remove_top_directions.ts";
import type { SkipGramOptions } from "./skip_gram_options.ts";
import { standardizedGram } from "./standardized_gram.ts";
import { trainSkipGram } from "./train_skip_gram.ts";

/** Options for {@linkcode standardRemedies}. */
export interface StandardRemediesOptions {
  /** λ of Eq. 1. @default {10000} */
  denoising?: number;
  /** λ of Eq. 2. @default {100} */
  weightDecay?: number;
  /** k, at most the number of items. @default {50} */
  rank?: number;
  /** The exponents β of negative sampling, and of the mutual information. @default {[0.75]} */
  noiseExponents?: readonly number[];
  /** How skip-gram is trained. */
  skipGram?: Omit<SkipGramOptions, "rank" | "noiseExponent">;
  /** The D to choose from. */
  equivalent?: EquivalentOptions;
}

/**
 * Which of the equivalent embeddings is B = V: as it varies alike in all directions, which of them is
 * the top one would be up to rounding.
 */
const LEVEL = 1;

/** How many rotations of Eq. 2 are tried. */
const ROTATIONS = 1;

/**
 * Lists the baselines and those remedies of section 3 that need no automatic differentiation, to be
 * compared by {@linkcode compareRemedies}.
 *
 * What each leaves open, which is what its training loss cannot tell apart:
 *
 * - nothing: the columns of X; ABᵀ itself, and the original space XABᵀ, which D does not enter (they are
 *   computed again for every D, so that this is measured and not assumed);
 * - rotations, which move no cosine: Eq. 2 on whatever data. One is tried;
 * - D: Eq. 1 on whatever data (standardized, less its means, scaled by inverse propensities), the
 *   same after its top direction is removed, skip-gram, and the mutual information. They are
 *   compared over the very same choices of D, {@linkcode equivalentEmbeddings}; but for B = V where
 *   the top direction is removed, since it has none.
 *
 * Standardizing changes the unit of X. So that λ means the same share of it, it is multiplied there by
 * ‖Y‖²/‖X‖² for Eq. 1, and by the square root of it for Eq. 2; propensities keep ‖X‖².
 *
 * @param options The models, and the choices of D; by default those of section 4.
 * @returns The remedies, baselines first.
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If an option is out of bounds.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { compareRemedies, standardRemedies } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const data = simulateInteractions({ users: 500, items: 40, seed: "example" });
 * const remedies = standardRemedies({ rank: 8, denoising: 100, weightDecay: 10 });
 * const found = compareRemedies(remedies.filter(({ name }) => /original|Eq. 1$/.test(name)), [data]);
 * const changes = new Map(found.map(({ name, mean }) => [name, mean.largestChange]));
 * assert(changes.get("Eq. 1")! > 0.1);
 * assert(changes.get("original space, Eq. 1")! < 1e-12);
 * ```
 */
export function standardRemedies(options: StandardRemediesOptions = {}): Remedy[] {
  assertObject("list remedies", "options", options);
  const { denoising = 10_000, weightDecay = 100, rank = 50, noiseExponents = [0.75] } = options;
  assertNumber("list remedies", "denoising", denoising, 0);
  assertNumber("list remedies", "weightDecay", weightDecay, 0);
  assertInteger("list remedies", "rank", rank, 1);
  if (!Array.isArray(noiseExponents)) {
    throw new TypeError("Cannot list remedies: noiseExponents must be an array");
  }
  noiseExponents.forEach((beta, i) => {
    assertNumber("list remedies", `noiseExponents[${i}]`, beta, -10, 10);
  });

  type GramOf = (x: Interactions) => Matrix;
  /** How many times larger ‖Y‖² is than ‖X‖², where the unit is another one. */
  const growth = (x: Interactions, g: Matrix) => g.trace() / keptGram(x).trace();
  const eq1 = (gram: GramOf, unit: typeof growth = () => 1) => (x: Interactions) => {
    const g = gram(x);
    return denoisingEmbeddings(svdOfGram(g, rank), { lambda: denoising * unit(x, g) });
  };
  const eq2 = (gram: GramOf, unit: typeof growth = () => 1) => (x: Interactions) => {
    const g = gram(x);
    const lambda = weightDecay * Math.sqrt(unit(x, g));
    return weightDecayEmbeddings(svdOfGram(g, rank), { lambda });
  };
  const overScalings = (
    name: string,
    model: (x: Interactions) => Embeddings,
    similarity: (e: Embeddings, x: Interactions) => Matrix = ({ B }) => cosineSimilarity(B),
    freedom: Remedy["freedom"] = "scaling",
  ): Remedy => ({
    name,
    freedom,
    similarities: (x) =>
      equivalentEmbeddings(model(x), options.equivalent).map((e) => similarity(e, x)),
  });
  const overRotations = (
    name: string,
    model: (x: Interactions) => Embeddings,
    similarity: (e: Embeddings, x: Interactions) => Matrix = ({ B }) => cosineSimilarity(B),
  ): Remedy => ({
    name,
    freedom: "rotation",
    similarities: (x) => {
      const e = model(x);
      const random = seedrandom.alea(options.equivalent?.seed ?? "equivalent");
      const others = Array.from(
        { length: ROTATIONS },
        () => rotate(e, randomRotation(rank, random)),
      );
      return [e, ...others].map((one) => similarity(one, x));
    },
  });
  const both = (name: string, gram: GramOf, unit?: typeof growth): Remedy[] => {
    const grams = new WeakMap<Interactions, Matrix>();
    const kept = (x: Interactions) => {
      if (!grams.has(x)) grams.set(x, gram(x));
      return grams.get(x)!;
    };
    return [
      overScalings(`${name}, Eq. 1`, eq1(kept, unit)),
      overRotations(`${name}, Eq. 2`, eq2(kept, unit)),
    ];
  };
  const unique = (name: string, similarity: (x: Interactions) => Matrix): Remedy => ({
    name,
    freedom: "nothing",
    similarities: (x) => [similarity(x)],
  });
  const propensity = (itemExponent: number, userExponent: number): GramOf => (x) =>
    keptGram(inversePropensityScaling(x, { itemExponent, userExponent }));
  const inOriginalSpace = (e: Embeddings, x: Interactions) =>
    cosineSimilarity(originalSpaceItems(x, e));
  const withoutTop = ({ B }: Embeddings) => cosineSimilarity(removeTopDirections(B));
  const dot = (e: Matrix, f: Matrix) => rowProducts(rowArrays(e), rowArrays(f));
  const skipGram = (noiseExponent: number) => (x: Interactions): Embeddings => {
    const trained = trainSkipGram(x, { ...options.skipGram, rank, noiseExponent });
    return { A: trained.outputs, B: trained.inputs };
  };
  const pmi = (smoothing: number) => (x: Interactions) =>
    pmiEmbeddings(cooccurrenceCounts(x), { smoothing, rank });

  return [
    unique("columns of X", (x) => gramCosines(keptGram(x))),
    overScalings("dot product of item embeddings, Eq. 1", eq1(keptGram), ({ B }) => dot(B, B)),
    overScalings(
      "dot product ABᵀ, Eq. 1",
      eq1(keptGram),
      ({ A, B }) => dot(A, B),
      "nothing",
    ),
    overScalings("Eq. 1", eq1(keptGram)),
    overRotations("Eq. 2", eq2(keptGram)),
    overScalings("original space, Eq. 1", eq1(keptGram), inOriginalSpace, "nothing"),
    overRotations("original space, Eq. 2", eq2(keptGram), inOriginalSpace),
    unique("columns of standardized X", (x) => gramCosines(standardizedGram(x))),
    ...both("standardized", standardizedGram, growth),
    ...both("less both means", (x) => centeredGram(x, "both")),
    ...both("inverse propensity of items", propensity(0.5, 0)),
    ...both("inverse propensity of items and users", propensity(0.5, 0.5)),
    {
      name: "top direction removed, Eq. 1",
      freedom: "scaling",
      similarities: (x) =>
        equivalentEmbeddings(eq1(keptGram)(x), options.equivalent)
          .filter((_, choice) => choice !== LEVEL).map(withoutTop),
    },
    overRotations("top direction removed, Eq. 2", eq2(keptGram), withoutTop),
    ...noiseExponents.flatMap((beta) => [
      overScalings(`skip-gram, β = ${beta}`, skipGram(beta)),
      overScalings(`mutual information, β = ${beta}`, pmi(beta)),
    ]),
  ];
}
