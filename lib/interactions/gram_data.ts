import { Matrix } from "ml-matrix";
import { keptGram } from "../linalg/gram.ts";
import { assertInteractions } from "./assert_interactions.ts";
import type { Id } from "./index_ids.ts";
import { Interactions } from "./interactions.ts";

/**
 * G = XᵀX of interactions that are not at hand: all that the models, and everything else about
 * items, need to know of X. {@linkcode gramFromParquet} and {@linkcode gramFromCounts} make it.
 */
export interface GramData {
  /** G, p x p. */
  gram: Matrix;
  /** The id of each item: of each row and column of G. */
  itemIds: readonly Id[];
}

/**
 * The Gram matrix of interactions, or the one that was computed of them before.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param x The interactions, or their Gram matrix.
 * @returns G, p x p.
 * @throws {TypeError} If x is neither.
 * @throws {RangeError} If its Gram matrix is not square.
 *
 * @example
 * ```ts
 * import { gramOf } from "./gram_data.ts";
 * import { Interactions } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * assert.equal(gramOf("train", Interactions.fromDense([[1], [1]])).get(0, 0), 2);
 * assert.equal(gramOf("train", { gram: new Matrix([[2]]) }).get(0, 0), 2);
 * ```
 */
export function gramOf(action: string, x: Interactions | Pick<GramData, "gram">): Matrix {
  if (!(x instanceof Interactions) && Matrix.isMatrix(x?.gram)) {
    const { rows, columns } = x.gram;
    if (rows === columns && rows > 0) return x.gram;
    throw new RangeError(
      `Cannot ${action}: a Gram matrix must be square, its shape is ${rows} x ${columns}`,
    );
  }
  assertInteractions(action, "x", x);
  return keptGram(x);
}
