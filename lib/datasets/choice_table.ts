import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { MeanInterval } from "../evaluation/bootstrap.ts";
import type { ChoiceRow, SimilarityChoice, TunedRank } from "../remedies/choices.ts";
import type { TRUTHS } from "./known_truth.ts";

/** What was measured at one rank of Eq. 1, each with its own best λ. */
export interface MeasuredRank extends Pick<TunedRank, "rank" | "lambda" | "accuracy" | "behind"> {
  /** NDCG@100 of the predictions, and of the cosine of users and items under each D. */
  dot: number;
  cosine: Record<string, number>;
  /** Of each D: the AUC of the first kinds, precision at 10, and NDCG@100 from neighbors. */
  choices: Record<string, { auc: number; precisionAt10: number; recommend: number }>;
}

/** What was measured on one data set; `data/choices.ts` makes it. */
export interface MeasuredChoices {
  /** n, p, and how many interactions there are. */
  users: number;
  items: number;
  interactions: number;
  /** The settings of Eq. 1 and Eq. 2, and the λ that were tried. */
  denoising: Omit<TunedRank, "behind">;
  weightDecay: Omit<TunedRank, "behind">;
  /** The precision of random neighbors, for each way in which kinds are known. */
  chance: Record<string, number>;
  /** NDCG@100 over test users: of popularity, of Eq. 1 and Eq. 2, of users' cosines under each D. */
  popularity: MeanInterval;
  dot: MeanInterval;
  dotOfWeightDecay: MeanInterval;
  cosine: Record<string, MeanInterval>;
  /** A row for each choice of a similarity. */
  choices: Record<SimilarityChoice, ChoiceRow>;
  /** The same model over k. */
  byRank: MeasuredRank[];
}

/**
 * Reads the table of which choice of a similarity is worth what on which data, as `data/choices.ts`
 * measured it, to five digits: the numbers behind the README's advice.
 *
 * @returns What was measured on each data set of {@linkcode TRUTHS}.
 *
 * @example
 * ```ts
 * import { choiceTable } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { packages } = choiceTable();
 * assert(packages.dot.mean > packages.cosine["D = I"].mean);
 * ```
 */
export function choiceTable(): Record<typeof TRUTHS[number], MeasuredChoices> {
  const path = fileURLToPath(new URL("../../data/choices.json", import.meta.url));
  return JSON.parse(readFileSync(path, "utf8"));
}
