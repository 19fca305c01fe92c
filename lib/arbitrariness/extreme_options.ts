import type { Matrix } from "ml-matrix";
import { assertInteger } from "../check/assert_integer.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import { assertString } from "../check/assert_string.ts";
import { assertLabels } from "../similarity/assert_similarity.ts";
import { cosineSimilarity } from "../similarity/cosine_similarity.ts";
import { neighborPrecision } from "../similarity/neighbor_precision.ts";
import { sameClusterAuc } from "../similarity/same_cluster_auc.ts";
import { assertEmbeddings, type Embeddings } from "../solvers/embeddings.ts";
import { assertFiniteCondition } from "./freedom.ts";
import { aucSurrogate, precisionSurrogate } from "./label_surrogate.ts";

/** Options for {@linkcode extremeScaling} and {@linkcode extremeMixing}. */
export interface ExtremeOptions {
  /** Whether the cosines shall agree with the labels as well, or as badly, as they can. */
  goal: "best" | "worst";
  /** κ ≥ 1, how unequal the scales may be: max D / min D ≤ κ, or the condition of M. */
  condition: number;
  /**
   * How agreement is measured: {@linkcode sameClusterAuc} or {@linkcode neighborPrecision}.
   *
   * @default {"auc"}
   */
  measure?: "auc" | "precision";
  /** How many neighbors the precision looks at. @default {10} */
  neighbors?: number;
  /** How many starting points to search from. @default {5} */
  starts?: number;
  /** How many steps to take from each. @default {120} */
  steps?: number;
  /** The same seed gives the same answer, to the last digit. @default {"cosine-lab"} */
  seed?: string;
  /** Called after each exact evaluation with how many of all steps are done. */
  onProgress?: (done: number, total: number) => void;
}

const OPTIONS = [
  "goal",
  "condition",
  "measure",
  "neighbors",
  "starts",
  "steps",
  "seed",
  "onProgress",
];

/** The options with every default filled in, and what follows from them. */
export interface CompleteExtremeOptions
  extends Required<Omit<ExtremeOptions, "goal" | "onProgress">> {
  /** 1 to climb, −1 to descend. */
  sign: 1 | -1;
  surrogateOf: typeof aucSurrogate;
  onProgress: ExtremeOptions["onProgress"];
}

/** Checks the model, the labels and the options, and fills in the defaults. */
export function extremeOptions(
  action: string,
  e: Embeddings,
  labels: ArrayLike<number>,
  options: ExtremeOptions,
): CompleteExtremeOptions {
  assertEmbeddings(action, e);
  assertLabels(action, labels, e.B.rows);
  assertKnown(action, options, OPTIONS);
  const { goal, condition, measure = "auc", neighbors = 10 } = options;
  assertOneOf(action, "goal", goal, ["best", "worst"]);
  assertFiniteCondition(action, condition);
  assertOneOf(action, "measure", measure, ["auc", "precision"]);
  if (measure === "precision") assertInteger(action, "neighbors", neighbors, 1, e.B.rows - 1);
  const { starts = 5, steps = 120, seed = "cosine-lab", onProgress } = options;
  assertInteger(action, "starts", starts, 1);
  assertInteger(action, "steps", steps, 1);
  assertString(action, "seed", seed);
  return {
    condition,
    measure,
    neighbors,
    starts,
    steps,
    seed,
    onProgress,
    sign: goal === "best" ? 1 : -1,
    surrogateOf: measure === "auc" ? aucSurrogate : precisionSurrogate,
  };
}

/** What measures how well the cosines of some embeddings agree with the labels, exactly. */
export function agreementWithLabels(
  labels: ArrayLike<number>,
  { measure, neighbors }: Pick<CompleteExtremeOptions, "measure" | "neighbors">,
): (B: Matrix) => number {
  return measure === "auc"
    ? (B) => sameClusterAuc(cosineSimilarity(B), labels)
    : (B) => neighborPrecision(cosineSimilarity(B), labels, neighbors);
}
