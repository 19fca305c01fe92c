import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { callback, checkedOptions, integer, text } from "../check.ts";
import { bootstrapMean, type MeanInterval } from "../evaluation/bootstrap.ts";
import type { HeldOutUsers } from "../evaluation/hold_out.ts";
import { rankingAccuracy } from "../evaluation/ranking.ts";
import { swapWithin } from "../evaluation/swapped.ts";
import { compressRows, Interactions } from "../interactions/interactions.ts";
import { rowArrays } from "../linalg/products.ts";
import { sameClusterAuc } from "../similarity/clusters.ts";
import { cosineSimilarity } from "../similarity/cosine_similarity.ts";
import { neighborPrecision } from "../similarity/neighbors.ts";
import { denoisingSpectrum } from "../solvers/closed_forms.ts";
import { shuffle } from "../statistics/shuffle.ts";
import {
  ascendingRanks,
  chanceOf,
  type ChoiceRow,
  choiceRow,
  chosenSimilarity,
  type KnownTruth,
  PLANE_CHOICES,
  SIMILARITY_CHOICES,
  type SimilarityChoice,
  type SplitTruth,
  splitTruth,
  type TunedRank,
  type TunedRanks,
  tuneRanks,
  type UserRankings,
  userRankings,
} from "./choices.ts";
import { prepareData } from "./prepared_data.ts";
import { neighborRanking, spectralRanking } from "./rankings.ts";
import { trainSkipGram } from "./skip_gram.ts";

/** A number that was measured on several splits of the users. */
export interface OverSplits extends MeanInterval {
  /** The mean over the splits. */
  mean: number;
  /** The lowest end of the 95% intervals of the splits, over items or over test users. */
  low: number;
  /** The highest end of them. */
  high: number;
  /** The number of each split. */
  splits: number[];
}

/** The same in place of each {@linkcode MeanInterval}. */
export type Over<T> = T extends MeanInterval ? OverSplits
  : T extends number ? T
  : { [K in keyof T]: Over<T[K]> };

/** One rank of Eq. 1, with the λ that is best at it. */
export interface RankMeasures {
  /** k. */
  rank: number;
  /** NDCG@100 of the predictions, over test users. */
  dot: MeanInterval;
  /** By how much they are better than the best cosine of users and items under the six D. */
  lead: MeanInterval;
  /** NDCG@100 of these cosines. */
  cosine: Record<string, MeanInterval>;
  /** Of each D: the AUC of the first kinds, precision at 10, and NDCG@100 from neighbors. */
  choices: Record<string, { auc: number; precisionAt10: number; recommend: number }>;
}

/** What is left when a part of the data's structure is taken away; see {@linkcode swapWithin}. */
export interface SwappedMeasures {
  /** The rank of Eq. 1 that predicts best on the swapped data. */
  rank: number;
  /** NDCG@100 of the predictions. */
  dot: MeanInterval;
  /** NDCG@100 from neighbors, by choice. */
  recommend: Record<string, MeanInterval>;
}

/** What one split of the users says; what {@linkcode measureChoices} combines. */
export interface SplitMeasures extends UserRankings {
  /** NDCG@100 of ranking by popularity alone. */
  popularity: MeanInterval;
  /** NDCG@100 of the predictions of Eq. 2. */
  dotOfWeightDecay: MeanInterval;
  /** The same as `dot`, `cosine` and `lead`, for the held-out items of the long tail alone. */
  tail: UserRankings;
  /** A row for each choice of a similarity. */
  choices: Record<SimilarityChoice, ChoiceRow>;
  /** NDCG@100 of ranking by V σ²ᵃ dMat²ᵇ Vᵀ, the dot products of the items under each D. */
  unscaled: Record<string, MeanInterval>;
  /** AUC and precision at 10 with the kinds shuffled among items that are about as popular. */
  shuffledKinds: Record<string, { auc: number; precisionAt10: number }>;
}

/** What is measured on the first split alone, since it takes long. */
export interface FirstSplitMeasures {
  /** Rows of means of similarities, and of skip-gram by several seeds. */
  averages: Record<string, ChoiceRow>;
  /** What is left with the users' items swapped within kinds, and within tenths of popularity. */
  swapped: Record<string, SwappedMeasures>;
  /** Eq. 1 over k. */
  byRank: RankMeasures[];
}

/** How λ and k were chosen on a split. */
export interface SplitTuning {
  /** Eq. 1 at the rank that is taken, with the λ that were tried. */
  denoising: TunedRank;
  /** Eq. 2. */
  weightDecay: TunedRank;
  /** Eq. 1 at each rank. */
  byRank: Omit<TunedRank, "tried">[];
}

/** What was measured on one data set, over several splits of its users. */
export interface MeasuredChoices extends Over<SplitMeasures>, FirstSplitMeasures {
  /** n, p, and how many interactions there are. */
  users: number;
  items: number;
  interactions: number;
  /** The precision of random neighbors, for each way in which kinds are known. */
  chance: Record<string, number>;
  /** How λ and k were chosen on each split. */
  tuning: SplitTuning[];
}

/** Options for {@linkcode measureChoices}. */
export interface MeasureChoicesOptions {
  /**
   * The ranks of Eq. 1 to try, ascending: all of them on the first split; on the others the one that was
   * taken there, those next to it, and the last.
   *
   * @default {5, 10, 20 and so on, doubled, up to p}
   */
  ranks?: readonly number[];
  /** How many splits of the users. @default {3} */
  splits?: number;
  /** How many pairs skip-gram is trained on, about. @default {3000000} */
  pairs?: number;
  /** The seed of the first split. @default {"truth"} */
  seed?: string;
  /** Told how many parts are done, and of how many. */
  onProgress?: (done: number, total: number) => void;
}

/** How many seeds skip-gram is trained with, and how often it goes through all users at most. */
const SEEDS = 3, MOST_EPOCHS = 100;

/** The choices that are looked at where the data are swapped. */
const COMPARED = [
  "D = I",
  "even split",
  "original space",
  "columns",
  "mutual information",
] as const;

/**
 * Measures what each choice of a similarity is worth on data with known truth: to recognize kinds, to
 * recommend from neighbors and to users, to agree with a reference. On each of several splits of the
 * users, each of which chooses λ and k for itself ({@linkcode splitTruth}, {@linkcode tuneRanks}).
 *
 * @param truth The data.
 * @param options `splits`, `ranks`, `pairs`, `seed`, `onProgress`.
 * @returns What was measured. The first split is the one of `seed`.
 * @throws {TypeError} If an option is of the wrong kind or unknown.
 * @throws {RangeError} If an option is out of bounds, or there are too few users or items.
 *
 * @example
 * ```ts
 * import { simulateInteractions } from "cosine-lab";
 * import { measureChoices } from "cosine-lab/remedies";
 * import assert from "node:assert/strict";
 *
 * const { interactions, clusters } = simulateInteractions({ users: 300, items: 40 });
 * const { choices, dot } = measureChoices(
 *   { interactions, kinds: { cluster: { labels: clusters } } },
 *   { ranks: [5, 10], splits: 2, pairs: 10_000 },
 * );
 * const { low, high, splits } = choices["original space"].kinds.cluster.auc;
 * assert(splits.length === 2 && splits.every((auc) => low < auc && auc < high));
 * assert(dot.mean > 0.3);
 * ```
 */
export function measureChoices(
  truth: KnownTruth,
  options: MeasureChoicesOptions = {},
): MeasuredChoices {
  const { interactions: x, kinds } = truth;
  const { ranks, splits, pairs, seed, onProgress } = checkedOptions("measure choices", options, {
    ranks: ascendingRanks(x.items, doubled(x.items)),
    splits: integer(1, 100, 3),
    pairs: integer(1, Infinity, 3_000_000),
    seed: text("truth"),
    onProgress: callback,
  });
  const tuning: SplitTuning[] = [], parts: SplitMeasures[] = [];
  let first: FirstSplitMeasures | undefined;
  onProgress?.(0, splits);
  for (let split = 0; split < splits; split++) {
    const name = split === 0 ? seed : `${seed} ${split + 1}`;
    const users = splitTruth(x, { seed: name });
    const tuned = tuneRanks(users.train, users.validation, {
      ranks: split === 0 ? ranks : nextTo(tuning[0].denoising.rank, ranks),
    });
    tuning.push({
      denoising: tuned.denoising,
      weightDecay: tuned.weightDecay,
      byRank: tuned.denoisingByRank.map(({ tried: _, ...each }) => each),
    });
    const similar = Object.fromEntries(
      SIMILARITY_CHOICES.map((choice) => [choice, chosenSimilarity(choice, tuned)]),
    ) as Similarities;
    const popularity = Float64Array.from(tuned.gram.diag());
    const row = (similarity: Matrix) =>
      choiceRow(similarity, { ...truth, test: users.test, popularity });
    parts.push(splitMeasures(truth, users, tuned, { similar, row, seed: name }));
    first ??= firstSplitMeasures(truth, users, tuned, { similar, row, ranks, pairs, seed: name });
    onProgress?.(split + 1, splits);
  }
  return {
    users: x.users,
    items: x.items,
    interactions: x.nonzeros,
    chance: Object.fromEntries(
      Object.entries(kinds).map(([kind, known]) => [kind, chanceOf(known)]),
    ),
    tuning,
    ...over(parts),
    ...first!,
  };
}

/** The similarities of all choices. */
type Similarities = Record<SimilarityChoice, Matrix>;

/** A rank, those before and behind it, and the last. */
function nextTo(rank: number, ranks: readonly number[]): number[] {
  const at = ranks.indexOf(rank);
  return [...new Set([...ranks.slice(Math.max(0, at - 1), at + 2), ranks[ranks.length - 1]])];
}

/** 5, 10, 20, 50, 100 and so on doubled, and p. */
function doubled(p: number): number[] {
  const ranks = [5, 10, 20, 50];
  for (let rank = 100; rank < p; rank *= 2) ranks.push(rank);
  return [...ranks.filter((rank) => rank < p), p];
}

/** Intervals become those of all splits, and other numbers their means. */
function over<T>(parts: readonly T[]): Over<T> {
  const [first] = parts as readonly unknown[];
  if (typeof first === "number") {
    return (parts as readonly number[]).reduce((a, b) => a + b, 0) / parts.length as Over<T>;
  }
  if (isInterval(first)) {
    const all = parts as unknown as readonly MeanInterval[];
    return {
      mean: all.reduce((sum, { mean }) => sum + mean, 0) / all.length,
      low: Math.min(...all.map(({ low }) => low)),
      high: Math.max(...all.map(({ high }) => high)),
      splits: all.map(({ mean }) => mean),
    } as Over<T>;
  }
  if (Array.isArray(first)) {
    return first.map((_, i) => over(parts.map((part) => (part as unknown[])[i]))) as Over<T>;
  }
  return Object.fromEntries(
    Object.keys(first as object).map((key) => [
      key,
      over(parts.map((part) => (part as Record<string, unknown>)[key])),
    ]),
  ) as Over<T>;
}

function isInterval(value: unknown): value is MeanInterval {
  return typeof value === "object" && value !== null && "low" in value && "mean" in value;
}

function splitMeasures(
  { kinds }: KnownTruth,
  { test }: SplitTruth,
  tuned: TunedRanks,
  { similar, row, seed }: {
    similar: Similarities;
    row: (similarity: Matrix) => ChoiceRow;
    seed: string;
  },
): SplitMeasures {
  const { svd, denoising, weightDecay } = tuned;
  const popularity = Float64Array.from(tuned.gram.diag());
  const predictions = spectralRanking(
    prepareData(tuned.train, "as it is"),
    svd,
    test.given,
    test.heldOut,
  );
  const spectrum = denoisingSpectrum(svd, denoising.lambda)
    .map((value, j) => j < denoising.rank ? value : 0);
  const shuffled = shuffledWithin(Object.values(kinds)[0].labels, tenthsOf(popularity), seed);
  return {
    ...userRankings(tuned, test),
    popularity: overUsers(
      rankingAccuracy((_, scores) => scores.set(popularity), test.given, test.heldOut),
    ),
    dotOfWeightDecay: overUsers(
      predictions(
        svd.sigma.map((sigma) => sigma > 0 ? Math.max(0, 1 - weightDecay.lambda / sigma) : 0),
      ),
    ),
    tail: userRankings(tuned, {
      given: test.given,
      heldOut: tailOf(test.heldOut, popularity),
    }),
    choices: Object.fromEntries(
      SIMILARITY_CHOICES.map((choice) => [choice, row(similar[choice])]),
    ) as Record<SimilarityChoice, ChoiceRow>,
    unscaled: Object.fromEntries(
      Object.entries(PLANE_CHOICES).map(([choice, { sigma, dMat }]) => [
        choice,
        overUsers(predictions(
          spectrum.map((value, j) => value && (svd.sigma[j] ** sigma * value ** dMat) ** 2),
        )),
      ]),
    ),
    shuffledKinds: Object.fromEntries(
      COMPARED.map((choice) => [choice, {
        auc: sameClusterAuc(similar[choice], shuffled),
        precisionAt10: neighborPrecision(similar[choice], shuffled, 10),
      }]),
    ),
  };
}

function firstSplitMeasures(
  { interactions: x, kinds }: KnownTruth,
  { test }: SplitTruth,
  tuned: TunedRanks,
  options: {
    similar: Similarities;
    row: (similarity: Matrix) => ChoiceRow;
    ranks: readonly number[];
    pairs: number;
    seed: string;
  },
): FirstSplitMeasures {
  const { labels } = Object.values(kinds)[0];
  const tenths = tenthsOf(Float64Array.from(tuned.gram.diag()));
  return {
    averages: averagesOf(tuned.train, options),
    swapped: {
      "within kinds": swappedMeasures(x, labels, options),
      "within tenths of popularity": swappedMeasures(x, tenths, options),
    },
    byRank: tuned.denoisingByRank.map((each) => rankMeasures(tuned, test, labels, each)),
  };
}

const overUsers = ({ ndcgAt100 }: ReturnType<typeof rankingAccuracy>) =>
  bootstrapMean(ndcgAt100.values, { seed: "users" });

/** The held-out items that are in the long tail: the least popular that have half of all interactions. */
function tailOf(heldOut: Interactions, popularity: Float64Array): Interactions {
  const order = [...popularity.keys()].sort((i, j) => popularity[i] - popularity[j] || i - j);
  const half = popularity.reduce((sum, count) => sum + count, 0) / 2;
  const rare = new Uint8Array(popularity.length);
  let sum = 0;
  for (const item of order) {
    sum += popularity[item];
    if (sum > half) break;
    rare[item] = 1;
  }
  const users: number[] = [], items: number[] = [];
  for (let user = 0; user < heldOut.users; user++) {
    for (let t = heldOut.rowStarts[user]; t < heldOut.rowStarts[user + 1]; t++) {
      if (rare[heldOut.columnIndices[t]] === 0) continue;
      users.push(user);
      items.push(heldOut.columnIndices[t]);
    }
  }
  return new Interactions(
    compressRows(heldOut.users, heldOut.items, { users, items, values: null }),
  );
}

/** The tenth of the items by popularity that each is in. */
function tenthsOf(popularity: Float64Array): Uint8Array {
  const tenths = new Uint8Array(popularity.length);
  [...popularity.keys()].sort((i, j) => popularity[j] - popularity[i] || i - j)
    .forEach((item, place) => tenths[item] = Math.floor(10 * place / popularity.length));
  return tenths;
}

/** Labels in a random order among the items of each group. */
function shuffledWithin(
  labels: ArrayLike<number>,
  groups: Uint8Array,
  seed: string,
): Float64Array {
  const random = seedrandom.alea(seed);
  const result = Float64Array.from(labels);
  for (const group of new Set(groups)) {
    const items = Uint32Array.from(groups.keys().filter((item) => groups[item] === group));
    shuffle(items.slice(), random).forEach((from, at) => result[items[at]] = labels[from]);
  }
  return result;
}

/** Means of the similarities of several D or choices, and skip-gram by several seeds and their mean. */
function averagesOf(
  train: Interactions,
  { similar, row, pairs, seed }: {
    similar: Similarities;
    row: (similarity: Matrix) => ChoiceRow;
    pairs: number;
    seed: string;
  },
): Record<string, ChoiceRow> {
  const six = (Object.keys(PLANE_CHOICES) as SimilarityChoice[]).map((choice) => similar[choice]);
  const trained = Array.from({ length: SEEDS }, (_, n) => {
    const { inputs } = trainSkipGram(train, {
      epochs: Math.min(MOST_EPOCHS, Math.ceil(pairs / train.nonzeros)),
      rank: Math.min(50, train.items),
      seed: `${seed}, ${n}`,
    });
    return cosineSimilarity(inputs);
  });
  return {
    "six D": row(mean(six)),
    "columns and mutual information": row(mean([similar.columns, similar["mutual information"]])),
    ...Object.fromEntries(trained.map((s, n) => [`skip-gram ${n + 1}`, row(s)])),
    "skip-gram, mean": row(mean(trained)),
  };
}

function mean(similarities: readonly Matrix[]): Matrix {
  const sum = Matrix.zeros(similarities[0].rows, similarities[0].columns);
  const into = rowArrays(sum);
  for (const similarity of similarities) {
    rowArrays(similarity).forEach((row, i) => row.forEach((value, j) => into[i][j] += value));
  }
  return sum.div(similarities.length);
}

/** The largest rank that is tried on swapped data, which has few directions. */
const SWAPPED_RANK = 400;

function swappedMeasures(
  x: Interactions,
  groups: ArrayLike<number>,
  { ranks, seed }: { ranks: readonly number[]; seed: string },
): SwappedMeasures {
  const { train, validation, test } = splitTruth(swapWithin(x, { groups, seed }), { seed });
  const few = ranks.filter((rank) => rank <= SWAPPED_RANK);
  const tuned = tuneRanks(train, validation, { ranks: few.length > 0 ? few : ranks });
  return {
    rank: tuned.denoising.rank,
    dot: userRankings(tuned, test).dot,
    recommend: Object.fromEntries(COMPARED.map((choice) => [
      choice,
      overUsers(neighborRanking(chosenSimilarity(choice, tuned), test.given, test.heldOut)),
    ])),
  };
}

function rankMeasures(
  tuned: TunedRanks,
  test: HeldOutUsers,
  labels: ArrayLike<number>,
  { rank, lambda }: { rank: number; lambda: number },
): RankMeasures {
  const { dot, cosine, lead } = userRankings(tuned, test, { rank, lambda });
  const best = Object.keys(cosine).reduce((a, b) => cosine[b].mean > cosine[a].mean ? b : a);
  return {
    rank,
    dot,
    lead: lead[best],
    cosine,
    choices: Object.fromEntries(
      Object.keys(PLANE_CHOICES).map((choice) => {
        const similarity = chosenSimilarity(choice as SimilarityChoice, tuned, { rank, lambda });
        return [choice, {
          auc: sameClusterAuc(similarity, labels),
          precisionAt10: neighborPrecision(similarity, labels, 10),
          recommend: neighborRanking(similarity, test.given, test.heldOut).ndcgAt100.mean,
        }];
      }),
    ),
  };
}
