/**
 * Small data that the valid calls share.
 *
 * @module
 */
import * as paper from "cosine-lab";
import { type AutoencoderOptions, startAutoencoder } from "cosine-lab/networks";

export const { interactions: x, clusters: labels } = paper.simulateInteractions({
  users: 60,
  items: 8,
  clusters: 2,
});
export const svd = paper.truncatedSVD(x);
export const e = paper.denoisingEmbeddings(svd, { lambda: 5, rank: 3 });
export const s = paper.cosineSimilarity(e.B);
export const popularity = paper.gram(x).diag();
export const users = { given: x, heldOut: x };
export const d = [1, 2, 3];
/** A DataFrame as far as we ask for one. */
export const table = { columns: ["u", "i"], getColumn: () => ({ toArray: () => [1, 2] }) };
export const onProgress = (): void => {};
const training = {
  hidden: [2],
  activation: "linear",
  output: "dot",
  layerNormalization: false,
  biases: {},
  normalizeInput: true,
  dropout: 0,
  weightDecay: {},
  learningRate: 0.1,
  batchSize: 60,
  epochs: 1,
  validation: users,
  patience: 1,
  seed: "a",
  precision: "float64",
  threads: 1,
};
/** Options of an autoencoder that trains at once. */
export const autoencoder = {
  ...training,
  start: startAutoencoder(x, training as AutoencoderOptions),
  onProgress,
};
