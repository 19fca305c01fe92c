import { assertInteger } from "../check/assert_integer.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertSVD } from "../linalg/assert_svd.ts";
import type { SVD } from "../linalg/svd_of_gram.ts";
import { denoisingEmbeddings } from "./denoising_embeddings.ts";
import { denoisingSpectrum } from "./denoising_spectrum.ts";
import type { Embeddings } from "./embeddings.ts";
import { rescale } from "./rescale.ts";
import { weightDecayEmbeddings } from "./weight_decay_embeddings.ts";

/** One of the ways to get embeddings that the paper compares. */
export interface ModelingChoice {
  /** A label: the training objective, and D where it is arbitrary; `^{…}` marks a superscript. */
  name: string;
  /** The item embeddings in terms of the singular vectors. */
  formula: string;
  /** The factors. */
  embeddings: Embeddings;
}

/** Options for {@linkcode modelingChoices}. */
export interface ModelingChoicesOptions {
  /** λ of Eq. 1. @default {10000} */
  denoising?: number;
  /** λ of Eq. 2. @default {100} */
  weightDecay?: number;
  /** k, the number of latent dimensions, at most the rank of the SVD. @default {50, or that rank} */
  rank?: number;
}

/** The choices by what tells them apart: D in Eq. 1, or Eq. 2. */
export interface ModelingChoices {
  /** Eq. 1 with D = dMat^½, so that B = V_k (section 2.2). */
  root: ModelingChoice;
  /** Eq. 1 with D = I (Eq. 5). */
  identity: ModelingChoice;
  /** Eq. 1 with D = dMat^−½, so that B = V_k·dMat (section 2.2). */
  inverse: ModelingChoice;
  /** Eq. 1 with D = dMat(√(1/σ)), the analogue of Eq. 2 (section 2.3). */
  analogue: ModelingChoice;
  /** Eq. 2 (Eq. 6), which leaves no D to choose. */
  weightDecay: ModelingChoice;
}

/**
 * Computes the embeddings that Figure 1 compares, and one more: training by Eq. 1 with
 * D = dMat^½, I and dMat^−½ (section 2.2), with D = dMat(√(1/σ)) (section 2.3, the analogue of
 * Eq. 2), and training by Eq. 2. All but the last are the same model: they make the same predictions.
 *
 * @param svd The singular value decomposition of X; its first k singular values must not be 0.
 * @param options The regularization of both, and the rank: by default those of section 4.
 * @returns The five choices by name, `Object.values()` in this order.
 * @throws {TypeError} If svd is not an SVD, or an option is not a number.
 * @throws {RangeError} If a λ is negative or not finite, the rank is not an integer between 1 and that
 * of the SVD, or one of the first k singular values is 0, so that D is not invertible.
 *
 * @example
 * ```ts
 * import { Interactions, modelingChoices, truncatedSVD } from "cosine-lab";
 * import assert from "node:assert/strict";
 *
 * const svd = truncatedSVD(Interactions.fromDense([[1, 1, 0], [1, 0, 1], [0, 0, 1]]));
 * const { identity, weightDecay } = modelingChoices(svd, { denoising: 1, weightDecay: 0.5 });
 * assert.equal(identity.name, "Eq. 1, D = I");
 * assert.equal(weightDecay.embeddings.B.columns, 3);
 * ```
 */
export function modelingChoices(svd: SVD, options: ModelingChoicesOptions = {}): ModelingChoices {
  assertSVD("compare modeling choices", svd);
  assertKnown("compare modeling choices", options, ["denoising", "weightDecay", "rank"]);
  const { denoising = 10_000, weightDecay = 100, rank = Math.min(50, svd.sigma.length) } = options;
  assertInteger("compare modeling choices", "rank", rank, 1, svd.sigma.length);
  assertNumber("compare modeling choices", "denoising", denoising, 0);
  assertNumber("compare modeling choices", "weightDecay", weightDecay, 0);
  const nonzero = svd.sigma.filter((sigma) => sigma > 0).length;
  if (rank > nonzero) {
    throw new RangeError(
      "Cannot compare modeling choices: rank must be at most the number of singular values that " +
        `are not 0, which is ${nonzero}, current value is ${rank} (D is not invertible where one is 0)`,
    );
  }
  const spectrum = denoisingSpectrum(svd, denoising).subarray(0, rank);
  const model = denoisingEmbeddings(svd, { lambda: denoising, rank });
  return {
    root: {
      name: "Eq. 1, D = dMat^{1/2}",
      formula: "B = V_{k}",
      embeddings: rescale(model, spectrum.map(Math.sqrt)),
    },
    identity: { name: "Eq. 1, D = I", formula: "B = V_{k} dMat^{1/2}", embeddings: model },
    inverse: {
      name: "Eq. 1, D = dMat^{−1/2}",
      formula: "B = V_{k} dMat",
      embeddings: rescale(model, spectrum.map((entry) => 1 / Math.sqrt(entry))),
    },
    analogue: {
      name: "Eq. 1, D = dMat(√(1/σ))",
      formula: "B = V_{k} dMat^{1/2} dMat(√σ)",
      embeddings: rescale(model, svd.sigma.subarray(0, rank).map((sigma) => 1 / Math.sqrt(sigma))),
    },
    weightDecay: {
      name: "Eq. 2",
      formula: "B = V_{k} dMat(√(σ−λ)_{+})",
      embeddings: weightDecayEmbeddings(svd, { lambda: weightDecay, rank }),
    },
  };
}
