import { assertBoolean, assertKnown, assertString } from "../../check.ts";
import { Matrix } from "ml-matrix";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import { multiply } from "../../linalg/products.ts";
import { assertScale } from "../assert_scale.ts";
import { type EmbeddingRows, embeddingRows } from "../embedding_rows.ts";
import { scanRows } from "../rows.ts";
import { canonicalMap } from "./canonical_map.ts";
import type { Correction } from "./correction.ts";
import { type CorrectionKind, parseCorrection } from "./correction_name.ts";
import { rowMoments } from "./row_moments.ts";
import { whiteningMap } from "./whitening_map.ts";

/** Options for {@linkcode fitCorrection}. */
export interface FitOptions {
  /** The other side of the model, users x k, which the canonical spectrum takes. */
  users?: Matrix | EmbeddingRows;
  /** Whether corrected vectors are made as long as 1. @default {false} */
  normalize?: boolean;
  /** The seed of the items that second moments are computed on. @default {"cosine-lab"} */
  seed?: string;
}

/**
 * Fits a correction of embeddings, without any evidence that it helps: {@linkcode chooseCorrection}
 * looks for that.
 *
 * - `as-is`: nothing is changed.
 * - `center`: the mean vector is subtracted.
 * - `remove-top-R`: then, what lies along the R directions of largest variance ("all-but-the-top", Mu
 *   and Viswanath, 2018).
 * - `z-scores`: every coordinate gets mean 0 and variance 1.
 * - `whitening`: so does every direction.
 * - `canonical-A`: V Σ̂ᴬ, which no M can change; see `canonicalItems` in `cosine-lab/remedies`.
 *
 * @param items Embeddings, a row for each item.
 * @param correction Its name.
 * @param options The users' embeddings, for `canonical-A`; whether to normalize; the seed.
 * @returns The correction, a plain object, which JSON keeps as it is.
 * @throws {TypeError} If an option is of the wrong kind or unknown.
 * @throws {RangeError} If there is no such correction, an entry is not finite, vectors are too long or
 * too short for their squares, or users are missing or of other dimensions.
 *
 * @example
 * ```ts
 * import { applyCorrection, fitCorrection } from "cosine-lab/audit";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const items = new Matrix([[5, 1], [7, 1], [6, 4]]);
 * const centered = applyCorrection(fitCorrection(items, "center"), items);
 * assert.deepEqual(centered.to2DArray(), [[-1, -1], [1, -1], [0, 2]]);
 * ```
 */
export function fitCorrection(
  items: Matrix | EmbeddingRows,
  correction: string,
  options: FitOptions = {},
): Correction {
  assertKnown("fit a correction", options, ["users", "normalize", "seed"]);
  return correctionFitter(items, options)(correction);
}

/** What is computed once for all corrections of the same items. */
export function correctionFitter(
  items: Matrix | EmbeddingRows,
  { users, normalize = false, seed = "cosine-lab" }: FitOptions,
): (name: string) => Correction {
  const action = "fit a correction";
  assertString(action, "seed", seed);
  assertBoolean(action, "normalize", normalize);
  const rows = embeddingRows(action, "items", items);
  const ofUsers = users === undefined ? undefined : embeddingRows(action, "users", users);
  assertScale("items", scanRows("items", rows).norms);
  if (ofUsers !== undefined && ofUsers.columns !== rows.columns) {
    throw new RangeError(
      `Cannot ${action}: users must have as many columns as items, they have ` +
        `${ofUsers.columns} and ${rows.columns}`,
    );
  }
  const moments = rowMoments(rows, seed);
  const { mean, covariance } = moments;
  const k = rows.columns;
  const once = <T>(make: () => T) => {
    let made: T | undefined;
    return () => made ??= make();
  };
  const axes = once(() => symmetricEigen(covariance).vectors);
  const canonical = once(() => {
    if (ofUsers === undefined) {
      throw new RangeError(`Cannot ${action}: the canonical spectrum takes users or interactions`);
    }
    assertScale("users", scanRows("users", ofUsers).norms);
    return canonicalMap(moments.second, rowMoments(ofUsers, seed).second);
  });
  const parts = (kind: CorrectionKind): Partial<Correction> => {
    switch (kind.kind) {
      case "as-is":
        return {};
      case "center":
        return { mean: [...mean] };
      case "z-scores":
        return {
          mean: [...mean],
          scale: covariance.diag().map((variance, c) =>
            variance > (1e-9 * mean[c]) ** 2 ? 1 / Math.sqrt(variance) : 0
          ),
        };
      case "whitening": {
        const { matrix, shrinkage } = whiteningMap(covariance);
        return { mean: [...mean], matrix: matrix.to2DArray(), shrinkage };
      }
      case "remove-top": {
        if (kind.directions >= k) {
          throw new RangeError(
            `Cannot ${action}: of ${k} directions at most ${k - 1} can be removed, ` +
              `not ${kind.directions}`,
          );
        }
        const top = axes().subMatrix(0, k - 1, 0, kind.directions - 1);
        const matrix = Matrix.sub(Matrix.eye(k), multiply(top, top.transpose()));
        return { mean: [...mean], matrix: matrix.to2DArray() };
      }
      case "canonical":
        return { matrix: canonical()(kind.exponent).to2DArray() };
    }
  };
  return (name) => ({
    version: 1,
    correction: name,
    dimensions: k,
    mean: null,
    scale: null,
    matrix: null,
    shrinkage: null,
    ...parts(parseCorrection(name)),
    normalize,
    fittedOn: moments.rows,
  });
}
