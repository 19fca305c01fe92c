import { InputRangeError, InputTypeError } from "../errors.ts";
import { anything, checkedOptions, integer, number } from "../check.ts";
import { log, power } from "../math/elementary.ts";
import type { HeldOutUsers } from "../evaluation/hold_out.ts";
import { assertHeldOut, type RankingAccuracy } from "../evaluation/ranking.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { type SVD, svdOfGram } from "../linalg/svd.ts";
import {
  denoisingEmbeddings,
  denoisingSpectrum,
  weightDecayEmbeddings,
} from "../solvers/closed_forms.ts";
import type { Embeddings } from "../solvers/embeddings.ts";
import { type Preparation, prepareData, type PreparedData } from "./prepared_data.ts";
import { spectralRanking } from "./rankings.ts";

/** One of the two models, with the λ that ranks held-out items best. */
export interface TunedModel {
  /** Which one. */
  name: "Eq. 1" | "Eq. 2";
  /** Its λ. */
  lambda: number;
  /** The λ that were tried, with their NDCG@100. */
  search: LambdaSearch;
  /** Its embeddings of Eq. 5 or 6. */
  embeddings: Embeddings;
  /** Ranks what was held out of any users by the model's predictions of X. */
  rank(users: HeldOutUsers): RankingAccuracy;
}

/** Both models of prepared data. */
export interface TunedModels {
  /** The prepared data. */
  data: PreparedData;
  /** Their singular value decomposition. */
  svd: SVD;
  denoising: TunedModel;
  weightDecay: TunedModel;
}

/**
 * Fits both models to prepared data, each with the λ of the largest NDCG@100 on held-out items of other
 * users: {@linkcode prepareData}, {@linkcode searchLambda}.
 *
 * @param train The interactions of the users for training, n x p.
 * @param validation Other users.
 * @param options How the data are prepared, `"as it is"` by default; the rank k, 50 by default.
 * @returns The models; what they share is computed once.
 * @throws {TypeError} If an argument is of the wrong kind, or an option unknown.
 * @throws {RangeError} If shapes do not fit each other, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { holdOutItems, splitUsers } from "cosine-lab/evaluation";
 * import { tuneModels } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 300, items: 40 });
 * const { train, validation } = splitUsers(interactions, { validation: 50, test: 50, seed: "s" });
 * const held = holdOutItems(validation, { share: 0.2, seed: "s" });
 * const { denoising } = tuneModels(train, held, { rank: 8 });
 * const { ndcgAt100 } = denoising.rank(held);
 * assert.equal(ndcgAt100.mean, denoising.search.accuracy);
 * ```
 */
export function tuneModels(
  train: Interactions,
  validation: HeldOutUsers,
  options: { preparation?: Preparation; rank?: number } = {},
): TunedModels {
  assertHeldOut(validation?.given, validation?.heldOut);
  const { preparation, rank } = checkedOptions("tune models", options, {
    preparation: anything<Preparation>("as it is"),
    rank: integer(1, train?.items, 50),
  });
  const data = prepareData(train, preparation);
  const svd = svdOfGram(data.gram, rank);
  const { sigma } = svd;
  const smallest = sigma[rank - 1] || sigma[0] / 100 || 1;
  const rankValidation = spectralRanking(data, svd, validation.given, validation.heldOut);
  const tuned = (
    name: TunedModel["name"],
    start: number,
    spectrum: (lambda: number) => Float64Array,
    solve: typeof denoisingEmbeddings,
  ): TunedModel => {
    const search = searchLambda(
      (lambda) => rankValidation(spectrum(lambda)).ndcgAt100.mean,
      { start },
    );
    const { lambda } = search;
    return {
      name,
      lambda,
      search,
      embeddings: solve(svd, { lambda }),
      rank: ({ given, heldOut }) => spectralRanking(data, svd, given, heldOut)(spectrum(lambda)),
    };
  };
  return {
    data,
    svd,
    denoising: tuned(
      "Eq. 1",
      4 * smallest ** 2,
      (lambda) => denoisingSpectrum(svd, lambda),
      denoisingEmbeddings,
    ),
    weightDecay: tuned(
      "Eq. 2",
      smallest,
      (lambda) => sigma.map((value) => value > 0 ? Math.max(0, 1 - lambda / value) : 0),
      weightDecayEmbeddings,
    ),
  };
}

/** A λ, and what was measured with it. */
export interface TriedLambda {
  lambda: number;
  accuracy: number;
}

/** The λ of the largest accuracy, and all that were tried, in ascending order. */
export interface LambdaSearch extends TriedLambda {
  tried: TriedLambda[];
}

/** How far the first step goes: 10^(4/12), about a factor of 2. */
const FIRST_STEP = 4;

/**
 * Finds the λ of the largest accuracy on the grid 10^(j/12), whose neighbors are a factor of 1.21 apart:
 * uphill from the grid's point next to `start`, in steps of a factor of 2.2 first, then of 1.5 and 1.21.
 *
 * It ends in the maximum where accuracy has one, and before that only falls towards either side, which
 * a curve of all λ shows. Of equal accuracies the smaller λ is kept.
 *
 * @param accuracy Measures the accuracy with a λ; no λ is tried twice.
 * @param options `start`, a λ to start from; `steps`, how far from it to go at the most, on the grid.
 * @returns The λ, its accuracy, and what was tried.
 * @throws {TypeError} If accuracy is no function, or an option of the wrong kind or unknown.
 * @throws {RangeError} If an option is out of bounds, or an accuracy is no number.
 *
 * @example
 * ```ts
 * import { searchLambda } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { lambda } = searchLambda((lambda) => -((Math.log(lambda / 100)) ** 2), { start: 1000 });
 * assert(Math.abs(lambda - 100) < 1e-9);
 * ```
 */
export function searchLambda(
  accuracy: (lambda: number) => number,
  options: { start: number; steps?: number },
): LambdaSearch {
  const action = "search lambda";
  if (typeof accuracy !== "function") {
    throw new InputTypeError(`Cannot ${action}: accuracy must be a function`);
  }
  const { start, steps } = checkedOptions(action, options, {
    start: number({ above: 0 }),
    steps: integer(1, Infinity, 60),
  });
  const tried = new Map<number, number>();
  const measure = (j: number) => {
    if (!tried.has(j)) {
      const value = accuracy(power(10, j / 12));
      if (typeof value !== "number" || Number.isNaN(value)) {
        throw new InputRangeError(`Cannot ${action}: accuracy must be a number, it is ${value}`);
      }
      tried.set(j, value);
    }
    return tried.get(j)!;
  };
  const first = Math.round(12 * log(start) / Math.LN10);
  let best = first;
  for (let step = FIRST_STEP; step >= 1; step /= 2) {
    for (let moved = true; moved;) {
      moved = false;
      for (const next of [best - step, best + step]) {
        if (Math.abs(next - first) > steps) continue;
        const better = measure(next) - measure(best);
        if (better < 0 || better === 0 && next > best) continue;
        best = next;
        moved = true;
      }
    }
  }
  return {
    lambda: power(10, best / 12),
    accuracy: measure(best),
    tried: [...tried].sort(([a], [b]) => a - b)
      .map(([j, value]) => ({ lambda: power(10, j / 12), accuracy: value })),
  };
}
