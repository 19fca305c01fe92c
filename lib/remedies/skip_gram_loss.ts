import { exp } from "../elementary/exp.ts";
import { log1p } from "../elementary/log1p.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { rowProducts } from "../linalg/row_products.ts";
import { assertEmbeddings } from "../solvers/embeddings.ts";
import { cooccurrenceCounts } from "./cooccurrence_counts.ts";
import { noiseDistribution } from "./noise_distribution.ts";
import {
  contextCounts,
  type NegativeSamplingOptions,
  negativeSamplingOptions,
} from "./skip_gram_options.ts";
import type { SkipGramVectors } from "./train_skip_gram.ts";

/**
 * Evaluates the loss that {@linkcode trainSkipGram} descends: the expectation over (item, context)
 * pairs and their negatives,
 *
 * −Σᵢⱼ P(i, j)·log σ(⟨wᵢ, cⱼ⟩) − κ·Σᵢⱼ P(i)·q(j)·log σ(−⟨wᵢ, cⱼ⟩),
 *
 * with P(i, j) from {@linkcode cooccurrenceCounts}, κ negatives and q ∝ popularity^β. Not sampled:
 * exact to rounding. It depends on WCᵀ alone, and without a bound on the rank it is least where
 * ⟨wᵢ, cⱼ⟩ = log(P(i, j) / (P(i)·q(j))) − log κ: the shifted pointwise mutual information (Levy and
 * Goldberg, Neural word embedding as implicit matrix factorization, 2014). Takes O(p²k), and the counts.
 *
 * @param x The interactions X, n x p.
 * @param vectors W and C, p x k.
 * @param options κ and β.
 * @returns The mean loss of a pair, in nats.
 * @throws {TypeError} If x is no Interactions, vectors no pair of matrices, or an option of the wrong
 * kind.
 * @throws {RangeError} If W and C have not a row for each item, an option is out of bounds, or no user
 * has two items.
 *
 * @example
 * ```ts
 * import { Interactions } from "cosine-lab";
 * import { skipGramLoss } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1], [1, 1]]);
 * const zeros = { inputs: Matrix.zeros(2, 1), outputs: Matrix.zeros(2, 1) };
 * assert(Math.abs(skipGramLoss(x, zeros, { negatives: 3 }) - 4 * Math.log(2)) < 1e-12);
 * ```
 */
export function skipGramLoss(
  x: Interactions,
  vectors: SkipGramVectors,
  options: NegativeSamplingOptions = {},
): number {
  const action = "evaluate the loss";
  const { negatives, noiseExponent } = negativeSamplingOptions(action, x, options);
  assertEmbeddings(action, { A: vectors?.inputs, B: vectors?.outputs }, x.items);
  const popularity = contextCounts(action, x);
  const noise = noiseDistribution(popularity, noiseExponent);
  const scores = rowArrays(rowProducts(rowArrays(vectors.inputs), rowArrays(vectors.outputs)));
  const counts = rowArrays(cooccurrenceCounts(x));
  let loss = 0;
  scores.forEach((row, i) => {
    for (let j = 0; j < row.length; j++) {
      loss += counts[i][j] * softplus(-row[j]);
      loss += negatives * popularity[i] * noise[j] * softplus(row[j]);
    }
  });
  return loss / popularity.reduce((sum, count) => sum + count, 0);
}

/** log(1 + e^s) = −log σ(−s), without overflow. */
function softplus(s: number): number {
  return Math.max(s, 0) + log1p(exp(-Math.abs(s)));
}
