import { Matrix } from "ml-matrix";
import { power } from "../../../lib/math/elementary.ts";
import type { Interactions } from "../../../lib/interactions/interactions.ts";
import { largestDifference, rowArrays } from "../../../lib/linalg/matrices.ts";
import { type SVD, truncatedSVD } from "../../../lib/linalg/svd.ts";
import { clusterSimilarity } from "../../../lib/similarity/clusters.ts";
import { sameClusterAuc } from "../../../lib/similarity/same_cluster_auc.ts";
import { cosineSimilarity } from "../../../lib/similarity/cosine_similarity.ts";
import { neighborPrecision } from "../../../lib/similarity/neighbors.ts";
import { simulateInteractions } from "../../../lib/simulator/simulate_interactions.ts";
import {
  denoisingEmbeddings,
  denoisingSpectrum,
  weightDecayEmbeddings,
} from "../../../lib/solvers/closed_forms.ts";
import { denoisingLoss } from "../../../lib/solvers/losses.ts";
import { rescale } from "../../../lib/solvers/embeddings.ts";
import { planeItems } from "../../../lib/solvers/plane.ts";
import { ITEMS, type PanelName, QUICK_RANK, type Settings } from "./settings.ts";

/** How many users are simulated. */
const USERS = 20_000;

/** How many items the predictions are compared for. */
const SAMPLE = 100;

const shown = (count: number) => count.toLocaleString("en");

/** How well a similarity tells the clusters apart. */
export interface Scores {
  auc: number;
  /** The precision at 10; undefined where all pairs are tied, and there are no nearest neighbors. */
  precision?: number;
}

/** The simulation of section 4 at its full size, and both models for any settings. */
export class LiveModel {
  readonly seed: string;
  readonly clusters: Uint8Array;
  readonly #x: Interactions;
  readonly #onStage: (text: string) => void;
  #svd: SVD;

  /**
   * @param seed The seed of the simulation.
   * @param onStage Told what is being computed.
   */
  constructor(seed: string, onStage: (text: string) => void = () => {}) {
    this.seed = seed;
    this.#onStage = onStage;
    onStage(`simulating ${shown(USERS)} users and ${shown(ITEMS)} items …`);
    const { interactions, clusters } = simulateInteractions({ users: USERS, items: ITEMS, seed });
    this.clusters = clusters;
    this.#x = interactions;
    onStage(`factorizing ${(interactions.nonzeros / 1e6).toFixed(1)} million interactions …`);
    this.#svd = truncatedSVD(interactions, { rank: QUICK_RANK });
  }

  /** The directions up to a rank: all of them once more than the first are asked for. */
  #directions(rank: number): SVD {
    if (rank > this.#svd.sigma.length) {
      this.#onStage(`computing all ${shown(ITEMS)} directions, once …`);
      this.#svd = truncatedSVD(this.#x);
    }
    return this.#svd;
  }

  /** The similarities of a panel. */
  similarity(name: PanelName, settings: Settings): Matrix {
    if (name === "truth") return clusterSimilarity(this.clusters);
    const { weightDecay, rank } = settings;
    const svd = this.#directions(rank);
    if (name === "weightDecay") {
      return cosineSimilarity(weightDecayEmbeddings(svd, { lambda: weightDecay, rank }).B);
    }
    const [sigma, dMat] = {
      whitened: [0, 0],
      identity: [0, 0.5],
      inverse: [0, 1],
      yours: [settings.a, settings.b],
    }[name];
    const s = cosineSimilarity(
      planeItems(svd, { lambda: settings.denoising, rank, sigma, dMat }),
    );
    // At full rank all cosines of V are 0 except for rounding, which decides nothing.
    return rank < ITEMS ? s : Matrix.mul(s, 1e12).round().div(1e12);
  }

  /** How well a similarity tells the clusters apart. */
  scores(s: Matrix): Scores {
    return {
      auc: sameClusterAuc(s, this.clusters),
      precision: allPairsTied(s) ? undefined : neighborPrecision(s, this.clusters, 10),
    };
  }

  /**
   * What D does to the model of Eq. 1: its loss, how far its predictions ABᵀ are from those with
   * D = I, and how many dimensions Eq. 2 keeps.
   */
  model({ denoising: lambda, weightDecay, rank, a, b }: Settings) {
    const svd = this.#directions(rank);
    const plain = denoisingEmbeddings(svd, { lambda, rank });
    const dMat = denoisingSpectrum(svd, lambda);
    const d = Array.from(
      { length: rank },
      (_, i) => power(svd.sigma[i], -a) * power(dMat[i], 0.5 - b),
    );
    const rescaled = rescale(plain, d);
    const predictions = ({ A, B }: { A: Matrix; B: Matrix }) =>
      A.subMatrix(0, SAMPLE - 1, 0, rank - 1).mmul(B.transpose());
    return {
      loss: denoisingLoss(this.#x, rescaled, lambda),
      difference: largestDifference(predictions(plain), predictions(rescaled)),
      dimensions: svd.sigma.subarray(0, rank).filter((sigma) => sigma > weightDecay).length,
    };
  }
}

/** Whether all pairs of different items are equally similar. */
function allPairsTied(s: Matrix): boolean {
  return rowArrays(s).every((row, i) => row.every((value, j) => i === j || value === s.get(0, 1)));
}
