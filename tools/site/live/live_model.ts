import type { Matrix } from "ml-matrix";
import { power } from "../../../lib/math/elementary.ts";
import type { Interactions } from "../../../lib/interactions/interactions.ts";
import { largestDifference } from "../../../lib/linalg/matrices.ts";
import { type SVD, truncatedSVD } from "../../../lib/linalg/svd.ts";
import { clusterSimilarity } from "../../../lib/similarity/clusters.ts";
import { cosineSimilarity } from "../../../lib/similarity/cosine_similarity.ts";
import { simulateInteractions } from "../../../lib/simulator/simulate_interactions.ts";
import {
  denoisingEmbeddings,
  denoisingSpectrum,
  weightDecayEmbeddings,
} from "../../../lib/solvers/closed_forms.ts";
import { denoisingLoss } from "../../../lib/solvers/losses.ts";
import { rescale } from "../../../lib/solvers/embeddings.ts";
import { MOST_RANK, type PanelName, type Settings } from "./messages.ts";
import { planeItems } from "../../../lib/solvers/plane.ts";

/** How many items the predictions are compared for. */
const SAMPLE = 100;

/** The simulation of section 4 at its full size, and both models for any settings. */
export class LiveModel {
  readonly clusters: Uint8Array;
  readonly #x: Interactions;
  readonly #svd: SVD;

  /** @param onStage Told what is being computed. */
  constructor(onStage: (text: string) => void) {
    onStage("Simulating 20,000 users and 1,000 items …");
    const { interactions, clusters } = simulateInteractions({ seed: "cosine-lab" });
    this.clusters = clusters;
    this.#x = interactions;
    onStage("Factorizing 6.8 million interactions …");
    this.#svd = truncatedSVD(interactions, { rank: MOST_RANK });
  }

  /** The similarities of a panel. */
  similarity(name: PanelName, settings: Settings): Matrix {
    if (name === "truth") return clusterSimilarity(this.clusters);
    const { weightDecay, rank } = settings;
    if (name === "weightDecay") {
      return cosineSimilarity(weightDecayEmbeddings(this.#svd, { lambda: weightDecay, rank }).B);
    }
    const [sigma, dMat] = {
      whitened: [0, 0],
      identity: [0, 0.5],
      inverse: [0, 1],
      yours: [settings.a, settings.b],
    }[name];
    const point = { lambda: settings.denoising, rank, sigma, dMat };
    return cosineSimilarity(planeItems(this.#svd, point));
  }

  /**
   * What D does to the model of Eq. 1: its loss, how far its predictions ABᵀ are from those with
   * D = I, and how many dimensions Eq. 2 keeps.
   */
  model({ denoising: lambda, weightDecay, rank, a, b }: Settings) {
    const plain = denoisingEmbeddings(this.#svd, { lambda, rank });
    const dMat = denoisingSpectrum(this.#svd, lambda);
    const d = Array.from(
      { length: rank },
      (_, i) => power(this.#svd.sigma[i], -a) * power(dMat[i], 0.5 - b),
    );
    const rescaled = rescale(plain, d);
    const predictions = ({ A, B }: { A: Matrix; B: Matrix }) =>
      A.subMatrix(0, SAMPLE - 1, 0, rank - 1).mmul(B.transpose());
    return {
      loss: denoisingLoss(this.#x, rescaled, lambda),
      difference: largestDifference(predictions(plain), predictions(rescaled)),
      dimensions: this.#svd.sigma.subarray(0, rank).filter((sigma) => sigma > weightDecay).length,
    };
  }
}
