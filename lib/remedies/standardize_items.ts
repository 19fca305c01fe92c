import { Matrix } from "ml-matrix";
import { assertFinite } from "../check/assert_finite.ts";
import { hypot } from "../elementary/hypot.ts";

/**
 * Takes the z-scores of item vectors: every dimension has its mean over the items subtracted and is
 * divided by its standard deviation. It closes a diagonal D, and a translation of all items; other
 * invertible M, and rotations, it does not close: {@linkcode whitenItems} of vectors less their mean does.
 *
 * @param b The item vectors, p x k.
 * @returns The z-scores, p x k; a dimension that is the same for all items becomes 0.
 * @throws {TypeError} If b is no matrix.
 * @throws {RangeError} If b is empty or not finite.
 *
 * @example
 * ```ts
 * import { standardizeItems } from "cosine-lab/remedies";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const z = standardizeItems(new Matrix([[10, 7], [30, 7]]));
 * assert.deepEqual(z.to2DArray(), [[-1, 0], [1, 0]]);
 * ```
 */
export function standardizeItems(b: Matrix): Matrix {
  assertFinite("standardize", "b", b);
  const centered = Matrix.sub(b, Matrix.ones(b.rows, 1).mmul(Matrix.rowVector(b.mean("column"))));
  const deviations = Array.from({ length: b.columns }, (_, j) => {
    const column = centered.getColumn(j);
    const deviation = hypot(column) / Math.sqrt(b.rows);
    const constant = deviation <= 1e-12 * Math.max(...b.getColumn(j).map(Math.abs));
    return constant ? Infinity : deviation;
  });
  // Plus 0, which makes 0 of -0.
  return centered.divRowVector(deviations).add(0);
}
