import type { Matrix } from "ml-matrix";
import { hypot } from "../../elementary/hypot.ts";
import { power } from "../../elementary/power.ts";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import { canonicalItems } from "../../remedies/canonical_items.ts";
import { multiply } from "../../linalg/products.ts";

/** Directions below this share of the largest are rounding. */
const NEGLIGIBLE = 1e-13;

/**
 * Computes T, so that the rows of BT are {@linkcode canonicalItems}, V Σ̂ᵃ, from second moments alone:
 * whatever the number of items and users, it takes k x k numbers.
 *
 * @param items BᵀB, k x k, up to a factor.
 * @param users PᵀP, k x k, up to a factor.
 * @returns A function of the exponent a that gives T, k x r.
 */
export function canonicalMap(items: Matrix, users: Matrix): (exponent: number) => Matrix {
  const B = root(items), P = root(users);
  const original = canonicalItems(B.root, P.root);
  const T = multiply(B.inverse, original);
  const sizes = original.transpose().to2DArray().map((column) => hypot(column));
  const kept = sizes.filter((size) => size > 0).length;
  if (kept === 0) {
    throw new RangeError("Cannot fit a correction: all dot products of users and items are 0");
  }
  return (exponent) =>
    T.subMatrixColumn(Array.from({ length: kept }, (_, j) => j))
      .mulRowVector(sizes.slice(0, kept).map((size) => power(size / sizes[0], exponent) / size));
}

/** L, k x k, with LᵀL = S, and its inverse; coordinates are scaled first, so that none is lost. */
function root(s: Matrix): { root: Matrix; inverse: Matrix } {
  const lengths = s.diag().map((square) => Math.sqrt(Math.max(0, square)));
  const inverse = lengths.map((length) => length > 0 ? 1 / length : 0);
  const { values, vectors } = symmetricEigen(
    s.clone().mulColumnVector(inverse).mulRowVector(inverse),
  );
  const kept = values.map((value) => value > NEGLIGIBLE * values[0] ? Math.sqrt(value) : 0);
  const power = (f: (size: number) => number) =>
    multiply(vectors.clone().mulRowVector(Array.from(kept, f)), vectors.transpose());
  return {
    root: power((size) => size).mulRowVector(lengths),
    inverse: power((size) => size > 0 ? 1 / size : 0).mulColumnVector(inverse),
  };
}
