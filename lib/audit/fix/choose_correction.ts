import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { anything, assertKnown, checkedOptions, describe, flag } from "../../check.ts";
import { bootstrapMean, type MeanInterval } from "../../evaluation/bootstrap.ts";
import { gradedNdcg } from "../../evaluation/ndcg.ts";
import { InputError, InputRangeError, InputTypeError } from "../../errors.ts";
import { shuffle } from "../../math/random.ts";
import { assertNumberPerRow, assertPairs, SEARCH } from "../audit_options.ts";
import type { EmbeddingFile } from "../formats/embedding_file.ts";
import { nearestByCosine } from "../neighbor_search.ts";
import { type EmbeddingRows, embeddingRows, rowsAt } from "../rows.ts";
import { type IdPairs, knownPairs, type RowsById, rowsById } from "../side_values.ts";
import { correctionFitter, type FitOptions, rowChanger } from "./fit_and_apply.ts";
import { type Correction, correctionsToTry } from "./corrections.ts";

/** Options for {@linkcode chooseCorrection}. */
export interface ChooseOptions extends FitOptions {
  /** How many nearest neighbors are judged. @default {10} */
  neighbors?: number;
  /** Among how many items neighbors are looked for, where there are so many. @default {5000} */
  sample?: number;
  /** The names of the corrections to try besides `as-is`. @default {all} */
  corrections?: readonly string[];
  /** Called with how many corrections were tried, of how many. */
  onProgress?: (done: number, total: number) => void;
}

/** What {@linkcode chooseCorrection} finds; a plain object, which JSON keeps as it is. */
export interface CorrectionChoice {
  /** The version of this schema. */
  schema: "cosine-lab/choice/1";
  items: number;
  dimensions: number;
  /** What is to be used: the best one, or `as-is` where that is not shown to be worse. */
  recommended: string;
  /** That, fitted. */
  correction: Correction;
  /** The best on the half that chooses. */
  best: string;
  /** NDCG of each on that half: the best of these looks better than it is. */
  tried: { correction: string; score: number }[];
  /** On the half that was not looked at: NDCG as is and with the best, and the mean difference. */
  asIs: MeanInterval;
  corrected: MeanInterval;
  difference: MeanInterval;
  sample: {
    seed: string;
    neighbors: number;
    evidence: "labels" | "pairs";
    choosing: { queries: number; items: number };
    reporting: { queries: number; items: number };
  };
}

/**
 * Chooses a correction by evidence: whether the nearest neighbors by cosine have the same label, or are
 * paired with the item. Half of the evidence chooses, the other half reports how much better the chosen
 * one is than the embeddings as they are; unless the 95 % bootstrap interval of that difference lies
 * above 0, they are to be kept as they are.
 *
 * Corrections are fitted on all items, without a look at the evidence.
 *
 * @param items Embeddings, a row for each item.
 * @param evidence Labels or pairs.
 * @param options Users for the canonical spectrum, how many neighbors are judged among how many items,
 * the corrections to try, and the seed.
 * @returns What is recommended, and the numbers behind it.
 * @throws {TypeError} If evidence or an option is of the wrong kind, or unknown.
 * @throws {RangeError} If there is too little evidence, or a number is out of bounds.
 *
 * @example
 * ```ts
 * import { chooseCorrection } from "cosine-lab/audit";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * // Two kinds of items; a third coordinate, the largest by far, has nothing to do with them.
 * const rows = Array.from({ length: 120 }, (_, i) => [
 *   i % 2 + Math.sin(i) / 2, Math.cos(i) / 2, 100 * Math.sin(i * i),
 * ]);
 * const labels = rows.map((_, i) => i % 2);
 * const { recommended, difference } = chooseCorrection(new Matrix(rows), { labels });
 * assert(recommended !== "as-is" && difference.low > 0);
 * ```
 */
export function chooseCorrection(
  items: Matrix | EmbeddingRows,
  evidence: Evidence,
  options: ChooseOptions = {},
): CorrectionChoice {
  const action = "choose a correction";
  const { corrections, neighbors, sample, seed, users, normalize, onProgress } = checkedOptions(
    action,
    options,
    {
      users: anything<ChooseOptions["users"]>(),
      normalize: flag(false),
      ...SEARCH,
      corrections: anything<ChooseOptions["corrections"]>(),
      onProgress: anything<ChooseOptions["onProgress"]>(),
    },
  );
  if (corrections !== undefined && !Array.isArray(corrections)) {
    throw new InputTypeError(
      `Cannot ${action}: corrections must be an array of names, current value is ${
        describe(corrections)
      }`,
    );
  }
  const rows = embeddingRows(action, "items", items);
  assertEvidence(evidence, rows.rows);
  const fit = correctionFitter(rows, { users, normalize, seed });
  const random = seedrandom.alea(`${seed} evidence`);
  const [choosing, reporting] = splitEvidence(evidence, rows.rows, sample, random);
  const names = [
    "as-is",
    ...(corrections ?? correctionsToTry(rows.columns, users !== undefined))
      .filter((name) => name !== "as-is"),
  ];
  const vectors = rowsAt(rows, choosing.gallery);
  const tried = names.map((correction, i) => {
    onProgress?.(i, names.length + 2);
    const scores = retrievalScores(rowChanger(fit(correction))(vectors), choosing, neighbors);
    return { correction, score: meanOf(scores) };
  });
  // Rounding decides nothing: of those that are equal but for it, the first.
  const most = Math.max(...tried.map(({ score }) => score));
  const best = tried.find(({ score }) => score >= most - 1e-12)!.correction;
  const unseen = rowsAt(rows, reporting.gallery);
  const [before, after] = ["as-is", best].map((name, i) => {
    onProgress?.(names.length + i, names.length + 2);
    return retrievalScores(rowChanger(fit(name))(unseen), reporting, neighbors);
  });
  const interval = (values: Float64Array) => bootstrapMean(values, { seed: `${seed} report` });
  const difference = interval(after.map((score, i) => score - before[i]));
  const recommended = difference.low > 0 ? best : "as-is";
  const size = ({ queries, gallery }: typeof choosing) => ({
    queries: queries.length,
    items: gallery.length,
  });
  onProgress?.(1, 1);
  return {
    schema: "cosine-lab/choice/1",
    items: rows.rows,
    dimensions: rows.columns,
    recommended,
    correction: fit(recommended),
    best,
    tried,
    asIs: interval(before),
    corrected: interval(after),
    difference,
    sample: {
      seed,
      neighbors,
      evidence: "labels" in evidence ? "labels" : "pairs",
      choosing: size(choosing),
      reporting: size(reporting),
    },
  };
}

const meanOf = (values: Float64Array) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Throws unless evidence is labels for all items, or pairs of items. */
function assertEvidence(evidence: Evidence, items: number): void {
  const action = "choose a correction";
  assertKnown(action, evidence, ["labels", "pairs"]);
  if ("labels" in evidence === "pairs" in evidence) {
    throw new InputTypeError(`Cannot ${action}: evidence must be labels or pairs`);
  }
  if ("labels" in evidence) assertNumberPerRow(action, "labels", evidence.labels, items);
  else assertPairs(action, evidence.pairs, { first: items, second: items });
}

/**
 * How well the nearest neighbors by cosine are what queries should find: NDCG, query by query, between
 * 0 and 1. A neighbor at rank r counts its worth over log₂(r + 1), as a share of the best order's sum.
 */
export function retrievalScores(
  rows: readonly Float64Array[],
  { queries, relevant }: RetrievalTask,
  neighbors: number,
): Float64Array {
  const near = nearestByCosine(rows, queries, Math.min(neighbors, rows.length - 1));
  return Float64Array.from(near, (found, i) => gradedNdcg(found, relevant[i]));
}

/** The choice of a correction as text for a terminal. */
export function fixSummary(choice: CorrectionChoice): string {
  const { tried, best, recommended, asIs, corrected, difference, sample } = choice;
  const { choosing, reporting, neighbors, evidence } = sample;
  const width = Math.max(...tried.map(({ correction }) => correction.length));
  const lines = tried.map(({ correction, score }) =>
    `  ${correction.padEnd(width)}  ${score.toFixed(4)}${correction === best ? "  best" : ""}`
  );
  const verdict = recommended === "as-is"
    ? best === "as-is"
      ? "Keep as is: no correction is better than none."
      : `Keep as is: ${best} was best on one half but is not shown to help on the other.`
    : `Recommended: ${recommended}.`;
  const paired = best === "as-is" ? [] : [
    `On the other half (${reporting.queries} queries among ${count(reporting.items)} items):`,
    `  as is ${asIs.mean.toFixed(4)}, ${best} ${corrected.mean.toFixed(4)}: ` +
    `${signed(difference.mean)} (95 % interval ${signed(difference.low)} to ` +
    `${signed(difference.high)})`,
    "",
  ];
  return [
    `${count(choice.items)} items x ${choice.dimensions} dimensions`,
    `NDCG at ${neighbors} by ${evidence}, on the half that chooses (${choosing.queries} queries among ` +
    `${count(choosing.items)} items):`,
    ...lines,
    "",
    ...paired,
    verdict,
  ].join("\n");
}

const count = (value: number) => value.toLocaleString("en");

const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;

/** What is known of items, that a good similarity agrees with: one of the two. */
export type Evidence =
  | {
    /** What each item is, one number each: items of one label are similar. */
    labels: ArrayLike<number>;
  }
  | {
    /** Pairs of items, by their rows, that belong together: co-clicks, judgments. */
    pairs: {
      first: ArrayLike<number>;
      second: ArrayLike<number>;
      /** How much each pair weighs, above 0; 1 by default. */
      weights?: ArrayLike<number>;
    };
  };

/** Queries among items, and what they should find. */
interface RetrievalTask {
  /** The rows that are searched. */
  gallery: number[];
  /** The places in the gallery of the items that are looked for neighbors of. */
  queries: number[];
  /** For each query, how much each place that it should find is worth. */
  relevant: Map<number, number>[];
}

/** How many queries each half has, at least and at most. */
const LEAST_QUERIES = 20;
const MOST_QUERIES = 1000;

/**
 * Splits evidence into two tasks, one to choose on and one to report, with no item as a query of both
 * and no pair in both.
 *
 * Items are split by lot. With labels each half searches its own items alone. With pairs both search
 * items of either half, or most pairs would be cut: a pair within a half is used both ways there, and
 * one between halves in one of them, drawn by lot, and only from that half's side.
 *
 * @param items How many there are.
 * @param gallery How many items a task searches, at least, where there are so many.
 * @param random Uniform random numbers in [0, 1).
 * @throws {RangeError} If a half has less than 20 queries.
 */
export function splitEvidence(
  evidence: Evidence,
  items: number,
  gallery: number,
  random: () => number,
): [RetrievalTask, RetrievalTask] {
  const half = Uint8Array.from({ length: items }, () => random() < 0.5 ? 0 : 1);
  const tasks = "labels" in evidence
    ? [0, 1].map((side) => labelTask(evidence.labels, half, side, gallery, random))
    : pairTasks(evidence.pairs, half, gallery, random);
  for (const { queries } of tasks) {
    if (queries.length >= LEAST_QUERIES) continue;
    throw new InputRangeError(
      `Cannot choose a correction: the evidence must give each half at least ${LEAST_QUERIES} items ` +
        `with one that they should find, one half has ${queries.length}`,
    );
  }
  return tasks as [RetrievalTask, RetrievalTask];
}

function labelTask(
  labels: ArrayLike<number>,
  half: Uint8Array,
  side: number,
  size: number,
  random: () => number,
): RetrievalTask {
  const own = shuffle([...half.keys()].filter((item) => half[item] === side), random);
  const gallery = own.slice(0, size).sort((a, b) => a - b);
  const places = new Map<number, number[]>();
  gallery.forEach((item, place) => {
    places.set(labels[item], [...places.get(labels[item]) ?? []]);
    places.get(labels[item])!.push(place);
  });
  const known = gallery.map((item, place) => ({ place, same: places.get(labels[item])! }))
    .filter(({ same }) => same.length > 1);
  const chosen = shuffle(known, random).slice(0, MOST_QUERIES);
  return {
    gallery,
    queries: chosen.map(({ place }) => place),
    relevant: chosen.map(({ place, same }) =>
      new Map(same.filter((other) => other !== place).map((other) => [other, 1]))
    ),
  };
}

function pairTasks(
  { first, second, weights }: Extract<Evidence, { pairs: unknown }>["pairs"],
  half: Uint8Array,
  size: number,
  random: () => number,
): RetrievalTask[] {
  const merged = new Map<number, { a: number; b: number; weight: number }>();
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [Math.min(first[i], second[i]), Math.max(first[i], second[i])];
    if (a === b) continue;
    const pair = merged.get(a * half.length + b) ?? { a, b, weight: 0 };
    pair.weight += weights?.[i] ?? 1;
    merged.set(a * half.length + b, pair);
  }
  const wanted = [new Map<number, Map<number, number>>(), new Map<number, Map<number, number>>()];
  const add = (query: number, item: number, weight: number) => {
    const own = wanted[half[query]];
    if (!own.has(query)) own.set(query, new Map());
    own.get(query)!.set(item, weight);
  };
  for (const { a, b, weight } of merged.values()) {
    const drawn = random() < 0.5;
    if (half[a] === half[b] || drawn) add(a, b, weight);
    if (half[a] === half[b] || !drawn) add(b, a, weight);
  }
  return wanted.map((own) => {
    const chosen = shuffle([...own].sort(([a], [b]) => a - b), random).slice(0, MOST_QUERIES);
    const needed = new Set(chosen.flatMap(([query, items]) => [query, ...items.keys()]));
    const others = shuffle([...half.keys()].filter((item) => !needed.has(item)), random);
    const gallery = [...needed, ...others.slice(0, Math.max(0, size - needed.size))]
      .sort((a, b) => a - b);
    const place = new Map(gallery.map((item, i) => [item, i]));
    return {
      gallery,
      queries: chosen.map(([query]) => place.get(query)!),
      relevant: chosen.map(([, items]) =>
        new Map([...items].map(([item, weight]) => [place.get(item)!, weight]))
      ),
    };
  });
}

/** Pairs of items' ids as evidence. */
export function pairEvidence(
  pairs: IdPairs,
  items: Pick<EmbeddingFile, "ids" | "rows" | "kept">,
  path: string,
): { evidence: Evidence; note: string | null } {
  const rows = itemsById(items);
  const side = { what: "item", rows } as const;
  if (pairs.ratings) {
    throw new InputError(
      `${path} holds ratings of users, not pairs of items: it is given by --interactions, with items ` +
        "that belong together by --pairs or --labels",
    );
  }
  const { kept, note, weights } = knownPairs(pairs, [side, side], path);
  const rowsOf = (ids: readonly string[]) => kept.map((i) => rows.get(ids[i])!);
  const { first, second } = pairs;
  return { evidence: { pairs: { first: rowsOf(first), second: rowsOf(second), weights } }, note };
}

/** The rows of items by their ids. */
export function itemsById(
  { ids, rows, kept }: Pick<EmbeddingFile, "ids" | "rows" | "kept">,
): RowsById {
  return rowsById(ids, rows.rows, {
    kept,
    onRepeat: (sentence) => {
      throw new InputError(`${sentence}, counted from 0`);
    },
  });
}
