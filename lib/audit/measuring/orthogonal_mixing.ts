import { log2 } from "../../elementary/log2.ts";
import { power } from "../../elementary/power.ts";
import { flat } from "./canonical_sample.ts";
import { randomRotation } from "../../linalg/random_rotation.ts";

/** How many times everything is mixed with everything. */
const ROUNDS = 3;

/** Up to this many dimensions a rotation is drawn uniformly: in few, mixing alone reaches few. */
const FEW = 64;

/**
 * Draws an orthogonal map of k-dimensional space that mixes all coordinates, and returns how to
 * apply it to a row in place.
 *
 * In up to 64 dimensions it is uniformly random. In more, each of three rounds gives random signs, permutes, and applies the Hadamard transform to the first and then
 * to the last 2^⌊log₂ k⌋ coordinates. It takes 3·2·k·log₂ k operations a row where a uniformly random
 * rotation takes k², and k³ to be drawn.
 *
 * @param k How many coordinates.
 * @param random Uniform random numbers between 0 and 1, from a seeded generator.
 *
 * @example
 * ```ts
 * import { orthogonalMixing } from "./orthogonal_mixing.ts";
 * import assert from "node:assert/strict";
 *
 * const row = Float64Array.of(3, 4, 0);
 * orthogonalMixing(3, Math.random)(row);
 * assert(Math.abs(Math.hypot(...row) - 5) < 1e-12);
 * ```
 */
export function orthogonalMixing(k: number, random: () => number): (row: Float64Array) => void {
  if (k <= FEW) return multiplication(flat(randomRotation(k, random)), k);
  const size = power(2, Math.floor(log2(k)));
  const rounds = Array.from({ length: ROUNDS }, () => ({
    signs: signs(k, random),
    // Without new signs one transform would undo much of the other.
    others: signs(k, random),
    order: shuffled(k, random),
  }));
  const mixed = new Float64Array(k);
  return (row) => {
    for (const { signs, others, order } of rounds) {
      for (let c = 0; c < k; c++) mixed[c] = row[order[c]] * signs[c];
      hadamard(mixed, 0, size);
      if (size < k) {
        for (let c = 0; c < k; c++) mixed[c] *= others[c];
        hadamard(mixed, k - size, size);
      }
      row.set(mixed);
    }
  };
}

function multiplication(rotation: Float64Array, k: number): (row: Float64Array) => void {
  const turned = new Float64Array(k);
  return (row) => {
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += rotation[i * k + c] * row[c];
      turned[i] = sum;
    }
    row.set(turned);
  };
}

function signs(k: number, random: () => number): Float64Array {
  return Float64Array.from({ length: k }, () => random() < 0.5 ? -1 : 1);
}

function shuffled(k: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: k }, (_, c) => c);
  for (let c = k - 1; c > 0; c--) {
    const other = Math.floor(random() * (c + 1));
    [order[c], order[other]] = [order[other], order[c]];
  }
  return order;
}

/** The orthonormal Walsh-Hadamard transform of `size` entries from `start` on. */
function hadamard(row: Float64Array, start: number, size: number): void {
  const end = start + size;
  for (let half = 1; half < size; half *= 2) {
    for (let from = start; from < end; from += 2 * half) {
      for (let c = from; c < from + half; c++) {
        const a = row[c], b = row[c + half];
        row[c] = a + b;
        row[c + half] = a - b;
      }
    }
  }
  const scale = 1 / Math.sqrt(size);
  for (let c = start; c < end; c++) row[c] *= scale;
}
