import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { callback, checkedOptions, flag, integer, text } from "../check.ts";
import { bootstrapMean, type MeanInterval } from "../evaluation/bootstrap.ts";
import type { HeldOutUsers } from "../evaluation/hold_out.ts";
import { type RankingAccuracy, rankingAccuracy } from "../evaluation/ranking.ts";
import { swapWithin } from "../evaluation/swap_within.ts";
import { compressRows, Interactions } from "../interactions/interactions.ts";
import { rowArrays } from "../linalg/matrices.ts";
import { power } from "../math/elementary.ts";
import { sameClusterAuc } from "../similarity/clusters.ts";
import { cosineSimilarity } from "../similarity/cosine_similarity.ts";
import { neighborPrecision } from "../similarity/neighbors.ts";
import { denoisingSpectrum } from "../solvers/closed_forms.ts";
import { shuffle } from "../math/random.ts";
import {
  type ChoiceRow,
  choiceRow,
  chosenSimilarity,
  type KnownTruth,
  PLANE_CHOICES,
  SIMILARITY_CHOICES,
  type SimilarityChoice,
  type UserRankings,
  userRankings,
} from "./choices.ts";
import { prepareData } from "./prepared_data.ts";
import { neighborRanking, spectralRanking } from "./rankings.ts";
import { trainSkipGram } from "./skip_gram.ts";
import { chanceOf, type KnownKinds } from "./yardsticks.ts";
import {
  ascendingRanks,
  splitTruth,
  type TunedRank,
  type TunedRanks,
  tuneRanks,
} from "./tune_models.ts";

/** What a similarity is worth, in short. */
export interface ShortRow {
  /** ROC-AUC of "same kind". */
  auc: number;
  /** The share of the ten nearest that are of an item's own kind. */
  precisionAt10: number;
  /** NDCG@100 of recommending from the 50 nearest neighbors. */
  recommend: number;
}

/** A model's λ and rank, its NDCG@100 on the validation users, and what was tried. */
export type Tuning = Omit<TunedRank, "behind">;

/** Eq. 1 at one rank, with the λ that is best there. */
export interface MeasuredRank extends Omit<TunedRank, "tried"> {
  /** NDCG@100 of the predictions, and of the cosine of users and items under each D. */
  dot: number;
  cosine: Record<string, number>;
  /** A short row for each D. */
  choices: Record<string, ShortRow>;
}

/** What one split of the users says, in short. */
export interface MeasuredSplit {
  /** Eq. 1 and Eq. 2 as this split's validation users chose them. */
  denoising: Tuning;
  weightDecay: Tuning;
  /** NDCG@100 of the predictions of both, and of the cosine of users and items under each D. */
  dot: number;
  dotOfWeightDecay: number;
  cosine: Record<string, number>;
  /** A short row for each choice. */
  choices: Record<SimilarityChoice, ShortRow>;
}

/** What is left of the differences when a part of the data's structure is swapped away. */
export interface MeasuredSwap {
  /** The rank of Eq. 1 that predicts best on the swapped data. */
  rank: number;
  /** NDCG@100 of the predictions. */
  dot: number;
  /** A short row for some of the choices. */
  choices: Record<string, ShortRow>;
}

/** What is measured on the first split beside the table of choices. */
export interface MeasuredExtras {
  /** `dot`, `cosine` and `lead` where only hidden items of the long tail are to be found. */
  tail: UserRankings;
  /** NDCG@100 of ranking by V σ²ᵃ dMat²ᵇ Vᵀ, the dot products of the items under each D. */
  unscaled: Record<string, MeanInterval>;
  /** Short rows of means of similarities, and of skip-gram by several seeds. */
  averages: Record<string, ShortRow>;
  /** With the users' items swapped within kinds, and within tenths of popularity. */
  swapped: Record<string, MeasuredSwap>;
  /** Of some choices, the AUC with the kinds shuffled among items that are about as popular. */
  shuffledKinds: Record<string, number>;
}

/** What was measured on one data set; what {@linkcode measureChoices} returns. */
export interface MeasuredChoices extends UserRankings, Partial<MeasuredExtras> {
  /** n, p, and how many interactions there are. */
  users: number;
  items: number;
  interactions: number;
  /** Eq. 1 and Eq. 2 as the first split's validation users chose them. */
  denoising: Tuning;
  weightDecay: Tuning;
  /** The precision of random neighbors, for each way in which kinds are known. */
  chance: Record<string, number>;
  /** NDCG@100 of ranking by popularity, and of the predictions of Eq. 2; `dot` are those of Eq. 1. */
  popularity: MeanInterval;
  dotOfWeightDecay: MeanInterval;
  /** A row for each choice of a similarity. */
  choices: Record<SimilarityChoice, ChoiceRow>;
  /** The ranks of Eq. 1 that were tried. */
  ranks: Omit<TunedRank, "tried">[];
  /** The same model at each of them up to 1,200: larger ones take minutes each. */
  byRank: MeasuredRank[];
  /** What each split says; all else is of the first. */
  splits: MeasuredSplit[];
}

/** Options for {@linkcode measureChoices}. */
export interface MeasureChoicesOptions {
  /** The ranks of Eq. 1 to try, ascending. @default {5, 10, 20, 50, 100, doubled up to p, and p} */
  ranks?: readonly number[];
  /** How many splits of the users. @default {3} */
  splits?: number;
  /** How many pairs skip-gram is trained on, about; at most 100 times through all users. @default {3000000} */
  pairs?: number;
  /** Whether to measure {@linkcode MeasuredExtras}, too. @default {true} */
  extras?: boolean;
  /** The seed of the first split. @default {"truth"} */
  seed?: string;
  /** Told how many splits are done, and of how many. */
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

/** The ranks that are tried on swapped data, which have few directions that count. */
const SWAPPED_RANKS = [10, 50, 200];

/** The largest rank at which everything is measured. */
const MOST_MEASURED_RANK = 1_200;

/** The largest rank next to the first split's that the others try. */
const MOST_RANK = 400;

/**
 * Measures what each choice of a similarity is worth on data with known truth: to recognize kinds, to
 * recommend from neighbors and to users, to agree with a reference. On several splits of the users, each
 * of which chooses λ and k for itself ({@linkcode splitTruth}, {@linkcode tuneRanks}): the first among all
 * ranks, and with intervals; the others among the rank that the first took and those next to it (up to
 * 400, since larger ones take minutes).
 *
 * @param truth The data.
 * @param options `splits`, `ranks`, `extras`, `pairs`, `seed`, `onProgress`.
 * @returns What was measured.
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
 * const { choices, splits } = measureChoices(
 *   { interactions, kinds: { cluster: { labels: clusters } } },
 *   { ranks: [5, 10], splits: 2, pairs: 10_000 },
 * );
 * const { auc } = choices["original space"].kinds.cluster;
 * const [first, second] = splits.map((split) => split.choices["original space"].auc);
 * assert(Math.abs(first - auc.mean) < 1e-9 && auc.low < first && second > 0.5);
 * ```
 */
export function measureChoices(
  truth: KnownTruth,
  options: MeasureChoicesOptions = {},
): MeasuredChoices {
  const { interactions: x } = truth;
  const { ranks, splits, pairs, extras, seed, onProgress } = checkedOptions(
    "measure choices",
    options,
    {
      ranks: ascendingRanks(x.items, doubled(x.items)),
      splits: integer(1, 100, 3),
      pairs: integer(1, Infinity, 3_000_000),
      extras: flag(true),
      seed: text("truth"),
      onProgress: callback,
    },
  );
  onProgress?.(0, splits);
  const { tuned, test, ...first } = measureFirstSplit(truth, { ranks, seed });
  const more = extras ? measureExtras(truth, tuned, test, { pairs, seed }) : {};
  onProgress?.(1, splits);
  const all = [first.split];
  for (let split = 1; split < splits; split++) {
    const { rank } = tuned.denoising;
    all.push(
      measureOtherSplit(truth, { ranks: nextTo(rank, ranks), seed: `${seed} ${split + 1}` }),
    );
    onProgress?.(split + 1, splits);
  }
  return { ...first.measured, splits: all, ...more };
}

/** 5, 10, 20, 50, 100 and so on doubled, and p. */
function doubled(p: number): number[] {
  const ranks = [5, 10, 20, 50];
  for (let rank = 100; rank < p; rank *= 2) ranks.push(rank);
  return [...ranks.filter((rank) => rank < p), p];
}

/** A rank, and those before and behind it up to {@linkcode MOST_RANK}. */
function nextTo(rank: number, ranks: readonly number[]): number[] {
  const at = ranks.indexOf(rank);
  return ranks.slice(Math.max(0, at - 1), at + 2).filter((k) => k <= Math.max(rank, MOST_RANK));
}

/** The kinds in which short rows are: the first. */
const mainKinds = ({ kinds }: KnownTruth): KnownKinds => Object.values(kinds)[0];

function settings({ rank, lambda, accuracy, tried }: TunedRank): Tuning {
  return { rank, lambda, accuracy, tried };
}

const overUsers = ({ ndcgAt100 }: RankingAccuracy) =>
  bootstrapMean(ndcgAt100.values, { seed: "users" });

function shortRow(similarity: Matrix, { labels }: KnownKinds, test: HeldOutUsers): ShortRow {
  return {
    auc: sameClusterAuc(similarity, labels),
    precisionAt10: neighborPrecision(similarity, labels, 10),
    recommend: neighborRanking(similarity, test.given, test.heldOut).ndcgAt100.mean,
  };
}

/** The predictions of Y V dMat(spectrum) Vᵀ, ranked for the test users. */
function predictionsOf({ train, svd }: TunedRanks, test: HeldOutUsers) {
  return spectralRanking(prepareData(train, "as it is"), svd, test.given, test.heldOut);
}

function weightDecayRanking({ svd, weightDecay, ...tuned }: TunedRanks, test: HeldOutUsers) {
  return predictionsOf({ svd, weightDecay, ...tuned }, test)(
    svd.sigma.map((sigma) => sigma > 0 ? Math.max(0, 1 - weightDecay.lambda / sigma) : 0),
  );
}

function measureFirstSplit(
  truth: KnownTruth,
  { ranks, seed }: { ranks: readonly number[]; seed: string },
) {
  const { interactions: x, kinds, reference } = truth;
  const { train, validation, test } = splitTruth(x, { seed });
  const tuned = tuneRanks(train, validation, { ranks, rank: x.items });
  const popularity = Float64Array.from(tuned.gram.diag());
  const similarities = SIMILARITY_CHOICES.map((choice) => chosenSimilarity(choice, tuned));
  const over = <T>(measure: (similarity: Matrix) => T) =>
    Object.fromEntries(
      SIMILARITY_CHOICES.map((choice, i) => [choice, measure(similarities[i])]),
    ) as Record<SimilarityChoice, T>;
  const ranked = userRankings(tuned, test);
  const decayed = weightDecayRanking(tuned, test);
  const tuning = {
    denoising: settings(tuned.denoising),
    weightDecay: settings(tuned.weightDecay),
  };
  const measured = {
    users: x.users,
    items: x.items,
    interactions: x.nonzeros,
    ...tuning,
    chance: Object.fromEntries(
      Object.entries(kinds).map(([kind, known]) => [kind, chanceOf(known)]),
    ),
    popularity: overUsers(
      rankingAccuracy((_, scores) => scores.set(popularity), test.given, test.heldOut),
    ),
    ...ranked,
    dotOfWeightDecay: overUsers(decayed),
    choices: over((similarity) => choiceRow(similarity, { kinds, test, reference, popularity })),
    ranks: tuned.denoisingByRank.map(({ tried: _, ...each }) => each),
    byRank: tuned.denoisingByRank.filter(({ rank }) => rank <= MOST_MEASURED_RANK)
      .map(({ tried: _, ...each }) => ({ ...each, ...measureRank(truth, tuned, test, each) })),
  };
  const split = shortened(
    tuning,
    ranked,
    decayed,
    over((s) => shortRow(s, mainKinds(truth), test)),
  );
  return { tuned, test, measured, split };
}

function shortened(
  tuning: { denoising: Tuning; weightDecay: Tuning },
  { dot, cosine }: UserRankings,
  decayed: RankingAccuracy,
  choices: Record<SimilarityChoice, ShortRow>,
): MeasuredSplit {
  return {
    ...tuning,
    dot: dot.mean,
    dotOfWeightDecay: decayed.ndcgAt100.mean,
    cosine: means(cosine),
    choices,
  };
}

function means(intervals: Record<string, MeanInterval>): Record<string, number> {
  return Object.fromEntries(Object.entries(intervals).map(([name, { mean }]) => [name, mean]));
}

function measureRank(
  truth: KnownTruth,
  tuned: TunedRanks,
  test: HeldOutUsers,
  { rank, lambda }: { rank: number; lambda: number },
) {
  const { dot, cosine } = userRankings(tuned, test, { rank, lambda });
  const choices = Object.keys(PLANE_CHOICES).map((choice) => [
    choice,
    shortRow(
      chosenSimilarity(choice as SimilarityChoice, tuned, { rank, lambda }),
      mainKinds(truth),
      test,
    ),
  ]);
  return { dot: dot.mean, cosine: means(cosine), choices: Object.fromEntries(choices) };
}

/** Measures a split in short, with a λ and a rank of its own. */
function measureOtherSplit(
  truth: KnownTruth,
  { ranks, seed }: { ranks: readonly number[]; seed: string },
): MeasuredSplit {
  const { train, validation, test } = splitTruth(truth.interactions, { seed });
  const tuned = tuneRanks(train, validation, { ranks, rank: train.items });
  const choices = Object.fromEntries(
    SIMILARITY_CHOICES.map((choice) => [
      choice,
      shortRow(chosenSimilarity(choice, tuned), mainKinds(truth), test),
    ]),
  ) as Record<SimilarityChoice, ShortRow>;
  const tuning = {
    denoising: settings(tuned.denoising),
    weightDecay: settings(tuned.weightDecay),
  };
  return shortened(tuning, userRankings(tuned, test), weightDecayRanking(tuned, test), choices);
}

/** What is measured on the first split alone, beside the table of choices. */
function measureExtras(
  truth: KnownTruth,
  tuned: TunedRanks,
  test: HeldOutUsers,
  { pairs, seed }: { pairs: number; seed: string },
): MeasuredExtras {
  const { svd, denoising } = tuned;
  const { labels } = mainKinds(truth);
  const popularity = Float64Array.from(tuned.gram.diag());
  const predictions = predictionsOf(tuned, test);
  const spectrum = denoisingSpectrum(svd, denoising.lambda)
    .map((value, j) => j < denoising.rank ? value : 0);
  const tenths = tenthsOf(popularity);
  const shuffled = shuffledWithin(labels, tenths, seed);
  return {
    tail: userRankings(tuned, { given: test.given, heldOut: tailOf(test.heldOut, popularity) }),
    unscaled: Object.fromEntries(
      Object.entries(PLANE_CHOICES).map(([choice, { sigma, dMat }]) => [
        choice,
        overUsers(predictions(
          spectrum.map((value, j) =>
            value && power(svd.sigma[j], 2 * sigma) * power(value, 2 * dMat)
          ),
        )),
      ]),
    ),
    averages: averagesOf(truth, tuned, test, { pairs, seed }),
    swapped: {
      "within kinds": swapMeasured(truth, labels, { seed }),
      "within tenths of popularity": swapMeasured(truth, tenths, { seed }),
    },
    shuffledKinds: Object.fromEntries(
      COMPARED.map((choice) => [choice, sameClusterAuc(chosenSimilarity(choice, tuned), shuffled)]),
    ),
  };
}

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
  truth: KnownTruth,
  tuned: TunedRanks,
  test: HeldOutUsers,
  { pairs, seed }: { pairs: number; seed: string },
): Record<string, ShortRow> {
  const { train } = tuned;
  const row = (similarity: Matrix) => shortRow(similarity, mainKinds(truth), test);
  const meanOf = (choices: readonly SimilarityChoice[]) =>
    row(mean(choices.map((choice) => chosenSimilarity(choice, tuned))));
  const trained = Array.from({ length: SEEDS }, (_, n) => {
    const { inputs } = trainSkipGram(train, {
      epochs: Math.min(MOST_EPOCHS, Math.ceil(pairs / train.nonzeros)),
      rank: Math.min(50, train.items),
      seed: `${seed}, ${n}`,
    });
    return cosineSimilarity(inputs);
  });
  return {
    "six D": meanOf(Object.keys(PLANE_CHOICES) as SimilarityChoice[]),
    "columns and mutual information": meanOf(["columns", "mutual information"]),
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

/** Swaps, tunes and measures as if the swapped data were the data. */
function swapMeasured(
  truth: KnownTruth,
  groups: ArrayLike<number>,
  { seed }: { seed: string },
): MeasuredSwap {
  const { train, validation, test } = splitTruth(
    swapWithin(truth.interactions, { groups, seed }),
    { seed },
  );
  const ranks = SWAPPED_RANKS.filter((rank) => rank <= train.items);
  const tuned = tuneRanks(train, validation, { ranks });
  return {
    rank: tuned.denoising.rank,
    dot: userRankings(tuned, test).dot.mean,
    choices: Object.fromEntries(COMPARED.map((choice) => [
      choice,
      shortRow(chosenSimilarity(choice, tuned), mainKinds(truth), test),
    ])),
  };
}
