/**
 * Autoencoders: training, evaluation, and the freedom of their hidden units (section 5).
 *
 * @module
 */
export type { AutoencoderOptions } from "./autoencoder_options.ts";
export { evaluateNetwork } from "./network_embeddings.ts";
export { type HiddenNorms, hiddenNorms } from "./run_network.ts";
export type {
  Activation,
  Affine,
  Architecture,
  HiddenLayer,
  LayerNormalization,
  Network,
} from "./network.ts";
export {
  hiddenActivations,
  networkItemEmbeddings,
  networkScores,
  networkUserEmbeddings,
} from "./network_embeddings.ts";
export { networkLoss, type NetworkLossOptions, type WeightDecay } from "./run_network.ts";
export { rescaleHidden, type RescaleHiddenOptions } from "./network_embeddings.ts";
export type { NetworkRunOptions } from "./run_network.ts";
export { startAutoencoder } from "./train_autoencoder.ts";
export { type AutoencoderTraining, type Epoch, trainAutoencoder } from "./train_autoencoder.ts";
export type { Precision } from "./network.ts";
