import type { Matrix } from "ml-matrix";
import { rowArrays } from "../../linalg/products.ts";
import { piecewiseProducts } from "./piecewise_products.ts";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import type { RowSample } from "../sample_rows.ts";
import { rowsOf } from "./anchor_neighbors.ts";
import { flat } from "./canonical_sample.ts";
import type { ChangedRows } from "./neighbor_changes.ts";

/** The name of this comparison. */
export const ORIGINAL_SPACE = "compared by their predictions";

/**
 * Items in the original space (section 3): the cosines of the columns of the predictions PBᵀ are
 * those of the rows of B(PᵀP)^½, and no P·M, B·M⁻ᵀ changes them.
 *
 * @param moments PᵀP.
 */
export function originalSpace({ values, columns }: RowSample, moments: Matrix): ChangedRows {
  const { values: squares, vectors } = symmetricEigen(moments);
  const axes = rowArrays(vectors.transpose())
    .map((axis, i) => axis.map((entry) => entry * Math.sqrt(Math.max(0, squares[i] / squares[0]))));
  return {
    change: ORIGINAL_SPACE,
    kind: "invariant",
    condition: null,
    values: flat(piecewiseProducts(rowsOf(values, columns), axes)),
    columns,
    measure: "cosine",
  };
}
