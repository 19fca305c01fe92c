import { assertOneOf } from "../check/assert_one_of.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertObject } from "../check/assert_object.ts";

/** One of the paper's training objectives: Eq. 1 is `"denoising"`, Eq. 2 is `"weightDecay"`. */
export type Objective = "denoising" | "weightDecay";

/** A training objective and its λ. */
export interface ObjectiveOptions {
  /** Which of the two objectives. */
  objective: Objective;
  /** λ ≥ 0, the weight of the regularization. */
  lambda: number;
}

/** Throws unless the objective is one of the two, with a λ ≥ 0. */
export function assertObjective(action: string, options: ObjectiveOptions): void {
  assertObject(action, "options", options);
  const { objective, lambda } = options;
  assertOneOf(action, "objective", objective, ["denoising", "weightDecay"]);
  assertNumber(action, "lambda", lambda, 0);
}
