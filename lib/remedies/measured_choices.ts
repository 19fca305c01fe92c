import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { assertFunction, callback, checkedOptions, integer, optional, text } from "../check.ts";
import { bootstrapMean, type MeanInterval } from "../evaluation/bootstrap.ts";
import type { HeldOutUsers } from "../evaluation/hold_out.ts";
import { type RankingAccuracy, rankingAccuracy } from "../evaluation/ranking.ts";
import { swapWithin } from "../evaluation/swap_within.ts";
import { compressRows, Interactions } from "../interactions/interactions.ts";
import { rowArrays } from "../linalg/matrices.ts";
import { power } from "../math/elementary.ts";
import { sameClusterAuc } from "../similarity/same_cluster_auc.ts";
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
  type RecommendingRow,
  recommendingRow,
  SIMILARITY_CHOICES,
  type SimilarityChoice,
  type UserRankings,
  userRankings,
} from "./choices.ts";
import { prepareData } from "./prepared_data.ts";
import { neighborRanking, spectralRanking } from "./rankings.ts";
import { trainSkipGram } from "./skip_gram.ts";
import { chanceOf, kindYardsticks, type KnownKinds } from "./yardsticks.ts";
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

/** What a choice is worth on one split, with 95% intervals over items and over test users. */
export interface SplitRow extends RecommendingRow {
  /** As in {@linkcode ShortRow}. */
  auc: MeanInterval;
  precisionAt10: MeanInterval;
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

/** What one split of the users says of the models, as recommenders; the rest is in the rows. */
export interface MeasuredModels extends UserRankings {
  /** Eq. 1 and Eq. 2 as this split's validation users chose them. */
  denoising: Tuning;
  weightDecay: Tuning;
  /** NDCG@100 of the predictions of Eq. 2; `dot` are those of Eq. 1. */
  dotOfWeightDecay: MeanInterval;
  /** `dot`, `cosine` and `lead` where only hidden items of the long tail are to be found. */
  tail: UserRankings;
}

/** What one split of the users says. */
export interface MeasuredSplit extends MeasuredModels {
  /** A row for each choice, in the first way in which kinds are known. */
  choices: Record<SimilarityChoice, SplitRow>;
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

/** What was measured on one data set; what {@linkcode measureChoices} returns. */
export interface MeasuredChoices extends MeasuredModels {
  /** n, p, and how many interactions there are. */
  users: number;
  items: number;
  interactions: number;
  /** The precision of random neighbors, for each way in which kinds are known. */
  chance: Record<string, number>;
  /** NDCG@100 of ranking by popularity. */
  popularity: MeanInterval;
  /** A row for each choice of a similarity. */
  choices: Record<SimilarityChoice, ChoiceRow>;
  /** The ranks of Eq. 1 that were tried. */
  ranks: Omit<TunedRank, "tried">[];
  /** The same model at each of them up to 1,200. */
  byRank: MeasuredRank[];
  /** NDCG@100 of ranking by V σ²ᵃ dMat²ᵇ Vᵀ, the dot products of the items under each D. */
  unscaled: Record<string, MeanInterval>;
  /** A row for skip-gram, by the first of its seeds. */
  skipGram: ChoiceRow;
  /** Short rows of means of similarities, and of skip-gram by several seeds. */
  averages: Record<string, ShortRow>;
  /** With the users' items swapped within kinds, and within tenths of popularity. */
  swapped: Record<string, MeasuredSwap>;
  /** Of some choices, the AUC with the kinds shuffled among items that are about as popular. */
  shuffledKinds: Record<string, number>;
  /** What each split says; all else is of the first. */
  splits: MeasuredSplit[];
}

/**
 * Returns what `measure` returns, or what it returned before for this part; parts are plain data, the same
 * after `JSON.stringify` and `JSON.parse`.
 */
export type Remember = <T>(part: string, measure: () => T) => T;

/** Options for {@linkcode measureChoices}. */
export interface MeasureChoicesOptions {
  /** The ranks of Eq. 1 to try, ascending. @default {5, 10, 20, 50, 100, doubled up to p, and p} */
  ranks?: readonly number[];
  /** How many splits of the users. @default {3} */
  splits?: number;
  /** How many pairs skip-gram is trained on, about; at most 100 times through all users. @default {3000000} */
  pairs?: number;
  /** The seed of the first split. @default {"truth"} */
  seed?: string;
  /** Keeps what was measured, so that an interrupted measurement goes on. @default {keeps nothing} */
  remember?: Remember;
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

/** The largest rank at which everything is measured. */
const MOST_MEASURED_RANK = 1_200;

/**
 * Measures what each choice of a similarity is worth on data with known truth: to recognize kinds, to
 * recommend from neighbors and to users, to agree with a reference. It measures on several splits of the
 * users, each with its own choice of λ and k ({@linkcode splitTruth}, {@linkcode tuneRanks}); only the
 * first is measured in every respect.
 *
 * @param truth The data.
 * @param options `splits`, `ranks`, `pairs`, `seed`, `onProgress`.
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
 * assert(first.mean === auc.mean && auc.low < auc.mean && second.mean > 0.5);
 * ```
 */
export function measureChoices(
  truth: KnownTruth,
  options: MeasureChoicesOptions = {},
): MeasuredChoices {
  const { interactions: x } = truth;
  const { ranks, splits, pairs, seed, remember, onProgress } = checkedOptions(
    "measure choices",
    options,
    {
      ranks: ascendingRanks(x.items, doubled(x.items)),
      splits: integer(1, 100, 3),
      pairs: integer(1, Infinity, 3_000_000),
      seed: text("truth"),
      remember: optional<Remember>({ check: assertFunction, fallback: (_, measure) => measure() }),
      onProgress: callback,
    },
  );
  const part: Remember = (name, measure) => remember ? remember(name, measure) : measure();
  onProgress?.(0, splits);
  const { first, ...table } = part("split 1", () => measureTable(truth, { ranks, pairs, seed }));
  const { choices: _, ...models } = first;
  const { rank } = first.denoising;
  // The largest rank that is tried on swapped data is the one behind that of the data as they are.
  const few = ranks.slice(0, ranks.indexOf(rank) + 2);
  const groups = {
    "within kinds": mainKinds(truth).labels,
    "within tenths of popularity": tenthsOf(splitTruth(x, { seed }).train),
  };
  const swapped = Object.fromEntries(
    Object.entries(groups).map(([name, each]) => [
      name,
      part(`swapped ${name}`, () => measureSwapped(truth, each, { ranks: few, seed })),
    ]),
  );
  onProgress?.(1, splits);
  const all = [first];
  for (let split = 2; split <= splits; split++) {
    const other = { ranks, seed: `${seed} ${split}` };
    all.push(part(`split ${split}`, () => measureSplit(truth, other)));
    onProgress?.(split, splits);
  }
  return { ...models, ...table, swapped, splits: all };
}

/** 5, 10, 20, 50, 100 and so on doubled, and p. */
function doubled(p: number): number[] {
  const ranks = [5, 10, 20, 50];
  for (let rank = 100; rank < p; rank *= 2) ranks.push(rank);
  return [...ranks.filter((rank) => rank < p), p];
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

const means = (intervals: Record<string, MeanInterval>): Record<string, number> =>
  mapped(intervals, ({ mean }) => mean);

function mapped<K extends string, A, B>(of: Record<K, A>, change: (value: A) => B): Record<K, B> {
  const entries = Object.entries<A>(of).map(([key, value]) => [key, change(value)]);
  return Object.fromEntries(entries) as Record<K, B>;
}

/** What a measure says of the similarities of each choice, one at a time: they are large. */
function overChoices<T>(tuned: TunedRanks, measure: (similarity: Matrix) => T) {
  return Object.fromEntries(
    SIMILARITY_CHOICES.map((choice) => [choice, measure(chosenSimilarity(choice, tuned))]),
  ) as Record<SimilarityChoice, T>;
}

/** The predictions of Y V dMat(spectrum) Vᵀ, ranked for the test users. */
function predictionsOf({ train, svd }: TunedRanks, test: HeldOutUsers) {
  return spectralRanking(prepareData(train, "as it is"), svd, test.given, test.heldOut);
}

/** Both models as recommenders of all hidden items, and of those of the long tail. */
function measureModels(tuned: TunedRanks, test: HeldOutUsers): MeasuredModels {
  const { svd: { sigma }, weightDecay: { lambda } } = tuned;
  const popularity = Float64Array.from(tuned.gram.diag());
  const spectrum = sigma.map((value) => value > 0 ? Math.max(0, 1 - lambda / value) : 0);
  return {
    denoising: settings(tuned.denoising),
    weightDecay: settings(tuned.weightDecay),
    ...userRankings(tuned, test),
    dotOfWeightDecay: overUsers(predictionsOf(tuned, test)(spectrum)),
    tail: userRankings(tuned, { given: test.given, heldOut: tailOf(test.heldOut, popularity) }),
  };
}

/** The first split: the table of choices, and what is measured beside it. */
function measureTable(
  truth: KnownTruth,
  { ranks, pairs, seed }: { ranks: readonly number[]; pairs: number; seed: string },
) {
  const { interactions: x, kinds, reference } = truth;
  const { train, validation, test } = splitTruth(x, { seed });
  const tuned = tuneRanks(train, validation, { ranks, rank: x.items });
  const popularity = Float64Array.from(tuned.gram.diag());
  const rowOf = (similarity: Matrix) =>
    choiceRow(similarity, { kinds, test, reference, popularity });
  const choices = overChoices(tuned, rowOf);
  const [main] = Object.keys(kinds);
  const shortened = mapped(choices, ({ kinds, reference: _, ...recommending }) => {
    const { auc, precisionAt10 } = kinds[main];
    return { auc, precisionAt10, ...recommending };
  });
  return {
    users: x.users,
    items: x.items,
    interactions: x.nonzeros,
    first: { ...measureModels(tuned, test), choices: shortened },
    chance: mapped(kinds, chanceOf),
    popularity: overUsers(
      rankingAccuracy((_, scores) => scores.set(popularity), test.given, test.heldOut),
    ),
    choices,
    ranks: tuned.denoisingByRank.map(({ tried: _, ...each }) => each),
    byRank: tuned.denoisingByRank.filter(({ rank }) => rank <= MOST_MEASURED_RANK)
      .map(({ tried: _, ...each }) => ({ ...each, ...measureRank(truth, tuned, test, each) })),
    ...measureBeside(truth, tuned, test, { pairs, seed, rowOf }),
  };
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

/** Another split, with a λ and a rank of its own. */
function measureSplit(
  truth: KnownTruth,
  { ranks, seed }: { ranks: readonly number[]; seed: string },
): MeasuredSplit {
  const { train, validation, test } = splitTruth(truth.interactions, { seed });
  const tuned = tuneRanks(train, validation, { ranks, rank: train.items });
  const popularity = tuned.gram.diag();
  const choices = overChoices(tuned, (similarity) => {
    const { auc, precisionAt10 } = kindYardsticks(similarity, mainKinds(truth));
    return { auc, precisionAt10, ...recommendingRow(similarity, test, popularity) };
  });
  return { ...measureModels(tuned, test), choices };
}

/** What is measured on the first split alone, beside the table of choices. */
function measureBeside(
  truth: KnownTruth,
  tuned: TunedRanks,
  test: HeldOutUsers,
  { pairs, seed, rowOf }: {
    pairs: number;
    seed: string;
    rowOf: (similarity: Matrix) => ChoiceRow;
  },
) {
  const { svd, denoising: { rank, lambda } } = tuned;
  const { labels } = mainKinds(truth);
  const predictions = predictionsOf(tuned, test);
  const spectrum = denoisingSpectrum(svd, lambda).map((value, j) => j < rank ? value : 0);
  const shuffled = shuffledWithin(labels, tenthsOf(tuned.train), seed);
  const trained = skipGrams(tuned.train, { pairs, seed });
  return {
    unscaled: mapped(PLANE_CHOICES, ({ sigma, dMat }) =>
      overUsers(predictions(
        spectrum.map((value, j) =>
          value && power(svd.sigma[j], 2 * sigma) * power(value, 2 * dMat)
        ),
      ))),
    skipGram: rowOf(trained[0]),
    averages: averagesOf(truth, tuned, test, trained),
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
function tenthsOf(train: Interactions): Uint8Array {
  const popularity = new Float64Array(train.items);
  for (const item of train.columnIndices) popularity[item]++;
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

/** The similarities of items by skip-gram, for each of several seeds. */
function skipGrams(
  train: Interactions,
  { pairs, seed }: { pairs: number; seed: string },
): Matrix[] {
  return Array.from({ length: SEEDS }, (_, n) => {
    const { inputs } = trainSkipGram(train, {
      epochs: Math.min(MOST_EPOCHS, Math.ceil(pairs / train.nonzeros)),
      rank: Math.min(50, train.items),
      seed: `${seed}, ${n}`,
    });
    return cosineSimilarity(inputs);
  });
}

/** Means of the similarities of several D or choices, and skip-gram by several seeds and their mean. */
function averagesOf(
  truth: KnownTruth,
  tuned: TunedRanks,
  test: HeldOutUsers,
  trained: readonly Matrix[],
): Record<string, ShortRow> {
  const row = (similarity: Matrix) => shortRow(similarity, mainKinds(truth), test);
  const meanOf = (choices: readonly SimilarityChoice[]) =>
    row(mean(choices.map((choice) => chosenSimilarity(choice, tuned))));
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
function measureSwapped(
  truth: KnownTruth,
  groups: ArrayLike<number>,
  { ranks, seed }: { ranks: readonly number[]; seed: string },
): MeasuredSwap {
  const { train, validation, test } = splitTruth(
    swapWithin(truth.interactions, { groups, seed }),
    { seed },
  );
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
