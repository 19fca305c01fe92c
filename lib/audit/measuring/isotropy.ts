/**
 * (Σλ)²/Σλ² over the variances λ of the principal directions: how many of them count.
 *
 * @param variances The variances of a sample of `rows` out of `items`.
 * @returns The estimate for all items: the squares of a sample's variances are too large by
 * (Σλ)²·(1/rows − 1/items) on average.
 */
export function effectiveDimensions(
  variances: ArrayLike<number>,
  rows: number,
  items: number,
): number {
  let sum = 0, squares = 0;
  for (let i = 0; i < variances.length; i++) {
    sum += variances[i];
    squares += variances[i] ** 2;
  }
  if (sum === 0) return 0;
  const excess = Math.max(0, 1 / rows - 1 / items);
  return 1 / Math.max(squares / sum ** 2 - excess, Number.EPSILON);
}

/**
 * IsoScore (Rudman, Gillman, Rayne and Eickhoff, 2022): 1 where all directions have the same
 * variance, 0 where there is only one. As a function of the variances it is
 * (effective dimensions − 1) / (dimensions − 1).
 */
export function isoScore(effective: number, dimensions: number): number {
  if (dimensions < 2) return 1;
  return Math.min(1, Math.max(0, (effective - 1) / (dimensions - 1)));
}
