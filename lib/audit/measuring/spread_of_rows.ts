/** How many pairs of differences are multiplied. */
const PAIRS = 10_000;

/**
 * Estimates (Σλ)²/Σλ² of the covariance of rows without their covariance matrix: with independent
 * differences u and v of two rows, E‖u‖² = 2·Σλ and E(u·v)² = 4·Σλ².
 *
 * @param values The rows, at least four, m x k.
 * @param random Uniform random numbers between 0 and 1, from a seeded generator.
 * @returns The effective dimensions; 0 where all rows are the same.
 */
export function spreadOfRows(values: Float64Array, k: number, random: () => number): number {
  const m = values.length / k;
  const draw = () => Math.floor(random() * m) * k;
  let lengths = 0, products = 0;
  for (let pair = 0; pair < PAIRS; pair++) {
    const [a, b, c, d] = [draw(), draw(), draw(), draw()];
    if (a === b || c === d || a === c || a === d || b === c || b === d) continue;
    let length = 0, product = 0;
    for (let i = 0; i < k; i++) {
      const u = values[a + i] - values[b + i];
      length += u * u;
      product += u * (values[c + i] - values[d + i]);
    }
    lengths += length / PAIRS;
    products += product * product / PAIRS;
  }
  return products === 0 ? 0 : lengths * lengths / products;
}
