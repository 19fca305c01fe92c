import type { Matrix } from "ml-matrix";
import { InputRangeError, InputTypeError } from "../errors.ts";
import {
  assertInteger,
  checkedOptions,
  integer,
  number,
  optional,
  type OptionCheck,
  text,
} from "../check.ts";
import { hypot, power } from "../math/elementary.ts";
import { bootstrapMean, type MeanInterval, pairedDifference } from "../evaluation/bootstrap.ts";
import { type HeldOutUsers, holdOutItems, splitUsers } from "../evaluation/hold_out.ts";
import {
  chancePrecision,
  rankCorrelationInterval,
  sameClusterAucInterval,
} from "../evaluation/item_intervals.ts";
import { assertHeldOut, type RankingAccuracy, rankingAccuracy } from "../evaluation/ranking.ts";
import { assertInteractions, type Interactions } from "../interactions/interactions.ts";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";
import { type SVD, svdOfGram } from "../linalg/svd.ts";
import { cosineSimilarity } from "../similarity/cosine_similarity.ts";
import { nearestNeighbors } from "../similarity/neighbors.ts";
import { denoisingSpectrum, weightDecayEmbeddings } from "../solvers/closed_forms.ts";
import { userEmbeddings } from "../solvers/embeddings.ts";
import { planeItems, type PlanePoint } from "./canonical_items.ts";
import { cooccurrenceCounts, pmiMatrix } from "./pmi.ts";
import { prepareData } from "./prepared_data.ts";
import { neighborRanking, type NeighborRankingOptions, spectralRanking } from "./rankings.ts";
import { searchLambda, type TriedLambda } from "./tune_models.ts";
import { gramCosines, relativeSimilarity, roundedSimilarity } from "./yardsticks.ts";

/** Real or simulated data whose items are of known kinds. */
export interface KnownTruth {
  /** X, n x p. */
  interactions: Interactions;
  /** In which ways the kinds of the items are known; what matters most first. */
  kinds: Record<string, KnownKinds>;
  /** How similar people, or a taxonomy, say that items are, p x p. */
  reference?: Matrix;
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
 * at most 2,000, judge; the others train. Of those who do not train a fifth of the items is held out, at
 * least one.
 *
 * @param x The interactions X, n x p, of at least 12 users.
 * @param options `seed`. @default {"truth"}
 * @returns The three.
 * @throws {TypeError} If x is no Interactions, or an option of the wrong kind.
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
    const tried = new Map<number, RankingAccuracy["ndcgAt100"]>();
    const measure = (lambda: number) => {
      if (!tried.has(lambda)) tried.set(lambda, rank(spectrum(lambda).slice(0, k)).ndcgAt100);
      return tried.get(lambda)!.mean;
    };
    const scan = Array.from({ length: SCANNED }, (_, j) => largest * power(10, -j / 2));
    const start = scan.reduce((a, b) => measure(b) > measure(a) ? b : a);
    const { lambda, accuracy } = searchLambda(measure, { start });
    return {
      rank: k,
      lambda,
      accuracy,
      tried: [...tried].map(([each, { mean }]) => ({ lambda: each, accuracy: mean }))
        .sort((a, b) => a.lambda - b.lambda),
      values: tried.get(lambda)!.values,
    };
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

/** A way to tell how similar two items are. */
export type SimilarityChoice =
  | "whitening"
  | "D = I"
  | "D = dMat^-1/2"
  | "even split"
  | "columns at rank k"
  | "original space"
  | "Eq. 2"
  | "columns"
  | "mutual information";

/** Where the choices of one model of Eq. 1 are in the plane of {@linkcode planeItems}. */
export const PLANE_CHOICES: Readonly<Record<string, PlanePoint>> = {
  "whitening": { sigma: 0, dMat: 0 },
  "D = I": { sigma: 0, dMat: 0.5 },
  "D = dMat^-1/2": { sigma: 0, dMat: 1 },
  "even split": { sigma: 0.5, dMat: 0.5 },
  "columns at rank k": { sigma: 1, dMat: 0 },
  "original space": { sigma: 1, dMat: 1 },
};

/** All of them, in the order of a table. */
export const SIMILARITY_CHOICES: readonly SimilarityChoice[] = [
  ...Object.keys(PLANE_CHOICES) as SimilarityChoice[],
  "Eq. 2",
  "columns",
  "mutual information",
];

/** The rank and λ of Eq. 1: those that are best on held-out items, unless others are given. */
const pointOptions = ({ svd, denoising }: TunedRanks) => ({
  rank: integer(1, svd.sigma.length, denoising.rank),
  lambda: number(0, Infinity, denoising.lambda),
});

/**
 * Computes how similar items are by one choice:
 *
 * - one model of Eq. 1 under six D, all with the same predictions: `"whitening"`, which is D = dMat^½;
 *   `"D = I"`; `"D = dMat^-1/2"`; the `"even split"`, D = dMat(√(1/σ)), section 2.3's analogue of Eq. 2;
 *   `"columns at rank k"`, V Σ; the `"original space"` of section 3;
 * - `"Eq. 2"`, at a λ of its own;
 * - no model: the cosine of the `"columns"` of X; and `"mutual information"`, the cosine of the rows of
 *   the positive pointwise mutual information of items and items, {@linkcode pmiMatrix}. The first says
 *   who occurs together; the second who keeps the same company.
 *
 * @param choice Which.
 * @param tuned The models.
 * @param options `rank` and `lambda` of Eq. 1, the tuned ones by default.
 * @returns The cosines, p x p.
 * @throws {RangeError} If there is no such choice, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { holdOutItems, splitUsers } from "cosine-lab/evaluation";
 * import { chosenSimilarity, tuneRanks } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 300, items: 40 });
 * const { train, validation } = splitUsers(interactions, { validation: 50, test: 50, seed: "s" });
 * const tuned = tuneRanks(train, holdOutItems(validation, { share: 0.2, seed: "s" }), { ranks: [5] });
 * assert.equal(chosenSimilarity("original space", tuned).get(3, 3), 1);
 * ```
 */
export function chosenSimilarity(
  choice: SimilarityChoice,
  tuned: TunedRanks,
  options: { rank?: number; lambda?: number } = {},
): Matrix {
  const { svd, gram, train } = tuned;
  const { rank, lambda } = checkedOptions("compare items", options, pointOptions(tuned));
  if (Object.hasOwn(PLANE_CHOICES, choice)) {
    return cosineSimilarity(planeItems(svd, { lambda, rank, ...PLANE_CHOICES[choice] }));
  }
  switch (choice) {
    case "Eq. 2":
      return cosineSimilarity(weightDecayEmbeddings(svd, { lambda: tuned.weightDecay.lambda }).B);
    case "columns":
      return gramCosines(gram);
    case "mutual information":
      return cosineSimilarity(pmiMatrix(cooccurrenceCounts(train)));
    default:
      throw new InputRangeError(
        `Cannot compare items: there is no choice "${choice}", there are ${
          SIMILARITY_CHOICES.join(", ")
        }`,
      );
  }
}

/** What is known of the kinds of items. */
export interface KnownKinds {
  /** The kind of each item, length p. */
  labels: ArrayLike<number>;
  /** The items that count: neighbors and pairs are among them. @default {all} */
  items?: readonly number[];
}

/** How well similarities recognize kinds. */
export interface KindYardsticks {
  /** ROC-AUC of "same kind" over all pairs, with a 95% interval over items. */
  auc: MeanInterval;
  /** The share of the ten nearest neighbors that are of an item's own kind, bootstrapped over items. */
  precisionAt10: MeanInterval;
  /** The mean of `precisionAt10` over the kinds, each with the same weight; single items are left out. */
  macroPrecisionAt10: number;
}

/**
 * Measures how well similarities recognize the kind of items: over all pairs, and by the ten nearest
 * neighbors. Similarities count in steps of 1e-10, so that rounding decides no rank.
 *
 * @param similarity The similarities, p x p.
 * @param known The kinds, and which items count (at least eleven).
 * @returns The yardsticks.
 * @throws {TypeError} If similarity is no matrix, or labels no array.
 * @throws {RangeError} If shapes do not fit, or there is nothing to tell apart.
 *
 * @example
 * ```ts
 * import { clusterSimilarity } from "cosine-lab";
 * import { kindYardsticks } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const labels = Array.from({ length: 24 }, (_, i) => i % 2);
 * const { auc, precisionAt10 } = kindYardsticks(clusterSimilarity(labels), { labels });
 * assert.deepEqual([auc.mean, precisionAt10.mean], [1, 1]);
 * ```
 */
export function kindYardsticks(similarity: Matrix, known: KnownKinds): KindYardsticks {
  const { items } = known;
  const rounded = roundedSimilarity(relativeSimilarity(similarity));
  const s = items === undefined ? rounded : rounded.selection([...items], [...items]);
  const labels = items === undefined ? known.labels : items.map((item) => known.labels[item]);
  const auc = sameClusterAucInterval(s, labels);
  const shares = nearestNeighbors(s, 10).map((near, item) =>
    near.filter((other) => labels[other] === labels[item]).length / 10
  );
  const kinds = new Map<number, number[]>();
  shares.forEach((share, item) =>
    kinds.set(labels[item], [...kinds.get(labels[item]) ?? [], share])
  );
  const means = [...kinds.values()].filter((each) => each.length > 1)
    .map((each) => each.reduce((sum, share) => sum + share, 0) / each.length);
  return {
    auc,
    precisionAt10: bootstrapMean(shares, { seed: "items" }),
    macroPrecisionAt10: means.reduce((sum, mean) => sum + mean, 0) / means.length,
  };
}

/** A row of a table of choices. */
export interface ChoiceRow {
  /** How well kinds are recognized, for each way in which they are known. */
  kinds: Record<string, KindYardsticks>;
  /** NDCG@100 of recommending from the 50 nearest neighbors, bootstrapped over users: scores are sums. */
  recommend: MeanInterval;
  /** The same with scores divided by Σ|s|. */
  recommendNormalized: MeanInterval;
  /** The same with scores multiplied by √popularity, of which a cosine knows little. */
  recommendPopular: MeanInterval;
  /** Spearman's correlation with a reference, with a 95% interval over items, where there is one. */
  reference?: MeanInterval;
}

/**
 * Measures what a similarity is worth for three uses: to recognize kinds, to recommend from neighbors,
 * and to agree with a reference, such as {@linkcode wuPalmerSimilarity}.
 *
 * @param similarity The similarities, p x p.
 * @param truth `kinds`, by name; `test`, users that nothing was trained or chosen on; the
 * `popularity` of the items; `reference`.
 * @returns The row of a table.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If shapes do not fit.
 *
 * @example
 * ```ts
 * import { gram, simulateInteractions } from "cosine-lab";
 * import { holdOutItems, splitUsers } from "cosine-lab/evaluation";
 * import { choiceRow, gramCosines } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions, clusters } = simulateInteractions({ users: 300, items: 40 });
 * const { train, test } = splitUsers(interactions, { validation: 50, test: 50, seed: "s" });
 * const { kinds, recommend } = choiceRow(gramCosines(gram(train)), {
 *   kinds: { clusters: { labels: clusters } },
 *   test: holdOutItems(test, { share: 0.2, seed: "s" }),
 *   popularity: gram(train).diag(),
 * });
 * assert(kinds.clusters.auc.mean > 0.5 && recommend.low < recommend.mean);
 * ```
 */
export function choiceRow(
  similarity: Matrix,
  truth: {
    kinds: Record<string, KnownKinds>;
    test: HeldOutUsers;
    popularity: ArrayLike<number>;
    reference?: Matrix;
  },
): ChoiceRow {
  const { kinds, test, popularity, reference } = truth;
  const recommend = (options: NeighborRankingOptions) =>
    interval(neighborRanking(similarity, test?.given, test?.heldOut, options));
  return {
    kinds: Object.fromEntries(
      Object.entries(kinds).map(([name, known]) => [name, kindYardsticks(similarity, known)]),
    ),
    recommend: recommend({}),
    recommendNormalized: recommend({ normalize: true }),
    recommendPopular: recommend({ weights: Float64Array.from(popularity, Math.sqrt) }),
    ...(reference && {
      reference: rankCorrelationInterval(
        roundedSimilarity(relativeSimilarity(similarity)),
        reference,
      ),
    }),
  };
}

/** The chance level of {@linkcode kindYardsticks}' precision. */
export function chanceOf({ labels, items }: KnownKinds): number {
  return chancePrecision(items === undefined ? labels : items.map((item) => labels[item]));
}

/** NDCG@100 with a 95% bootstrap interval over users. */
function interval({ ndcgAt100 }: RankingAccuracy): MeanInterval {
  return bootstrapMean(ndcgAt100.values, { seed: "users" });
}

/** NDCG@100 of recommending to users, with 95% bootstrap intervals over users. */
export interface UserRankings {
  /** Of the predictions, which are dot products. */
  dot: MeanInterval;
  /** Of the cosine of users and items, under each of {@linkcode PLANE_CHOICES}. */
  cosine: Record<string, MeanInterval>;
  /** By how much the dot product is better than each cosine, user by user. */
  lead: Record<string, MeanInterval>;
}

/**
 * Measures the model of Eq. 1 as a recommender in both ways of section 2: by its dot products, the
 * predictions, and by the cosine of users and items under each D. Users' lengths move no ranking, so
 * the cosine is the prediction divided by the length of the item's vector, Ω_B.
 *
 * @param tuned The model.
 * @param test Users that nothing was trained or chosen on.
 * @param options `rank` and `lambda` of Eq. 1, the tuned ones by default.
 * @returns NDCG@100 with 95% bootstrap intervals over users, and by how much the dot product leads.
 * @throws {RangeError} If shapes do not fit, or an option is out of bounds.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { holdOutItems, splitUsers } from "cosine-lab/evaluation";
 * import { tuneRanks, userRankings } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 300, items: 40 });
 * const { train, validation, test } = splitUsers(interactions, { validation: 50, test: 50, seed: "s" });
 * const held = (users: typeof test) => holdOutItems(users, { share: 0.2, seed: "s" });
 * const tuned = tuneRanks(train, held(validation), { ranks: [5] });
 * const { dot, cosine } = userRankings(tuned, held(test));
 * assert(dot.mean > cosine["D = I"].mean);
 * ```
 */
export function userRankings(
  tuned: TunedRanks,
  test: HeldOutUsers,
  options: { rank?: number; lambda?: number } = {},
): UserRankings {
  const action = "rank items";
  const { rank, lambda } = checkedOptions(action, options, pointOptions(tuned));
  const { given, heldOut } = test ?? {};
  assertHeldOut(given, heldOut);
  const at = ({ sigma, dMat }: PlanePoint) => planeItems(tuned.svd, { lambda, rank, sigma, dMat });
  const B = at({ sigma: 0, dMat: 1 }), V = at({ sigma: 0, dMat: 0 });
  const predictions = rowArrays(
    rowProducts(rowArrays(userEmbeddings(given, { A: V, B })), rowArrays(B)),
  );
  const ranked = (lengths: Float64Array) => {
    const largest = predictions.reduce(
      (max, row) => row.reduce((m, value, i) => Math.max(m, Math.abs(value / lengths[i])), max),
      0,
    );
    // Equal but for rounding is equal: items that the same users have, for one.
    const step = (1e-9 * largest) || 1;
    return rankingAccuracy(
      (user, scores) =>
        predictions[user].forEach((value, i) => {
          scores[i] = Math.round(value / lengths[i] / step);
        }),
      given,
      heldOut,
    ).ndcgAt100;
  };
  const dot = ranked(new Float64Array(V.rows).fill(1));
  const cosines = Object.entries(PLANE_CHOICES).map(([name, point]) =>
    [name, ranked(lengthsOf(at(point)))] as const
  );
  const over = (values: readonly number[]) => bootstrapMean(values, { seed: "users" });
  return {
    dot: over(dot.values),
    cosine: Object.fromEntries(cosines.map(([name, { values }]) => [name, over(values)])),
    lead: Object.fromEntries(cosines.map(([name, { values }]) => [
      name,
      over(dot.values.map((value, user) => value - values[user])),
    ])),
  };
}

/** The lengths of the rows of B, 1 for a row of zeros. */
function lengthsOf(B: Matrix): Float64Array {
  return Float64Array.from(rowArrays(B), (row) => hypot(row) || 1);
}
