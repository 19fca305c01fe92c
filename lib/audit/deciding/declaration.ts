import type { Findings } from "../findings.ts";
import type { DeclaredTraining } from "../measuring/free_group.ts";

/** What follows from how the model was trained, as declared. */
export function followsFrom({ trained }: Findings): string[] {
  return FOLLOWS[trained];
}

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
