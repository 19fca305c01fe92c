import { assertSize } from "../check/assert_size.ts";
import seedrandom from "seedrandom";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertString } from "../check/assert_string.ts";
import { power } from "../elementary/power.ts";
import { randomRotation } from "../linalg/random_rotation.ts";
import type { Embeddings } from "../solvers/embeddings.ts";
import { rescale } from "../solvers/rescale.ts";
import { rotate } from "../solvers/rotate.ts";
import { balancedFactors } from "./balanced_factors.ts";

/** Options for {@linkcode equivalentEmbeddings}. */
export interface EquivalentOptions {
  /** How many random D there are beside those of the spectrum. @default {3} */
  scalings?: number;
  /** max D / min D of the random ones, which are log-uniform. @default {10} */
  condition?: number;
  /**
   * How many random invertible M there are, too: a rotation, then a D of that condition, which is what
   * is free of the loss; a diagonal D is a part of it.
   *
   * @default {0}
   */
  mixtures?: number;
  /** The seed of the random ones. @default {"equivalent"} */
  seed?: string;
}

/**
 * Lists embeddings that a loss of the dot products cannot tell from the given ones: the same ABᵀ, and so
 * the same predictions and training loss, with other cosines (Eq. 3).
 *
 * These are the choices of D by which all remedies are compared: the embeddings as they are; in the even
 * split of {@linkcode balancedFactors} with spectrum S, D = S^½ (so that B = U) and D = S^−½ (B = US); and
 * random D of bounded condition. For Eq. 1, S is dMat, and the first three are the D of section 2.2.
 * For skip-gram and for mutual information they are B = U·S^e with e = ½, 0 and 1.
 *
 * @param e The embeddings, p x k with k ≤ p.
 * @param options The random D.
 * @returns The embeddings, 3 + `scalings` + `mixtures` of them, the given ones first. Where S has zeros, the others
 * have fewer columns.
 * @throws {TypeError} If e is no pair of matrices, or an option of the wrong kind.
 * @throws {RangeError} If A and B differ in shape, have more columns than rows or a product of 0, or an
 * option is out of bounds.
 *
 * @example
 * ```ts
 * import { largestDifference } from "cosine-lab";
 * import { equivalentEmbeddings } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const e = { A: new Matrix([[1, 2], [3, 1]]), B: new Matrix([[1, 1], [0, 2]]) };
 * const product = e.A.mmul(e.B.transpose());
 * for (const { A, B } of equivalentEmbeddings(e)) {
 *   assert(largestDifference(A.mmul(B.transpose()), product) < 1e-12);
 * }
 * ```
 */
export function equivalentEmbeddings(
  e: Embeddings,
  options: EquivalentOptions = {},
): Embeddings[] {
  assertKnown("rescale", options, ["scalings", "condition", "mixtures", "seed"]);
  const { scalings: count = 3, condition = 10, mixtures = 0, seed = "equivalent" } = options;
  assertInteger("rescale", "scalings", count, 0);
  assertInteger("rescale", "mixtures", mixtures, 0);
  assertNumber("rescale", "condition", condition, 1);
  assertString("rescale", "seed", seed);
  const { embeddings, spectrum } = balancedFactors(e);
  const models = count + mixtures, size = 2 * e.A.rows * e.A.columns;
  assertSize("rescale", `${models} models of ${size} numbers`, models * size);
  const next = seedrandom.alea(seed);
  const randomScaling = () => spectrum.map(() => power(condition, next() - 0.5));
  const scalings = [
    spectrum.map(Math.sqrt),
    spectrum.map((value) => 1 / Math.sqrt(value)),
    ...Array.from({ length: count }, randomScaling),
  ];
  return [
    e,
    ...scalings.map((d) => rescale(embeddings, d)),
    ...Array.from({ length: mixtures }, () => {
      const rotation = randomRotation(spectrum.length, next);
      return rescale(rotate(embeddings, rotation), randomScaling());
    }),
  ];
}
