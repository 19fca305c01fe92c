import { type FreedomOptions, freedomOptions } from "./freedom.ts";
import { LargestCosine } from "./largest_cosine.ts";
import { scaledRow } from "./scaled_row.ts";
import { unboundedCosine } from "./unbounded_cosine.ts";

/** The smallest and the largest value that something can be given. */
export interface Interval {
  min: number;
  max: number;
}

/**
 * Computes the smallest and largest cosine that two embeddings can be given without changing a
 * prediction: over all diagonal D with max D / min D ≤ κ (Eq. 3). Exact, but for rounding
 * (some 1e-14).
 *
 * **The problem.** D takes the rows a and b of B to aD⁻¹ and bD⁻¹. With the weights w = D⁻²,
 *
 *     cos(w) = N / √(P·Q),  N = Σ wᵢaᵢbᵢ,  P = Σ wᵢaᵢ²,  Q = Σ wᵢbᵢ²,
 *
 * which a common factor of w leaves as it is, so that w may be taken from the box [κ⁻², 1]ᵏ. For
 * rows of XA the weights are D², from the same box. min(a, b) = −max(a, −b): it remains to
 * maximize. Since √(PQ) = min over t > 0 of (tP + Q/t)/2, attained at t = √(Q/P), wherever N ≥ 0
 *
 *     cos(w) = max over t of φ(w, t),  φ = 2tN / (t²P + Q).
 *
 * For a given t coordinate i alone would have φ = ρᵢ(t) = ±sech(ln(|bᵢ/aᵢ|/t)), with the sign of
 * aᵢbᵢ: the nearer its ratio |bᵢ/aᵢ| is to t, the larger.
 *
 * **Where the largest cosine is positive** (κ²·Σ⁺aᵢbᵢ > Σ⁻|aᵢbᵢ|) it is the maximum of φ over t and
 * w. For the best t the weights solve a linear fractional program over a box, so that with λ > 0
 * its value, weight 1 wherever ρᵢ(t) > λ and κ⁻² elsewhere is a solution. By the shape of ρ that is
 * a run of the coordinates with aᵢbᵢ > 0, sorted by their ratio. There are at most k(k + 1)/2 such
 * runs; the best is found by trying all of them, in a constant time each.
 *
 * **Where it is not**, N ≤ 0 on the whole box, and max cos = −(min over w of max over t of φ) with
 * |N| for N. The optimum can lie inside the box. But φ is quasi-linear in w, a ratio of linear
 * functions, and strictly quasi-concave in ln t, one over a sum of two exponentials; so by Sion's
 * theorem min and max change places. The minimum over w for a given t is again a linear fractional
 * program, solved by Dinkelbach's iteration; it is a strictly quasi-concave function of ln t, and
 * each of its solutions tells on which side of t the maximum lies, and bounds it. Cutting planes
 * end after some five of them.
 *
 * **Without bound** (κ = ∞; the values are limits) all weight can go to one coordinate: the largest
 * cosine is 1 as soon as one coordinate has the same sign in both rows. If none has, all weight can
 * go to a coordinate that is zero in just one of them, and 0 is the largest. If there is no such
 * coordinate either, the above gives max over t of min over i of |ρᵢ(t)|, which is where t is in the
 * middle between the smallest ratio m and the largest M: −2√(mM)/(m + M), Kantorovich's
 * inequality. Smallest cosines are alike, with opposite signs.
 *
 * **Freedom.** For `"linear"`, any invertible M with condition κ in place of D, the extremes depend
 * on the angle θ alone: tan(θ′/2) = κ^±1·tan(θ/2), Wielandt's inequality in the form of Bauer and
 * Householder (1960); M stretches along the bisector of the two rows, or across. For `"rotation"`
 * the interval is the cosine itself, as it is for κ = 1.
 *
 * A row of zeros has cosine 0 with everything, whatever the scaling, by the convention of
 * {@linkcode cosineSimilarity}: its interval is 0 to 0. From κ = 1e75 on κ counts as infinite.
 *
 * @param a One embedding, k entries.
 * @param b Another, k entries.
 * @param options κ, and what is free.
 * @returns The interval; it contains the cosine of a and b.
 * @throws {TypeError} If a or b has no length, or condition is not a number.
 * @throws {RangeError} If a or b is empty or not finite, they differ in length, condition is less
 * than 1 or freedom is unknown.
 *
 * @example
 * ```ts
 * import { attainableInterval } from "cosine-lab/arbitrariness";
 * import assert from "node:assert/strict";
 *
 * // cos(w) = (w₁ − w₂)/(w₁ + w₂), with w₁/w₂ from 1/9 to 9.
 * const { min, max } = attainableInterval([1, 1], [1, -1], { condition: 3 });
 * assert(Math.abs(max - 0.8) < 1e-15 && Math.abs(min + 0.8) < 1e-15);
 * ```
 */
export function attainableInterval(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: FreedomOptions,
): Interval {
  const { condition, freedom } = freedomOptions("bound the cosine", options);
  assertRow("a", a);
  assertRow("b", b);
  if (a.length !== b.length) {
    throw new RangeError(
      `Cannot bound the cosine: a and b must be of one length, they are of ${a.length} and ${b.length}`,
    );
  }
  const k = a.length;
  const left = new Float64Array(k), right = new Float64Array(k);
  scaledRow(a, left);
  scaledRow(b, right);
  const interval = new Float64Array(2);
  const bound = freedom === "linear" ? boundLinear(k, condition) : boundScaling(k, condition);
  bound(left, 0, right, 0, interval);
  return { min: interval[0], max: interval[1] };
}

/** Bounds the cosine of the rows at `i` in `a` and `j` in `b`, both scaled: [min, max] in `into`. */
export type Bound = (
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  into: Float64Array,
) => void;

/** The bounds over all D; what it needs of memory is allocated once. */
export function boundScaling(k: number, condition: number): Bound {
  const problem = new LargestCosine(k);
  const low = condition < EFFECTIVELY_INFINITE ? 1 / (condition * condition) : 0;
  return (a, i, b, j, into) => {
    problem.load(a, i, b, j);
    const cosine = problem.cosine();
    into[0] = into[1] = Number.isNaN(cosine) ? 0 : cosine;
    if (low === 1 || Number.isNaN(cosine)) return;
    let max: number, min: number;
    if (low === 0) {
      max = unboundedCosine(k, a, i, b, j, 1);
      min = -unboundedCosine(k, a, i, b, j, -1);
    } else {
      max = problem.solve(low);
      problem.negate();
      min = -problem.solve(low);
    }
    // Rounding must not push the cosine that is there out of its own interval.
    into[0] = Math.min(cosine, min);
    into[1] = Math.max(cosine, max);
  };
}

/** The bounds over all invertible M. */
export function boundLinear(k: number, condition: number): Bound {
  if (k === 1) return boundScaling(k, condition);
  return (a, i, b, j, into) => {
    let normA = 0, normB = 0;
    for (let c = 0; c < k; c++) {
      normA += a[i + c] ** 2;
      normB += b[j + c] ** 2;
    }
    into[0] = into[1] = 0;
    if (normA === 0 || normB === 0) return;
    normA = Math.sqrt(normA);
    normB = Math.sqrt(normB);
    let apart = 0, together = 0;
    for (let c = 0; c < k; c++) {
      const x = a[i + c] / normA, y = b[j + c] / normB;
      apart += (x - y) ** 2;
      together += (x + y) ** 2;
    }
    const tangent = Math.sqrt(apart / together);
    into[0] = cosineOfHalf(tangent === 0 ? 0 : tangent * condition);
    into[1] = cosineOfHalf(tangent === Infinity ? Infinity : tangent / condition);
  };
}

const EFFECTIVELY_INFINITE = 1e75;

/** cos θ, given tan(θ/2) from 0 to ∞. */
function cosineOfHalf(tangent: number): number {
  if (tangent > 1) return -cosineOfHalf(1 / tangent);
  return (1 - tangent * tangent) / (1 + tangent * tangent);
}

function assertRow(name: string, row: ArrayLike<number>): void {
  if (typeof row?.length !== "number") {
    throw new TypeError(`Cannot bound the cosine: ${name} must be an array with an embedding`);
  }
  if (row.length === 0) {
    throw new RangeError(`Cannot bound the cosine: ${name} must not be empty`);
  }
  for (let i = 0; i < row.length; i++) {
    if (typeof row[i] !== "number" || !Number.isFinite(row[i])) {
      throw new RangeError(
        `Cannot bound the cosine: ${name} must be finite, entry ${i} is ${row[i]}`,
      );
    }
  }
}
