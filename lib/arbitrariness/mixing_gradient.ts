import { Matrix } from "ml-matrix";
import { exp } from "../elementary/exp.ts";
import { multiply } from "../linalg/multiply.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import type { LabelSurrogate } from "./label_surrogate.ts";
import type { LogMetric } from "./log_metric.ts";

/**
 * The derivative of a surrogate by ln W, where cos = aᵀWb / √(aᵀWa·bᵀWb): with P = aᵀWa and Q = bᵀWb,
 * ∂cos/∂W = (abᵀ + baᵀ)/(2√(PQ)) − cos·(aaᵀ/P + bbᵀ/Q)/2. From W to ln W it is passed on by the
 * divided differences of exp, in the basis of the eigenvectors (Daleckii and Krein).
 *
 * @param rows The embeddings, p x k.
 * @param point ln W.
 * @param surrogate A sample of pairs of rows.
 * @returns The derivative, k x k, symmetric.
 */
export function mixingGradient(
  rows: Matrix,
  { values, vectors }: LogMetric,
  surrogate: LabelSurrogate,
): Matrix {
  const { left, right } = surrogate;
  const { rows: p, columns: k } = rows;
  const w = values.map(exp);
  const turnedRows = multiply(rows, vectors), turned = rowArrays(turnedRows);
  const product = (i: number, j: number) => {
    const left = turned[i], right = turned[j];
    let sum = 0;
    for (let c = 0; c < k; c++) sum += left[c] * w[c] * right[c];
    return sum;
  };
  const squares = Float64Array.from({ length: p }, (_, i) => product(i, i));
  const similarities = Float64Array.from(left, (i, t) => {
    const scale = Math.sqrt(squares[i] * squares[right[t]]);
    return scale === 0 ? 0 : product(i, right[t]) / scale;
  });
  const slopes = new Float64Array(left.length);
  surrogate.slopes(similarities, slopes);
  // C·R, where C has the coefficient of each product of two rows.
  const mixedRows = Matrix.zeros(p, k), mixed = rowArrays(mixedRows), own = new Float64Array(p);
  for (let t = 0; t < left.length; t++) {
    const i = left[t], j = right[t];
    if (squares[i] === 0 || squares[j] === 0 || slopes[t] === 0) continue;
    const cross = slopes[t] / Math.sqrt(squares[i] * squares[j]) / 2;
    const toI = mixed[i], toJ = mixed[j], ofI = turned[i], ofJ = turned[j];
    for (let c = 0; c < k; c++) {
      toI[c] += cross * ofJ[c];
      toJ[c] += cross * ofI[c];
    }
    own[i] -= slopes[t] * similarities[t] / squares[i] / 2;
    own[j] -= slopes[t] * similarities[t] / squares[j] / 2;
  }
  mixed.forEach((row, i) => {
    for (let c = 0; c < k; c++) row[c] += own[i] * turned[i][c];
  });
  const byMetric = multiply(turnedRows.transpose(), mixedRows);
  const inBasis = Matrix.zeros(k, k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const slope = dividedDifference(values[i], values[j]);
      inBasis.set(i, j, slope * (byMetric.get(i, j) + byMetric.get(j, i)) / 2);
    }
  }
  return vectors.mmul(inBasis).mmul(vectors.transpose());
}

/** (e^x − e^y)/(x − y), and e^x where they are equal: e^((x + y)/2)·sinh(h)/h with h = (x − y)/2. */
function dividedDifference(x: number, y: number): number {
  const half = (x - y) / 2;
  if (Math.abs(half) > 1) return (exp(x) - exp(y)) / (x - y);
  let series = 1;
  for (let n = 16; n > 0; n -= 2) series = 1 + half * half * series / (n * (n + 1));
  return exp((x + y) / 2) * series;
}
