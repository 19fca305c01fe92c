import { hypot } from "../../elementary/hypot.ts";
import { piecewiseProducts } from "./piecewise_products.ts";
import { assertScale } from "../assert_scale.ts";
import type { EmbeddingRows } from "../embedding_rows.ts";
import { InputError } from "../../boundary/input_error.ts";
import type { RowSample } from "../sample_rows.ts";
import { scanRows } from "../scan_rows.ts";
import { rowsOf } from "./anchor_neighbors.ts";
import { type CanonicalSample, flat } from "./canonical_sample.ts";
import { readRows } from "./query_items.ts";

/**
 * Reads the context vectors W̃ of the rows of a sample, in its canonical coordinates and its scale.
 *
 * @returns They; null where the sample has fewer rows than dimensions, and no axes.
 * @throws {InputError} If they are not of the shape of the items, or either is too long or too short.
 */
export function contextsOf(
  contexts: EmbeddingRows,
  items: EmbeddingRows,
  norms: Float64Array,
  { indices, values, columns }: RowSample,
  { axes }: CanonicalSample,
): Float64Array | null {
  if (contexts.rows !== items.rows || contexts.columns !== items.columns) {
    throw new InputError(
      "where the vectors are a sum, users must be the context vectors that are in it, " +
        `${items.rows} x ${items.columns}; their shape is ${contexts.rows} x ${contexts.columns}`,
    );
  }
  assertScale("users", scanRows("users", contexts).norms);
  assertScale("items", norms);
  if (axes === null) return null;
  const scale = hypot(rowsOf(values, columns)[0]) / norms[indices[0]];
  const rows = readRows(contexts, Array.from(indices));
  return flat(piecewiseProducts(rows, axes)).map((entry) => entry * scale);
}
