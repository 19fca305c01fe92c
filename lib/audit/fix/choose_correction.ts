import { gradedNdcg } from "../../evaluation/ndcg.ts";
import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { assertInteger, assertKnown, describe } from "../../check.ts";

import { bootstrapMean, type MeanInterval } from "../../evaluation/bootstrap.ts";
import { assertNumberPerRow, assertPairs } from "../audit_options.ts";
import { type EmbeddingRows, embeddingRows, rowsAt } from "../rows.ts";
import { nearestByCosine } from "../neighbor_search.ts";
import { rowChanger } from "./apply_correction.ts";
import { type Correction, correctionsToTry } from "./correction.ts";
import { type Evidence, type RetrievalTask, splitEvidence } from "./evidence.ts";
import { correctionFitter, type FitOptions } from "./fit_correction.ts";

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
  assertKnown(action, options, [
    "users",
    "normalize",
    "seed",
    "neighbors",
    "sample",
    "corrections",
    "onProgress",
  ]);
  const { neighbors = 10, sample = 5000, seed = "cosine-lab", users, onProgress } = options;
  assertInteger(action, "neighbors", neighbors, 1);
  assertInteger(action, "sample", sample, 10);
  const { corrections } = options;
  if (corrections !== undefined && !Array.isArray(corrections)) {
    throw new TypeError(
      `Cannot ${action}: corrections must be an array of names, current value is ${
        describe(corrections)
      }`,
    );
  }
  const rows = embeddingRows(action, "items", items);
  assertEvidence(evidence, rows.rows);
  const fit = correctionFitter(rows, { users, normalize: options.normalize, seed });
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
    throw new TypeError(`Cannot ${action}: evidence must be labels or pairs`);
  }
  if ("labels" in evidence) assertNumberPerRow(action, "labels", evidence.labels, items);
  else assertPairs(action, evidence.pairs, { first: items, second: items });
}

/**
 * How well the nearest neighbors by cosine are what queries should find: NDCG, query by query, between
 * 0 and 1. A neighbor at rank r counts its worth over log₂(r + 1), as a share of the best order's sum.
 *
 * @param rows The vectors of the gallery.
 * @param neighbors How many nearest neighbors count.
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
      : `Keep as is: ${best} was best on one half, and is not shown to help on the other.`
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
