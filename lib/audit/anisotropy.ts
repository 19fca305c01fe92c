import { secondMoments } from "./principal_axes.ts";
import type { PrincipalAxes } from "./principal_axes.ts";
import type { RowSample } from "./sample_rows.ts";

/** How unevenly rows use the space. */
export interface Anisotropy {
  /** The mean cosine of random pairs; 0 where directions are uniform. */
  meanCosine: number;
  /** Its standard deviation over the pairs; 1/√k where directions are uniform. */
  deviation: number;
  /** The share of the mean square that the mean row accounts for. */
  meanShare: number;
  /** The share of the mean square in the 1, 3 and 10 largest coordinates. */
  topCoordinates: [number, number, number];
  /** The share of the variance about the mean in the 1, 3 and 10 largest principal directions. */
  topDirections: [number, number, number];
  /** The share of the variance in each principal direction, descending; a hundred at most. */
  spectrum: number[];
  /** (Σλ)²/Σλ² over the variances λ of the principal directions: how many count. */
  effectiveDimensions: number;
  /** The largest |correlation| of two coordinates, about the origin; 0 in a closed-form solution. */
  coordinateCorrelation: number;
  /** The largest over the smallest root mean square of a coordinate, zero coordinates left out. */
  coordinateSpread: number;
  /** How many coordinates are zero throughout. */
  zeroCoordinates: number;
}

/**
 * Measures anisotropy on a sample.
 *
 * @param cosines The cosines of random pairs of rows of the sample.
 * @param centered The axes of the sample about its mean.
 * @param columnSquares The sum of squares of each coordinate, over all rows.
 */
export function anisotropy(
  { values, columns: k }: RowSample,
  cosines: Float64Array,
  centered: PrincipalAxes,
  columnSquares: Float64Array,
): Anisotropy {
  const meanCosine = cosines.reduce((a, b) => a + b) / cosines.length;
  const squares = cosines.reduce((sum, cosine) => sum + (cosine - meanCosine) ** 2, 0);
  const variance = centered.variances.reduce((a, b) => a + b);
  const meanSquare = centered.mean.reduce((sum, entry) => sum + entry * entry, 0);
  const used = columnSquares.filter((square) => square > 0);
  return {
    meanCosine,
    deviation: Math.sqrt(squares / cosines.length),
    meanShare: meanSquare / (meanSquare + variance),
    topCoordinates: topShares(columnSquares),
    topDirections: topShares(centered.variances),
    spectrum: Array.from(
      centered.variances.subarray(0, 100),
      (value) => variance === 0 ? 0 : value / variance,
    ),
    effectiveDimensions: variance === 0
      ? 0
      : variance ** 2 / centered.variances.reduce((sum, value) => sum + value * value, 0),
    coordinateCorrelation: largestCorrelation(values, k),
    coordinateSpread: Math.sqrt(quotientOfExtremes(used)),
    zeroCoordinates: k - used.length,
  };
}

function topShares(values: Float64Array): [number, number, number] {
  const descending = values.slice().sort().reverse();
  const total = descending.reduce((a, b) => a + b);
  const share = (count: number) =>
    total === 0 ? 0 : descending.subarray(0, count).reduce((a, b) => a + b) / total;
  return [share(1), share(3), share(10)];
}

function quotientOfExtremes(values: Float64Array): number {
  let smallest = Infinity, largest = 0;
  for (const value of values) {
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  return largest / smallest;
}

function largestCorrelation(values: Float64Array, k: number): number {
  const moments = secondMoments(values, k);
  let largest = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < i; j++) {
      const scale = Math.sqrt(moments.get(i, i)) * Math.sqrt(moments.get(j, j));
      if (scale > 0) largest = Math.max(largest, Math.abs(moments.get(i, j)) / scale);
    }
  }
  return largest;
}
