/**
 * Computes the dot product of every row of one matrix with every row of another, EFᵀ.
 *
 * Four rows of f are taken at a time: four sums that do not wait for each other are several times
 * faster than one. Each sum has the order of the entries, so the product of a matrix with itself is
 * symmetric to the last digit.
 *
 * @param e The rows of E, all of one length.
 * @param f The rows of F, of the same length.
 * @returns The rows of EFᵀ.
 *
 * @example
 * ```ts
 * import { rowProducts } from "./row_products.ts";
 * import assert from "node:assert/strict";
 *
 * const products = rowProducts([Float64Array.of(1, 2)], [Float64Array.of(3, 4), Float64Array.of(1, 0)]);
 * assert.deepEqual([...products[0]], [11, 1]);
 * ```
 */
export function rowProducts(
  e: readonly Float64Array[],
  f: readonly Float64Array[],
): Float64Array[] {
  const fours = f.length - f.length % 4;
  return e.map((row) => {
    const products = new Float64Array(f.length);
    for (let j = 0; j < fours; j += 4) {
      const f0 = f[j], f1 = f[j + 1], f2 = f[j + 2], f3 = f[j + 3];
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      for (let i = 0; i < row.length; i++) {
        const entry = row[i];
        s0 += entry * f0[i];
        s1 += entry * f1[i];
        s2 += entry * f2[i];
        s3 += entry * f3[i];
      }
      products[j] = s0;
      products[j + 1] = s1;
      products[j + 2] = s2;
      products[j + 3] = s3;
    }
    for (let j = fours; j < f.length; j++) products[j] = dot(row, f[j]);
    return products;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
