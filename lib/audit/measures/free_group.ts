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
  "user, or of a context, is taken up by its bias. Removing the mean is therefore no correction, but " +
  "leads to an equally good model.";

const FOLLOWS: Record<DeclaredTraining, string[]> = {
  product: [
    "Declared: trained on dot products, with no penalty on either side alone (Eq. 1 of the paper; " +
    "denoising, dropout, early stopping).",
    "Any invertible matrix M between the two sides is free: A·M and B·M⁻ᵀ make the same predictions " +
    "at the same loss. Cosines of items change with it, and no measurement tells which M is right.",
  ],
  softmax: [
    "Declared: trained with a softmax over the items, without weight decay.",
    "Any invertible matrix M between the two sides is free, and so is a translation: moving all items " +
    "by one vector adds the same to all scores of a query, which a softmax does not see. Any two " +
    "items alone can be moved to cosine 1 or −1.",
  ],
  sum: [
    "Declared: the vectors are sums W + W̃ of both sides of a model that was trained on their dot " +
    "products, as GloVe's are.",
    "Any invertible matrix M between the two sides is free: W·M and W̃·M⁻ᵀ fit as well. Their sum " +
    "changes less than either side, since M shrinks in one term what it stretches in the other.",
  ],
  factors: [
    "Declared: trained on dot products, with weight decay on both sides (Eq. 2 of the paper).",
    "Only rotations are free, and no rotation moves a cosine. The strength of the decay sets the " +
    "cosines: it takes as much from strong directions as from weak ones.",
  ],
  cosine: [
    "Declared: trained on cosines, or on vectors that the model itself normalizes. Only rotations are " +
    "free, and no rotation moves a cosine.",
  ],
  unknown: [
    "Nothing was declared. With `--trained`, product, softmax or sum would leave these cosines open, " +
    "factors would leave them to the strength of the decay, and cosine would leave nothing free. " +
    "Figures for equally good models hold for the first three.",
  ],
};
