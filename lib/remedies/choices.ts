import type { Matrix } from "ml-matrix";
import { InputRangeError } from "../errors.ts";
import { checkedOptions, integer, number } from "../check.ts";
import { hypot } from "../math/elementary.ts";
import { bootstrapMean, type MeanInterval } from "../evaluation/bootstrap.ts";
import type { HeldOutUsers } from "../evaluation/hold_out.ts";
import { rankCorrelationInterval } from "../evaluation/item_intervals.ts";
import {
  assertHeldOut,
  type RankingAccuracy,
  rankingAccuracy,
  SCORE_TIE,
} from "../evaluation/ranking.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";
import { cosineSimilarity } from "../similarity/cosine_similarity.ts";
import { weightDecayEmbeddings } from "../solvers/closed_forms.ts";
import { userEmbeddings } from "../solvers/embeddings.ts";
import { cooccurrenceCounts, pmiMatrix } from "./pmi.ts";
import { neighborRanking, type NeighborRankingOptions } from "./rankings.ts";
import type { TunedRanks } from "./tune_models.ts";
import {
  gramCosines,
  type KindYardsticks,
  kindYardsticks,
  type KnownKinds,
  relativeSimilarity,
  roundedSimilarity,
} from "./yardsticks.ts";
import { planeItems, type PlanePoint } from "../solvers/plane.ts";

/** Real or simulated data whose items are of known kinds. */
export interface KnownTruth {
  /** X, n x p. */
  interactions: Interactions;
  /** In which ways the kinds of the items are known; what matters most first. */
  kinds: Record<string, KnownKinds>;
  /** How similar people, or a taxonomy, say that items are, p x p. */
  reference?: Matrix;
}

/** Where the choices of one model of Eq. 1 are in the plane of {@linkcode planeItems}. */
export const PLANE_CHOICES = {
  "whitening": { sigma: 0, dMat: 0 },
  "D = I": { sigma: 0, dMat: 0.5 },
  "D = dMat^-1/2": { sigma: 0, dMat: 1 },
  "even split": { sigma: 0.5, dMat: 0.5 },
  "columns at rank k": { sigma: 1, dMat: 0 },
  "original space": { sigma: 1, dMat: 1 },
} as const satisfies Record<string, PlanePoint>;

/** The choices outside that plane. */
const OTHER_CHOICES: Record<
  "Eq. 2" | "columns" | "mutual information",
  (tuned: TunedRanks) => Matrix
> = {
  "Eq. 2": ({ svd, weightDecay: { lambda } }) =>
    cosineSimilarity(weightDecayEmbeddings(svd, { lambda }).B),
  "columns": ({ gram }) => gramCosines(gram),
  "mutual information": ({ train }) => cosineSimilarity(pmiMatrix(cooccurrenceCounts(train))),
};

/** A way to tell how similar two items are. */
export type SimilarityChoice = keyof typeof PLANE_CHOICES | keyof typeof OTHER_CHOICES;

/** All of them, in the order of a table. */
export const SIMILARITY_CHOICES: readonly SimilarityChoice[] = [
  ...Object.keys(PLANE_CHOICES) as (keyof typeof PLANE_CHOICES)[],
  ...Object.keys(OTHER_CHOICES) as (keyof typeof OTHER_CHOICES)[],
];

const isPlaneChoice = (choice: SimilarityChoice): choice is keyof typeof PLANE_CHOICES =>
  Object.hasOwn(PLANE_CHOICES, choice);

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
  const { rank, lambda } = checkedOptions("compare items", options, pointOptions(tuned));
  if (isPlaneChoice(choice)) {
    return cosineSimilarity(planeItems(tuned.svd, { lambda, rank, ...PLANE_CHOICES[choice] }));
  }
  if (Object.hasOwn(OTHER_CHOICES, choice)) return OTHER_CHOICES[choice](tuned);
  throw new InputRangeError(
    `Cannot compare items: there is no choice "${choice}", there are ${
      SIMILARITY_CHOICES.join(", ")
    }`,
  );
}

/** What a similarity is worth to recommend: NDCG@100 with a 95% interval, bootstrapped over users. */
export interface RecommendingRow {
  /** From the 50 nearest neighbors: scores are sums of similarities. */
  recommend: MeanInterval;
  /** The same with scores divided by Σ|s|. */
  recommendNormalized: MeanInterval;
  /** The same with scores multiplied by √popularity, of which a cosine knows little. */
  recommendPopular: MeanInterval;
  /** The same from all items in place of the 50 nearest, with scores multiplied by √popularity. */
  recommendFromAll: MeanInterval;
}

/** A row of a table of choices. */
export interface ChoiceRow extends RecommendingRow {
  /** How well kinds are recognized, for each way in which they are known. */
  kinds: Record<string, KindYardsticks>;
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
  return {
    kinds: Object.fromEntries(
      Object.entries(kinds).map(([name, known]) => [name, kindYardsticks(similarity, known)]),
    ),
    ...recommendingRow(similarity, test, popularity),
    ...(reference && {
      reference: rankCorrelationInterval(
        roundedSimilarity(relativeSimilarity(similarity)),
        reference,
      ),
    }),
  };
}

/** The part of {@linkcode ChoiceRow} that says what a similarity is worth to recommend. */
export function recommendingRow(
  similarity: Matrix,
  { given, heldOut }: HeldOutUsers,
  popularity: ArrayLike<number>,
): RecommendingRow {
  const recommend = (options: NeighborRankingOptions) =>
    interval(neighborRanking(similarity, given, heldOut, options));
  const weights = Float64Array.from(popularity, Math.sqrt);
  return {
    recommend: recommend({}),
    recommendNormalized: recommend({ normalize: true }),
    recommendPopular: recommend({ weights }),
    recommendFromAll: recommend({ neighbors: similarity.rows - 1, weights }),
  };
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
    // Equal except for rounding is equal: items that the same users have, for one.
    const step = (SCORE_TIE * largest) || 1;
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
