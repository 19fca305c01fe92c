/**
 * How a model was trained, as the one who trained it knows; vectors alone do not tell.
 *
 * - `"product"`: on dot products, with no penalty on either side alone, like Eq. 1 (denoising,
 *   dropout, early stopping).
 * - `"factors"`: on dot products, with weight decay on users and on items, like Eq. 2.
 * - `"softmax"`: on a softmax over all items, without weight decay: moving all items by one vector
 *   changes nothing either.
 * - `"sum"`: on dot products, and the vectors are sums of both sides, like GloVe's W + W̃.
 * - `"cosine"`: on cosines, or on vectors that are normalized within the model.
 * - `"unknown"`: what the audit says holds under a condition that it names.
 */
export type DeclaredTraining = typeof TRAININGS[number];

/** The words that may be declared. */
export const TRAININGS = ["product", "factors", "softmax", "sum", "cosine", "unknown"] as const;

/**
 * The changes of item vectors that a training objective does not see.
 *
 * - `"linear"`: B·M⁻ᵀ for every invertible M.
 * - `"affine"`: that, and B + 1cᵀ for every c.
 * - `"sum"`: W·M + W̃·M⁻ᵀ for every invertible M.
 * - `"rotation"`: B·R for every rotation R: no cosine moves.
 * - `"none"`: nothing.
 */
export type FreeGroup = "linear" | "affine" | "sum" | "rotation" | "none";

/** The group that a declaration leaves free; null where nothing was declared. */
export function freeGroup(trained: DeclaredTraining): FreeGroup | null {
  return GROUPS[trained];
}

const GROUPS: Record<DeclaredTraining, FreeGroup | null> = {
  product: "linear",
  factors: "rotation",
  softmax: "affine",
  sum: "sum",
  cosine: "none",
  unknown: null,
};
