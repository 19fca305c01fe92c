import { startAutoencoder } from "cosine-lab/networks";
import { autoencoder, d, x } from "./sample.ts";
import { call, type ValidCall, withOptions } from "./valid_call.ts";

const network = startAutoencoder(x, { hidden: [3] });
const run = { precision: "float64", threads: 1 };

/** A call of everything that `cosine-lab/networks` exports. */
export const networks: Record<string, ValidCall> = {
  evaluateNetwork: withOptions(run, network, x, x),
  hiddenActivations: withOptions({ ...run, layer: 0 }, network, x),
  hiddenNorms: call(network),
  networkItemEmbeddings: withOptions({ precision: "float64" }, network),
  networkLoss: withOptions({ ...run, weightDecay: {} }, network, x),
  networkScores: withOptions(run, network, x),
  networkUserEmbeddings: withOptions(run, network, x),
  rescaleHidden: withOptions({ layer: 0, through: "weights" }, network, d),
  startAutoencoder: withOptions(autoencoder, x),
  trainAutoencoder: withOptions(autoencoder, x),
};
