import { anchorNeighbors, sharedNeighbors } from "./anchor_neighbors.ts";
import { type PrincipalAxes, rescaleAxes } from "./principal_axes.ts";
import type { RowSample } from "./sample_rows.ts";

/** A way to change embeddings, and what is left of the nearest neighbors by cosine. */
export interface NeighborChange {
  /** What was changed. */
  change: string;
  /**
   * What kind of change it is: another similarity, a random D, a D of section 2.2, a correction
   * that people apply to embeddings, or a remedy of section 3.
   */
  kind: "measure" | "scaling" | "spectrum" | "correction" | "remedy";
  /** κ, for a D. */
  condition: number | null;
  /** The share of the nearest neighbors that stays, between 0 and 1. */
  overlap: number;
}

/** The rows of a sample after a change. */
export interface ChangedRows {
  change: string;
  kind: NeighborChange["kind"];
  condition: number | null;
  values: Float64Array;
  measure: "cosine" | "dot";
}

/** How many random D are drawn for each κ. */
const DRAWS = 3;

/**
 * Makes all the changes that the audit looks at, one after the other.
 *
 * A random D has ln Dᵢ uniform between 0 and ln κ. The D of section 2.2 act along the principal
 * axes: one levels them, as in B = V_k, the other doubles their exponents, as from dMat^½ to dMat.
 *
 * @param sample The rows.
 * @param plain Their axes about the origin.
 * @param centered Their axes about their mean.
 * @param conditions The κ of random D.
 * @param users The axes of the users' embeddings P about the origin, where there are users: items
 * are then compared in the original space too, by the columns of PBᵀ, whose cosines are those of
 * the rows of B(PᵀP)^½. No D changes them.
 */
export function* changedRows(
  { values, columns: k }: RowSample,
  plain: PrincipalAxes,
  centered: PrincipalAxes,
  conditions: readonly number[],
  random: () => number,
  users: PrincipalAxes | null,
): Generator<ChangedRows> {
  yield { change: "dot product", kind: "measure", condition: null, values, measure: "dot" };
  const measure = "cosine";
  for (const condition of conditions) {
    for (let draw = 0; draw < DRAWS; draw++) {
      const d = Float64Array.from({ length: k }, () => condition ** random());
      const scaled = values.map((entry, at) => entry / d[at % k]);
      yield { change: `D, κ = ${condition}`, kind: "scaling", condition, values: scaled, measure };
    }
  }
  const least = plain.variances[0] * NEGLIGIBLE;
  const invert = (variance: number) => variance > least ? 1 / Math.sqrt(variance) : 0;
  const used = plain.variances.filter((variance) => variance > least);
  const condition = Math.sqrt(used[0] / used[used.length - 1]);
  yield {
    change: "D that levels the spectrum",
    kind: "spectrum",
    condition,
    values: rescaleAxes(values, plain, invert),
    measure,
  };
  yield {
    change: "D that squares the spectrum",
    kind: "spectrum",
    condition,
    values: rescaleAxes(values, plain, Math.sqrt),
    measure,
  };
  const correction = { kind: "correction", condition: null, measure } as const;
  const without = (top: number) => rescaleAxes(values, centered, (_, axis) => axis < top ? 0 : 1);
  yield { change: "mean removed", values: without(0), ...correction };
  for (const top of [1, 3]) {
    if (top >= k) continue;
    const change = `mean and top ${top === 1 ? "direction" : `${top} directions`} removed`;
    yield { change, values: without(top), ...correction };
  }
  const floor = centered.variances[0] * NEGLIGIBLE;
  const whiten = (variance: number) => variance > floor ? 1 / Math.sqrt(variance) : 0;
  yield { change: "whitened", values: rescaleAxes(values, centered, whiten), ...correction };
  if (users === null) return;
  yield {
    change: "compared in the original space",
    kind: "remedy",
    condition: null,
    values: rescaleAxes(values, users, Math.sqrt),
    measure,
  };
}

/** Variance below this share of the largest is rounding, and has no direction to rescale. */
const NEGLIGIBLE = 1e-12;

/** Compares the neighbors after each change with those by cosine; draws of one D are averaged. */
export function neighborChanges(
  changes: Iterable<ChangedRows>,
  k: number,
  anchors: Uint32Array,
  reference: Uint32Array,
  each: (changed: ChangedRows, neighbors: Uint32Array) => void,
): NeighborChange[] {
  const count = reference.length / anchors.length;
  const overlaps = new Map<string, NeighborChange & { draws: number }>();
  for (const changed of changes) {
    const { change, kind, condition, values, measure } = changed;
    const neighbors = anchorNeighbors(values, k, anchors, count, measure);
    each(changed, neighbors);
    const overlap = sharedNeighbors(reference, neighbors, count);
    const known = overlaps.get(change);
    if (known === undefined) {
      overlaps.set(change, { change, kind, condition, overlap, draws: 1 });
    } else {
      known.overlap += (overlap - known.overlap) / ++known.draws;
    }
  }
  return [...overlaps.values()].map(({ draws: _, ...change }) => change);
}
