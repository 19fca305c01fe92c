import { Matrix } from "ml-matrix";
import { Interactions, type SVD, truncatedSVD } from "cosine-lab";
import small from "./small.json" with { type: "json" };

/** The paper's formulas on a 40 x 12 matrix, by NumPy, SciPy and scikit-learn (make_reference.py). */
export const reference = small;

/** X of the reference. */
export const referenceX: Interactions = Interactions.fromDense(small.X);

/** The singular value decomposition of X, full rank, by this library. */
export const referenceSVD: SVD = truncatedSVD(referenceX);

/** The models of the reference at one rank; a panel for each choice of D, and one for Eq. 2. */
type ReferenceModels = typeof small.fullRank;

/** A matrix of the reference. */
export function matrix(rows: number[][]): Matrix {
  return new Matrix(rows);
}
