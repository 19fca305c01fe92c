import { InputRangeError, InputTypeError } from "../errors.ts";
import {
  anything,
  assertInteger,
  checkedOptions,
  integer,
  number,
  optional,
  type OptionCheck,
  text,
} from "../check.ts";
import { log, power } from "../math/elementary.ts";
import { type HeldOutUsers, holdOutItems, splitUsers } from "../evaluation/hold_out.ts";
import { assertHeldOut, type RankingAccuracy } from "../evaluation/ranking.ts";
import { assertInteractions, type Interactions } from "../interactions/interactions.ts";
import { type SVD, svdOfGram } from "../linalg/svd.ts";
import {
  denoisingEmbeddings,
  denoisingSpectrum,
  weightDecayEmbeddings,
} from "../solvers/closed_forms.ts";
import type { Embeddings } from "../solvers/embeddings.ts";
import { type Preparation, prepareData, type PreparedData } from "./prepared_data.ts";
import { spectralRanking } from "./rankings.ts";
import type { Matrix } from "ml-matrix";
import { pairedDifference } from "../evaluation/bootstrap.ts";

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

/** How far apart the λ of a scan are: 10^(6/12). */
const SCAN_STEP = 6;

/**
 * Finds the λ of the largest accuracy on the grid 10^(j/12), whose neighbors are a factor of 1.21 apart:
 * uphill from the grid's point next to `start`, in steps of a factor of 2.2 first, then of 1.5 and 1.21.
 * Where accuracy may have several maxima, a scan finds from which to start: of `scan` λ, each a factor of
 * √10 below the one before, the best.
 *
 * No λ that was tried is better than the one it returns: the maximum where accuracy has one and only falls
 * towards either side, which a curve of all λ shows. Of equal accuracies the smaller λ is kept.
 *
 * @param accuracy Measures the accuracy with a λ; no λ is tried twice.
 * @param options `start`, a λ to start from; `scan`, how many λ to scan, 1 by default, which is `start`;
 * `steps`, how far from the best of them to go at the most, on the grid.
 * @returns The λ, its accuracy, and what was tried.
 * @throws {TypeError} If accuracy is not a function, or an option of the wrong kind or unknown.
 * @throws {RangeError} If an option is out of bounds, or an accuracy is not a number.
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
  options: { start: number; scan?: number; steps?: number },
): LambdaSearch {
  const action = "search lambda";
  if (typeof accuracy !== "function") {
    throw new InputTypeError(`Cannot ${action}: accuracy must be a function`);
  }
  const { start, scan, steps } = checkedOptions(action, options, {
    start: number({ above: 0 }),
    scan: integer(1, 100, 1),
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
  const top = Math.round(12 * log(start) / Math.LN10);
  const scanned = Array.from({ length: scan }, (_, n) => top - SCAN_STEP * n);
  const first = scanned.reduce((a, b) => measure(b) >= measure(a) ? b : a);
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

/** Users who train, choose and judge; what {@linkcode splitTruth} makes. */
export interface SplitTruth {
  /** The users for training. */
  train: Interactions;
  /** Those by whom λ and k are chosen, with a part of their items held out. */
  validation: HeldOutUsers;
  /** Those who judge, with a part of their items held out. */
  test: HeldOutUsers;
}

/**
 * Splits users as the table of choices does: a sixth of them, at most 1,000, choose λ and k; a quarter,
 * at most 2,000, judge; the others train. Of each user who does not train, a fifth of the items is held
 * out, at least one.
 *
 * @param x The interactions X, n x p, of at least 12 users.
 * @param options `seed`. @default {"truth"}
 * @returns The three.
 * @throws {TypeError} If x is not an Interactions, or an option of the wrong kind.
 * @throws {RangeError} If there are too few users.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { splitTruth } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 120, items: 20 });
 * assert.equal(splitTruth(interactions).train.users, 120 - 20 - 30);
 * ```
 */
export function splitTruth(x: Interactions, options: { seed?: string } = {}): SplitTruth {
  assertInteractions("split users", "x", x);
  const { seed } = checkedOptions("split users", options, { seed: text("truth") });
  const { train, validation, test } = splitUsers(x, {
    validation: Math.min(1_000, Math.floor(x.users / 6)),
    test: Math.min(2_000, Math.floor(x.users / 4)),
    seed,
  });
  const held = (users: Interactions) => holdOutItems(users, { share: 0.2, seed });
  return { train, validation: held(validation), test: held(test) };
}

/** How many λ are scanned, a factor of √10 apart. */
const SCANNED = 9;

/** A model of Eq. 1 or 2 at one rank, with the λ that ranks held-out items best. */
export interface TunedRank extends TriedLambda {
  /** k. */
  rank: number;
  /** The λ that were tried on the way, with their NDCG@100. */
  tried: TriedLambda[];
  /** The standard errors by which it is below the best rank, user by user; 0 for the best. */
  behind: number;
}

/** Both models with λ and k chosen by held-out accuracy; what {@linkcode tuneRanks} makes. */
export interface TunedRanks {
  /** The interactions of the users for training. */
  train: Interactions;
  /** XᵀX of them. */
  gram: Matrix;
  /** The singular value decomposition of X, of the largest rank. */
  svd: SVD;
  /** Eq. 1 at each rank. */
  denoisingByRank: TunedRank[];
  /** The one that is taken: the smallest rank that is within one standard error of the best. */
  denoising: TunedRank;
  /** Eq. 2 at the largest rank: directions with σ below λ are 0, so λ chooses its rank, too. */
  weightDecay: TunedRank;
}

/**
 * Chooses λ and the rank k of Eq. 1, and λ of Eq. 2, by NDCG@100 on held-out items of other users. For
 * each rank λ is scanned over four powers of ten, up to σ₁² (Eq. 1) or σ₁ (Eq. 2), and the best refined
 * until those next to it, a factor of 1.21 away, are worse: {@linkcode searchLambda}.
 *
 * Of the ranks the smallest is taken whose accuracy is within one standard error of the best, paired by
 * user (the rule of Breiman et al., Classification and regression trees, 1984).
 *
 * @param train The interactions of the users for training, n x p.
 * @param validation Other users.
 * @param options `ranks`, the k to try for Eq. 1, in ascending order; `rank`, how many directions Eq. 2 can
 * have, the last of them by default.
 * @returns The models' settings, and what they share.
 * @throws {TypeError} If an argument is of the wrong kind, or an option unknown.
 * @throws {RangeError} If shapes do not fit each other, or ranks are not ascending between 1 and p.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { holdOutItems, splitUsers } from "cosine-lab/evaluation";
 * import { tuneRanks } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 300, items: 40 });
 * const { train, validation } = splitUsers(interactions, { validation: 50, test: 50, seed: "s" });
 * const held = holdOutItems(validation, { share: 0.2, seed: "s" });
 * const { denoising } = tuneRanks(train, held, { ranks: [2, 5, 10] });
 * assert([2, 5, 10].includes(denoising.rank));
 * ```
 */
export function tuneRanks(
  train: Interactions,
  validation: HeldOutUsers,
  options: { ranks: readonly number[]; rank?: number },
): TunedRanks {
  const action = "tune the ranks";
  assertInteractions(action, "train", train);
  assertHeldOut(validation?.given, validation?.heldOut);
  const { ranks, rank } = checkedOptions(action, options, {
    ranks: ascendingRanks(train.items),
    rank: optional(integer(options?.ranks?.at(-1) ?? 1, train.items)),
  });
  const data = prepareData(train, "as it is");
  const svd = svdOfGram(data.gram, rank ?? ranks[ranks.length - 1]);
  const { sigma } = svd;
  const tune = (k: number, largest: number, spectrum: (lambda: number) => Float64Array) => {
    const cut = { sigma: sigma.slice(0, k), V: svd.V.subMatrix(0, train.items - 1, 0, k - 1) };
    const rank = spectralRanking(data, cut, validation.given, validation.heldOut);
    const values = new Map<number, readonly number[]>();
    const measure = (lambda: number) => {
      const { ndcgAt100 } = rank(spectrum(lambda).slice(0, k));
      values.set(lambda, ndcgAt100.values);
      return ndcgAt100.mean;
    };
    const found = searchLambda(measure, { start: largest, scan: SCANNED });
    return { rank: k, ...found, values: values.get(found.lambda)! };
  };
  const all = ranks.map((k) => tune(k, sigma[0] ** 2, (lambda) => denoisingSpectrum(svd, lambda)));
  const best = all.reduce((a, b) => b.accuracy > a.accuracy ? b : a);
  const denoisingByRank = all.map(({ values, ...tuned }) => {
    const { mean, standardError } = pairedDifference(best, { values });
    return { ...tuned, behind: mean > 0 ? mean / standardError : 0 };
  });
  const { values: _, ...weightDecay } = tune(
    sigma.length,
    sigma[0],
    (lambda) => sigma.map((value) => value > 0 ? Math.max(0, 1 - lambda / value) : 0),
  );
  return {
    train,
    gram: data.gram,
    svd,
    denoisingByRank,
    denoising: denoisingByRank.find(({ behind }) => behind <= 1)!,
    weightDecay: { ...weightDecay, behind: 0 },
  };
}

/** Checks ranks: integers from 1 to `most`, each larger than the one before it. */
export function ascendingRanks(
  most: number,
  fallback: readonly number[] = [],
): OptionCheck<readonly number[]> {
  return {
    check(action, name, value) {
      if (!Array.isArray(value)) {
        throw new InputTypeError(`Cannot ${action}: ${name} must be an array of integers`);
      }
      if (value.length === 0) {
        throw new InputRangeError(`Cannot ${action}: ${name} must not be empty`);
      }
      value.forEach((rank, i) =>
        assertInteger(action, `${name}[${i}]`, rank, i === 0 ? 1 : value[i - 1] + 1, most)
      );
    },
    fallback,
  };
}
