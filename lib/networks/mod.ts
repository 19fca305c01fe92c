/**
 * Autoencoders: training, evaluation, and the freedom of their hidden units (section 5).
 *
 * @module
 */
export {
  evaluateNetwork,
  hiddenActivations,
  networkItemEmbeddings,
  networkScores,
  networkUserEmbeddings,
  rescaleHidden,
  type RescaleHiddenOptions,
} from "./network_embeddings.ts";
export {
  type HiddenNorms,
  hiddenNorms,
  networkLoss,
  type NetworkLossOptions,
  type NetworkRunOptions,
  type WeightDecay,
} from "./run_network.ts";
export type {
  Activation,
  Affine,
  Architecture,
  HiddenLayer,
  LayerNormalization,
  Network,
  Precision,
} from "./network.ts";
export {
  type AutoencoderOptions,
  type AutoencoderTraining,
  type Epoch,
  startAutoencoder,
  trainAutoencoder,
} from "./train_autoencoder.ts";
