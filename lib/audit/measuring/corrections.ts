import { flat } from "./canonical_sample.ts";
import type { CanonicalSample } from "./canonical_sample.ts";
import type { CenteredAxes } from "./centered_axes.ts";
import { rowsOf } from "./anchor_neighbors.ts";
import { piecewiseProducts } from "./piecewise_products.ts";
import type { ChangedRows } from "./neighbor_changes.ts";
import type { RowSample } from "../sample_rows.ts";

/** The names of the corrections, as {@linkcode corrections} makes them. */
export const CORRECTIONS = {
  mean: "mean removed",
  top1: "mean and top direction removed",
  top3: "mean and top 3 directions removed",
  zScores: "z-scores of the coordinates",
  whitened: "whitened",
} as const;

/**
 * Makes the corrections that people apply to embeddings, one after the other.
 *
 * @param sample The rows as they are in the file: z-scores depend on its coordinates.
 * @param canonical The same rows in canonical coordinates: nothing else depends on them.
 * @param whiten Whether there are enough rows for whitening to be more than a memory of them.
 */
export function* corrections(
  sample: RowSample,
  canonical: CanonicalSample,
  centered: CenteredAxes,
  whiten: boolean,
): Generator<ChangedRows> {
  const { rank } = canonical;
  const { mean, axes, variances } = centered;
  const correction = { kind: "correction", condition: null, measure: "cosine" } as const;
  const values = canonical.values.map((entry, at) => entry - mean[at % rank]);
  yield { change: CORRECTIONS.mean, values, columns: rank, ...correction };
  for (const [top, change] of [[1, CORRECTIONS.top1], [3, CORRECTIONS.top3]] as const) {
    if (top >= rank) continue;
    const without = removed(values, axes.slice(0, top));
    yield { change, values: without, columns: rank, ...correction };
  }
  yield {
    change: CORRECTIONS.zScores,
    values: zScores(sample.values, sample.columns),
    columns: sample.columns,
    ...correction,
  };
  if (!whiten) return;
  const used = axes.filter((_, axis) => variances[axis] > 0)
    .map((axis, i) => axis.map((entry) => entry / Math.sqrt(variances[i])));
  if (used.length === 0) return;
  const whitened = flat(piecewiseProducts(rowsOf(values, rank), used));
  yield { change: CORRECTIONS.whitened, values: whitened, columns: used.length, ...correction };
}

function removed(values: Float64Array, directions: readonly Float64Array[]): Float64Array {
  const left = values.slice();
  for (const row of rowsOf(left, directions[0].length)) {
    for (const direction of directions) {
      let along = 0;
      for (let c = 0; c < row.length; c++) along += row[c] * direction[c];
      for (let c = 0; c < row.length; c++) row[c] -= along * direction[c];
    }
  }
  return left;
}

/** Each coordinate less its mean, over its deviation; constant ones become 0. */
function zScores(values: Float64Array, k: number): Float64Array {
  const m = values.length / k;
  const mean = new Float64Array(k), squares = new Float64Array(k), largest = new Float64Array(k);
  values.forEach((entry, at) => {
    mean[at % k] += entry / m;
    largest[at % k] = Math.max(largest[at % k], Math.abs(entry));
  });
  values.forEach((entry, at) => squares[at % k] += (entry - mean[at % k]) ** 2 / m);
  const inverse = squares.map((square, c) =>
    square > (1e-9 * largest[c]) ** 2 ? 1 / Math.sqrt(square) : 0
  );
  return values.map((entry, at) => (entry - mean[at % k]) * inverse[at % k]);
}
