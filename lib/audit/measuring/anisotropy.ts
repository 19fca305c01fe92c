import type { CenteredAxes } from "./centered_axes.ts";
import { effectiveDimensions, isoScore } from "./isotropy.ts";
import type { RowSample } from "../sample_rows.ts";

/** How unevenly rows use the space. */
export interface Anisotropy {
  /** The mean cosine of random pairs; 0 where directions are uniform. */
  meanCosine: number;
  /** Its standard deviation over the pairs; 1/√k where directions are uniform. */
  deviation: number;
  /** The share of the mean square that the mean row accounts for. */
  meanShare: number;
  /** The share of the variance about the mean in the 1, 3 and 10 largest principal directions. */
  topDirections: [number, number, number];
  /** The share of the variance in each principal direction, descending; a hundred at most. */
  spectrum: number[];
  /** (Σλ)²/Σλ² over the variances λ of the principal directions: how many count. */
  effectiveDimensions: number;
  /** IsoScore, 0 to 1: see {@linkcode isoScore}. */
  isoScore: number;
}

/**
 * Measures anisotropy on a sample. None of it depends on the basis.
 *
 * @param cosines The cosines of random pairs of rows of the sample.
 * @param centered The axes of the sample about its mean.
 * @param items How many items the sample is drawn from.
 */
export function anisotropy(
  { indices, columns }: RowSample,
  cosines: Float64Array,
  { mean, variances }: CenteredAxes,
  items: number,
): Anisotropy {
  const meanCosine = cosines.reduce((a, b) => a + b) / cosines.length;
  const squares = cosines.reduce((sum, cosine) => sum + (cosine - meanCosine) ** 2, 0);
  const variance = variances.reduce((a, b) => a + b);
  const meanSquare = mean.reduce((sum, entry) => sum + entry * entry, 0);
  const effective = Math.min(columns, effectiveDimensions(variances, indices.length, items));
  const share = (count: number) =>
    variance === 0 ? 0 : variances.subarray(0, count).reduce((a, b) => a + b) / variance;
  return {
    meanCosine,
    deviation: Math.sqrt(squares / cosines.length),
    meanShare: meanSquare / (meanSquare + variance),
    topDirections: [share(1), share(3), share(10)],
    spectrum: Array.from(
      variances.subarray(0, 100),
      (value) => variance === 0 ? 0 : value / variance,
    ),
    effectiveDimensions: effective,
    isoScore: isoScore(effective, columns),
  };
}
