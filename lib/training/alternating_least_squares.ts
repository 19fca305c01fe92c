import { Matrix, solve } from "ml-matrix";
import seedrandom from "seedrandom";
import { type GramData, gramOf } from "../interactions/centered_gram.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { checkedOptions, integer, number, text } from "../check.ts";
import { type Embeddings, rowByRow } from "../solvers/embeddings.ts";
import { GramObjective } from "../solvers/losses.ts";
import { randomNormal } from "../math/random.ts";

/** Options for {@linkcode alternatingLeastSquares}. */
export interface AlternatingLeastSquaresOptions {
  /** λ > 0, the weight of the regularization. */
  lambda: number;
  /** k, the number of latent dimensions, between 1 and p. */
  rank: number;
  /** The seed of the start. @default {"start"} */
  seed?: string;
  /** The most rounds, each of which solves for P and for Q. @default {1000} */
  maxRounds?: number;
  /** The rounds end when one lowers the loss by less than this share of it. @default {1e-14} */
  tolerance?: number;
}

/**
 * Solves the usual matrix factorization min ‖X − PQᵀ‖² + λ(‖P‖² + ‖Q‖²) by alternating least squares
 * (Hu, Koren and Volinsky, Collaborative filtering for implicit feedback datasets, 2008; here
 * without confidence weights).
 *
 * It is Eq. 2 with P = XA and Q = B (section 2.1): given Q, the best P = XQ(QᵀQ + λI)⁻¹ is of the
 * form XA; given P, the best Q = XᵀP(PᵀP + λI)⁻¹ = GA(AᵀGA + λI)⁻¹. So only G is needed, and nothing
 * has n rows.
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param options λ, the rank, and when to stop.
 * @returns A, so that P = XA, and B = Q; with the loss of Eq. 2 after each round.
 * @throws {TypeError} If x is not an Interactions, or an option is of the wrong kind.
 * @throws {RangeError} If an option is out of bounds.
 *
 * @example
 * ```ts
 * import { Interactions, truncatedSVD, weightDecayEmbeddings } from "cosine-lab";
 * import { alternatingLeastSquares } from "cosine-lab/training";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1, 0], [0, 1, 1], [1, 1, 1], [1, 0, 0]]);
 * const { embeddings: { A, B } } = alternatingLeastSquares(x, { lambda: 0.5, rank: 2 });
 * const exact = weightDecayEmbeddings(truncatedSVD(x), { lambda: 0.5, rank: 2 });
 * const difference = A.mmul(B.transpose()).sub(exact.A.mmul(exact.B.transpose()));
 * assert(difference.norm("frobenius") < 1e-6);
 * ```
 */
export function alternatingLeastSquares(
  x: Interactions | Pick<GramData, "gram">,
  options: AlternatingLeastSquaresOptions,
): { embeddings: Embeddings; losses: number[] } {
  const g = gramOf("factorize", x);
  const { lambda, rank, seed, maxRounds, tolerance } = checkedOptions("factorize", options, {
    lambda: number({ above: 0 }),
    rank: integer(1, g.rows),
    seed: text("start"),
    maxRounds: integer(1, Infinity, 1000),
    tolerance: number(0, Infinity, 1e-14),
  });
  const objective = new GramObjective(g, { objective: "weightDecay", lambda });
  const normal = randomNormal(seedrandom.alea(seed));
  let B = new Matrix(g.rows, rank);
  B.apply((i, j) => B.set(i, j, normal()));
  const losses: number[] = [];
  for (;;) {
    const A = divideByRegularized(B, B.transpose().mmul(B), lambda);
    const ga = g.mmul(A);
    B = divideByRegularized(ga, A.transpose().mmul(ga), lambda);
    const loss = objective.loss(rowByRow(A), rowByRow(B));
    const before = losses.at(-1) ?? Infinity;
    losses.push(loss);
    if (before - loss <= tolerance * loss || losses.length === maxRounds) {
      // Half a round more, so that A is the best for the B that is returned.
      return {
        embeddings: { A: divideByRegularized(B, B.transpose().mmul(B), lambda), B },
        losses,
      };
    }
  }
}

/** m(s + λI)⁻¹, for a symmetric s. */
function divideByRegularized(m: Matrix, s: Matrix, lambda: number): Matrix {
  for (let i = 0; i < s.rows; i++) s.set(i, i, s.get(i, i) + lambda);
  return solve(s, m.transpose()).transpose();
}
