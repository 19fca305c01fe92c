import { exp } from "../elementary/exp.ts";
import type { LabelSurrogate } from "./label_surrogate.ts";

/**
 * The derivative of a surrogate by ln D: with w = D⁻² and cos = N/√(PQ),
 * ∂cos/∂ln wᵢ = wᵢ·(aᵢbᵢ/√(PQ) − cos·(aᵢ²/P + bᵢ²/Q)/2).
 *
 * @param rows The embeddings row by row, p x k.
 * @param k The number of columns.
 * @param logD ln D, k entries.
 * @param surrogate A sample of pairs of rows.
 * @param gradient Where to put the derivative, k entries.
 */
export function scalingGradient(
  rows: Float64Array,
  k: number,
  logD: Float64Array,
  surrogate: LabelSurrogate,
  gradient: Float64Array,
): void {
  const { left, right } = surrogate;
  const w = logD.map((value) => exp(-2 * value));
  const similarities = new Float64Array(left.length), slopes = new Float64Array(left.length);
  const P = new Float64Array(left.length), Q = new Float64Array(left.length);
  for (let t = 0; t < left.length; t++) {
    const a = left[t] * k, b = right[t] * k;
    let n = 0, p = 0, q = 0;
    for (let i = 0; i < k; i++) {
      const x = rows[a + i], y = rows[b + i], weighted = w[i] * x;
      n += weighted * y;
      p += weighted * x;
      q += w[i] * y * y;
    }
    P[t] = p;
    Q[t] = q;
    similarities[t] = p === 0 || q === 0 ? 0 : n / Math.sqrt(p * q);
  }
  surrogate.slopes(similarities, slopes);
  gradient.fill(0);
  for (let t = 0; t < left.length; t++) {
    if (P[t] === 0 || Q[t] === 0 || slopes[t] === 0) continue;
    const a = left[t] * k, b = right[t] * k;
    const cross = slopes[t] / Math.sqrt(P[t] * Q[t]);
    const own = slopes[t] * similarities[t] / 2;
    for (let i = 0; i < k; i++) {
      const x = rows[a + i], y = rows[b + i];
      gradient[i] += cross * x * y - own * (x * x / P[t] + y * y / Q[t]);
    }
  }
  for (let i = 0; i < k; i++) gradient[i] *= -2 * w[i];
}
