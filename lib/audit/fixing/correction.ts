/** What is done to every vector x: ((x − mean) ∘ scale) · matrix, and made as long as 1 if asked for. */
export interface Correction {
  /** The version of this schema. */
  version: 1;
  /** Its name, as {@linkcode parseCorrection} reads it. */
  correction: string;
  /** k, the length of the vectors that it takes. */
  dimensions: number;
  /** What is subtracted, k numbers; null for nothing. */
  mean: number[] | null;
  /** What each coordinate is multiplied by then, k numbers; null for 1. */
  scale: number[] | null;
  /** What the row is multiplied by then, k x m, row by row; null for the identity. */
  matrix: number[][] | null;
  /** Whether the result is divided by its length. */
  normalize: boolean;
  /**
   * For whitening, the share s of Σ + s(t·I − Σ), t the mean variance, that makes an ill-conditioned
   * covariance Σ invertible; null for other corrections.
   */
  shrinkage: number | null;
  /** How many items the second moments were computed on. */
  fittedOn: number;
}
