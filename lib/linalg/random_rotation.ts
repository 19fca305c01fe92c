import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { assertInteger, assertSize, checkedOptions, text, uniformNumbers } from "../check.ts";
import { randomNormal } from "../math/random.ts";

/**
 * Draws an orthogonal matrix R, k x k, uniformly (by Haar measure), as the product of k − 1 random
 * reflections and a random sign: Stewart (1980), "The efficient generation of random orthogonal
 * matrices".
 *
 * @param k How many rows and columns.
 * @param random The seed as `{ seed }`, a string, `"rotation"` by default; or a generator of uniform
 * random numbers between 0 and 1, to draw several rotations one after another. `{ seed }` gives what
 * `seedrandom.alea(seed)` gives.
 * @returns R, with RᵀR = I.
 * @throws {TypeError} If k is not a number, the seed is not a string, or random is neither.
 * @throws {RangeError} If k is not an integer of at least 1, k x k numbers are too many, or the generator
 * gives numbers that are not uniform random numbers.
 *
 * @example
 * ```ts
 * import { largestDifference, randomRotation } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const r = randomRotation(5, { seed: "a seed" });
 * assert(largestDifference(r.transpose().mmul(r), Matrix.eye(5)) < 1e-14);
 * ```
 */
export function randomRotation(
  k: number,
  random: (() => number) | { seed?: string } = {},
): Matrix {
  assertInteger("draw a rotation", "k", k, 1);
  assertSize("draw a rotation", `a matrix of k x k numbers, k = ${k},`, k * k);
  const uniform = uniformNumbers("draw a rotation", generatorOf(random));
  const normal = randomNormal(uniform);
  const rows = Array.from({ length: k }, (_, i) => new Float64Array(k).fill(1, i, i + 1));
  if (uniform() < 0.5) rows[k - 1][k - 1] = -1;
  for (let size = 2; size <= k; size++) reflect(rows, k - size, normal);
  return new Matrix(rows);
}

function generatorOf(random: (() => number) | { seed?: string }): () => number {
  if (typeof random === "function") return random;
  const { seed } = checkedOptions("draw a rotation", random, { seed: text("rotation") });
  return seedrandom.alea(seed);
}

/** Reflects the rows from `start` on, such that column `start` gets a random direction. */
function reflect(rows: Float64Array[], start: number, normal: () => number): void {
  const k = rows.length;
  const v = Float64Array.from({ length: k - start }, normal);
  const norm = Math.sqrt(v.reduce((sum, entry) => sum + entry * entry, 0));
  const sign = v[0] < 0 ? -1 : 1;
  const squares = 2 * norm * (norm + Math.abs(v[0]));
  v[0] += sign * norm;
  const along = new Float64Array(k);
  v.forEach((entry, i) => {
    const row = rows[start + i];
    for (let j = start; j < k; j++) along[j] += entry * row[j];
  });
  v.forEach((entry, i) => {
    const row = rows[start + i];
    const factor = 2 * entry / squares;
    for (let j = start; j < k; j++) row[j] -= factor * along[j];
  });
  // The column is −sign·v/‖v‖ so far. Made v/‖v‖, it has a uniformly random direction.
  for (let i = start; i < k; i++) rows[i][start] *= -sign;
}
