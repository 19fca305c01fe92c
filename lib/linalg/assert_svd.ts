import { Matrix } from "ml-matrix";
import { assertFinite, LARGEST_FACTOR } from "../check/assert_finite.ts";
import { assertNumbers } from "../check/assert_numbers.ts";
import { assertObject } from "../check/assert_object.ts";
import type { SVD } from "./svd_of_gram.ts";

/**
 * Throws unless `svd` is singular values with a vector for each, as {@linkcode svdOfGram} gives them.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param svd The value to check.
 * @throws {TypeError} If it is no object with a Float64Array `sigma` and a Matrix `V`.
 * @throws {RangeError} If V has not a column for each singular value, there is none, one is negative, or an entry is not
 * finite.
 *
 * @example
 * ```ts
 * import { assertSVD } from "./assert_svd.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => assertSVD("solve", null), /Cannot solve: svd must be an object/);
 * ```
 */
export function assertSVD(action: string, svd: unknown): asserts svd is SVD {
  assertObject(action, "svd", svd);
  const { sigma, V } = svd as Partial<SVD>;
  if (!(sigma instanceof Float64Array) || !Matrix.isMatrix(V)) {
    throw new TypeError(
      `Cannot ${action}: svd must have the singular values sigma, a Float64Array, and the vectors V, ` +
        "an ml-matrix Matrix",
    );
  }
  if (sigma.length === 0 || V.columns !== sigma.length) {
    throw new RangeError(
      `Cannot ${action}: svd must have a column of V for each singular value, there are ` +
        `${V.columns} and ${sigma.length}`,
    );
  }
  assertNumbers(action, "sigma", sigma, 0);
  assertFinite(action, "V", V, LARGEST_FACTOR);
}
