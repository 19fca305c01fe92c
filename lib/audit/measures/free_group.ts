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
export function freeGroup(trained: DeclaredTraining, biases = false): FreeGroup | null {
  return biases && trained === "product" ? "affine" : GROUPS[trained];
}

const GROUPS: Record<DeclaredTraining, FreeGroup | null> = {
  product: "linear",
  factors: "rotation",
  softmax: "affine",
  sum: "sum",
  cosine: "none",
  unknown: null,
};

/** What follows from how the model was trained, as declared. */
export function followsFrom(trained: DeclaredTraining, biases: boolean): string[] {
  return biases ? [...FOLLOWS[trained], BIASES] : FOLLOWS[trained];
}

const BIASES =
  "Declared: with biases. One vector added to all items is free too: what it adds to the scores of a " +
  "user, or of a context, goes into its bias. So to remove the mean is no correction, but an equally " +
  "good model.";

const FOLLOWS: Record<DeclaredTraining, string[]> = {
  product: [
    "Declared: trained on dot products, with no penalty on either side alone (Eq. 1 of the paper; " +
    "denoising, dropout, early stopping).",
    "Free is every invertible matrix M between the two sides: A·M and B·M⁻ᵀ make the same " +
    "predictions at the same loss. Cosines of items change with it, and no measurement tells which " +
    "M is right.",
  ],
  softmax: [
    "Declared: trained with a softmax over the items, without weight decay.",
    "Free is every invertible matrix M between the two sides, and a translation: moving all items " +
    "by one vector adds the same to all scores of a query, which a softmax does not see. Any two " +
    "items alone can be moved to cosine 1 or −1.",
  ],
  sum: [
    "Declared: the vectors are sums W + W̃ of both sides of a model that was trained on their dot " +
    "products, as GloVe's are.",
    "Free is every invertible matrix M between the two sides: W·M and W̃·M⁻ᵀ fit as well. Their " +
    "sum W·M + W̃·M⁻ᵀ changes less than either side does, since what M stretches in one term it " +
    "shrinks in the other.",
  ],
  factors: [
    "Declared: trained on dot products, with weight decay on both sides (Eq. 2 of the paper).",
    "Free are rotations only, and no rotation moves a cosine. What sets the cosines is the strength " +
    "of the decay: it takes as much from strong directions as from weak ones.",
  ],
  cosine: [
    "Declared: trained on cosines, or on vectors that the model itself normalizes. Nothing is free " +
    "but rotations, and no rotation moves a cosine.",
  ],
  unknown: [
    "Nothing was declared, so nothing follows. `--trained` says how the model was trained: product, " +
    "softmax or sum would leave these cosines open, factors would leave them to the strength of " +
    "the decay, and cosine would leave nothing to warn of.",
    "Figures for equally good models hold if the model was trained on dot products without a " +
    "penalty on each side; otherwise they only say what stretching axes would do.",
  ],
};
