/**
 * Both objectives minimized by gradients and by alternating least squares, to see where a training ends (sections 2.1 to 2.3).
 *
 * @module
 */
export {
  alternatingLeastSquares,
  type AlternatingLeastSquaresOptions,
} from "./alternating_least_squares.ts";
export {
  dropoutEmbeddings,
  dropoutLoss,
  type DropoutTrainingOptions,
  sampledDropoutLoss,
  trainWithDropout,
} from "./dropout.ts";
export {
  lossGradient,
  lossHessian,
  type Optimizer,
  trainEmbeddings,
  type Training,
  type TrainingOptions,
} from "./train_embeddings.ts";
export type { Objective, ObjectiveOptions } from "../solvers/losses.ts";
export { randomNormal, type RandomNormalOptions } from "../math/random.ts";
