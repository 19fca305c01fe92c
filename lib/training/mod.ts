/**
 * Both objectives minimized by gradients and by alternating least squares, to see where a training ends (sections 2.1 to 2.3).
 *
 * @module
 */
export {
  alternatingLeastSquares,
  type AlternatingLeastSquaresOptions,
} from "./alternating_least_squares.ts";
export { dropoutEmbeddings } from "./dropout_embeddings.ts";
export { dropoutLoss, sampledDropoutLoss } from "./dropout_loss.ts";
export { lossGradient } from "./loss_gradient.ts";
export { lossHessian } from "./loss_hessian.ts";
export type { Optimizer } from "./optimizers.ts";
export { trainEmbeddings, type Training, type TrainingOptions } from "./train_embeddings.ts";
export { type DropoutTrainingOptions, trainWithDropout } from "./train_with_dropout.ts";
export type { Objective, ObjectiveOptions } from "../solvers/objective.ts";
export { randomNormal, type RandomNormalOptions } from "../statistics/random_normal.ts";
