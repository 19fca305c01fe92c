import type { RowSample } from "../sample_rows.ts";

/** What two rows have to do with each other, for some pairs of rows. */
export interface PairProducts {
  /** The dot product of each pair. */
  dots: Float64Array;
  /** The cosine of each pair. */
  cosines: Float64Array;
}

/**
 * Multiplies pairs of rows of a sample.
 *
 * @param sample The rows.
 * @param pairs The positions of the two rows of each pair, one pair after the other.
 */
export function pairProducts(
  { values, columns: k }: Pick<RowSample, "values" | "columns">,
  pairs: Uint32Array,
): PairProducts {
  const dots = new Float64Array(pairs.length / 2), cosines = new Float64Array(dots.length);
  for (let t = 0; t < dots.length; t++) {
    let N = 0, P = 0, Q = 0;
    for (let c = 0; c < k; c++) {
      const x = values[pairs[2 * t] * k + c], y = values[pairs[2 * t + 1] * k + c];
      N += x * y;
      P += x * x;
      Q += y * y;
    }
    dots[t] = N;
    // A row that a correction made zero has cosine 0.
    cosines[t] = P === 0 || Q === 0 ? 0 : N / Math.sqrt(P) / Math.sqrt(Q);
  }
  return { dots, cosines };
}
