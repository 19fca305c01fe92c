import type { Matrix } from "ml-matrix";

/** What is done to a hidden layer's weighted input. */
export type Activation = "relu" | "tanh" | "linear";

/** Which embeddings are layer-normalized where they enter the product, and how. */
export interface LayerNormalization {
  /** The users', the last hidden layer. @default {true} */
  users?: boolean;
  /** The items', the outgoing weights. @default {false} */
  items?: boolean;
  /**
   * Whether a gain and an offset are learned for each dimension, as most libraries do. They give
   * back the freedom that normalization took: gain·D and outgoing weights / D are the same model.
   *
   * @default {false}
   */
  gain?: boolean;
}

/** What a network computes, apart from its weights. */
export interface Architecture {
  /** Of every hidden layer. */
  activation: Activation;
  /**
   * How scores are made of the user's embedding u and the item's b: u·b, or e^s·cos(u, b) with a
   * learned s, the inverse temperature's logarithm.
   */
  output: "dot" | "cosine";
  /** Whether embeddings are layer-normalized (Ba, Kiros and Hinton, 2016) before the product. */
  layerNormalization: Required<LayerNormalization>;
  /** Whether a user's interactions are divided by their Euclidean length, as in Mult-DAE. */
  normalizeInput: boolean;
}

/** A hidden layer: h = activation(x·weights + bias). */
export interface HiddenLayer {
  /** A column for each unit, a row for each unit of the layer below or each item. */
  weights: Matrix;
  /** An entry for each unit, or null. */
  bias: Float64Array | null;
}

/** The learned affine map after a layer normalization. */
export interface Affine {
  /** An entry for each dimension. */
  gain: Float64Array;
  offset: Float64Array;
}

/**
 * An autoencoder of users' interactions, Mult-DAE (Liang et al., Variational autoencoders for
 * collaborative filtering, 2018) and its relatives: from the interactions x of a user to the last
 * hidden layer, k numbers that embed the user; from there to a score for each item, whose
 * softmax is the probability that the user's next interaction is with the item.
 */
export interface Network {
  readonly architecture: Architecture;
  /** At least one; the weights of the first are p x h, the last has k units. */
  readonly hidden: readonly HiddenLayer[];
  /** The outgoing weights of the last hidden layer, p x k: the rows embed the items. */
  readonly items: Matrix;
  /** Added to the scores, length p, or null. */
  readonly itemBias: Float64Array | null;
  /** What follows the layer normalization of users and of items, where it is learned. */
  readonly affine: { readonly users: Affine | null; readonly items: Affine | null };
  /** The logarithm of what cosines are multiplied by, or null where the output is a dot product. */
  readonly logScale: number | null;
}
