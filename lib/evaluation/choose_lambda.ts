import type { Interactions } from "../interactions/interactions.ts";
import { assertKnown, assertNumber, assertObject } from "../check.ts";
import type { SVD } from "../linalg/svd.ts";
import { denoisingEmbeddings, weightDecayEmbeddings } from "../solvers/closed_forms.ts";
import { evaluateRanking } from "./ranking.ts";
import { pairedDifference } from "./bootstrap.ts";
import { assertObjective, type Objective } from "../solvers/losses.ts";

/** Options for {@linkcode chooseLambda}. */
export interface ChooseLambdaOptions {
  /** Which of the two models. */
  objective: Objective;
  /** The λ to choose from. */
  lambdas: readonly number[];
  /** k, the number of latent dimensions. @default {the rank of the SVD} */
  rank?: number;
}

/** Users that are held out, and what a model should find of each: what `holdOutItems` returns. */
export interface HeldOutUsers {
  /** What is known of the users, m x p. */
  given: Interactions;
  /** What should be found, of the same users. */
  heldOut: Interactions;
}

/** How well a model with one λ ranks what was held out. */
export interface LambdaAccuracy {
  lambda: number;
  /** The mean NDCG@100. */
  accuracy: number;
  /** How much lower it is than the highest, in the mean over users. */
  behind: number;
  /** The standard error of that difference, which is paired by user. */
  standardError: number;
  /** Whether it is behind by no more than one standard error. */
  asGood: boolean;
}

/** The λ that was chosen, and the accuracy of all. */
export interface LambdaChoice {
  lambda: number;
  /** The accuracy of each λ, in ascending order of λ. */
  accuracies: LambdaAccuracy[];
}

/**
 * Chooses λ by held-out accuracy: the largest whose NDCG@100 is behind the highest by no more than
 * one standard error of the difference (the one-standard-error rule of Breiman et al. (1984), paired
 * by user). Where accuracy hardly depends on λ, this is the strongest regularization that costs
 * nothing one could measure.
 *
 * @param svd The singular value decomposition of the interactions of the users for training.
 * @param users The users to choose by, with what is known and what should be found of each.
 * @param options The model, and the λ to choose from.
 * @returns The λ, and the accuracy of each.
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If there is no λ or one is negative or not finite, the rank is out of bounds,
 * or the held-out items do not fit.
 *
 * @example
 * ```ts
 * import { simulateInteractions, truncatedSVD } from "cosine-lab";
 * import { chooseLambda, holdOutItems, splitUsers } from "cosine-lab/evaluation";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = simulateInteractions({ users: 300, items: 40 });
 * const { train, validation } = splitUsers(interactions, { validation: 50, test: 50, seed: "s" });
 * const parts = holdOutItems(validation, { share: 0.2, seed: "s" });
 * const { lambda } = chooseLambda(truncatedSVD(train), parts, {
 *   objective: "denoising",
 *   lambdas: [1, 100, 1e8],
 *   rank: 10,
 * });
 * assert(lambda < 1e8);
 * ```
 */
export function chooseLambda(
  svd: SVD,
  users: HeldOutUsers,
  options: ChooseLambdaOptions,
): LambdaChoice {
  assertObject("choose lambda", "users", users);
  assertKnown("choose lambda", options, ["objective", "lambdas", "rank"]);
  const { given, heldOut } = users;
  const { objective, lambdas, rank } = options;
  if (!(lambdas?.length > 0)) {
    throw new RangeError("Cannot choose lambda: there must be at least one to choose from");
  }
  for (const lambda of lambdas) {
    assertNumber("choose lambda", "lambda", lambda, 0);
    assertObjective("choose lambda", { objective, lambda });
  }
  const model = objective === "denoising" ? denoisingEmbeddings : weightDecayEmbeddings;
  const runs = [...lambdas].sort((a, b) => a - b).map((lambda) => ({
    lambda,
    ...evaluateRanking(model(svd, { lambda, rank }), given, heldOut).ndcgAt100,
  }));
  const best = runs.reduce((a, b) => b.mean > a.mean ? b : a);
  const accuracies = runs.map(({ lambda, mean, values }) => {
    const { mean: behind, standardError } = pairedDifference(best, { values });
    return { lambda, accuracy: mean, behind, standardError, asGood: behind <= standardError };
  });
  return { lambda: accuracies.findLast(({ asGood }) => asGood)!.lambda, accuracies };
}
