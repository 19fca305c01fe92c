import { InputRangeError, InputTypeError } from "../errors.ts";
import { type FreedomOptions, freedomOptions } from "./freedom.ts";

/** The smallest and the largest value that something can be given. */
export interface Interval {
  min: number;
  max: number;
}

/**
 * Computes the smallest and largest cosine that two embeddings can be given without changing a
 * prediction: over all diagonal D with max D / min D ≤ κ (Eq. 3). Exact, except for rounding
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
    throw new InputRangeError(
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
type Bound = (
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
    // Rounding must not push the present cosine out of its own interval.
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
    throw new InputTypeError(`Cannot bound the cosine: ${name} must be an array with an embedding`);
  }
  if (row.length === 0) {
    throw new InputRangeError(`Cannot bound the cosine: ${name} must not be empty`);
  }
  for (let i = 0; i < row.length; i++) {
    if (typeof row[i] !== "number" || !Number.isFinite(row[i])) {
      throw new InputRangeError(
        `Cannot bound the cosine: ${name} must be finite, entry ${i} is ${row[i]}`,
      );
    }
  }
}

/**
 * The problem of pushing one cosine as far as it goes, for pairs of rows of k entries. Its arrays
 * are reused from pair to pair, so that a million pairs allocate nothing.
 *
 * {@linkcode attainableInterval} derives what is computed here.
 */
class LargestCosine {
  /** nᵢ = aᵢbᵢ, pᵢ = aᵢ² and qᵢ = bᵢ²: what coordinate i adds, at weight 1, to N, P and Q. */
  readonly n: Float64Array;
  readonly p: Float64Array;
  readonly q: Float64Array;
  /** The same for the coordinates of positive n only, by ascending bᵢ²/aᵢ². */
  readonly #n: Float64Array;
  readonly #p: Float64Array;
  readonly #q: Float64Array;
  readonly #ratio: Float64Array;

  constructor(k: number) {
    this.n = new Float64Array(k);
    this.p = new Float64Array(k);
    this.q = new Float64Array(k);
    this.#n = new Float64Array(k);
    this.#p = new Float64Array(k);
    this.#q = new Float64Array(k);
    this.#ratio = new Float64Array(k);
  }

  /** Takes up the pair of the rows that start at `i` in `a` and at `j` in `b`, both scaled. */
  load(a: Float64Array, i: number, b: Float64Array, j: number): void {
    const { n, p, q } = this;
    for (let c = 0; c < n.length; c++) {
      const x = a[i + c], y = b[j + c];
      n[c] = x * y;
      p[c] = x * x;
      q[c] = y * y;
    }
  }

  /** The cosine of the pair as it stands. */
  cosine(): number {
    const { n, p, q } = this;
    let N = 0, P = 0, Q = 0;
    for (let c = 0; c < n.length; c++) {
      N += n[c];
      P += p[c];
      Q += q[c];
    }
    return Math.max(-1, Math.min(1, N / Math.sqrt(P * Q)));
  }

  /** Turns b into −b: the largest cosine is then the smallest one, negated. */
  negate(): void {
    const { n } = this;
    for (let c = 0; c < n.length; c++) n[c] = -n[c];
  }

  /**
   * The largest cosine over all weights between `low` > 0 and 1.
   *
   * @param low The smallest weight, κ⁻².
   */
  solve(low: number): number {
    const { n } = this;
    let same = 0, opposite = 0;
    for (let c = 0; c < n.length; c++) {
      if (n[c] > 0) same += n[c];
      else opposite -= n[c];
    }
    return same > low * opposite
      ? this.#largestOfWindows(low)
      : -leastMagnitude(this.n, this.p, this.q, low);
  }

  /** The best of the corners that have weight 1 on a run of the sorted ratios and `low` elsewhere. */
  #largestOfWindows(low: number): number {
    const count = this.#sortPositive(1 - low);
    const n = this.#n, p = this.#p, q = this.#q;
    let baseN = 0, baseP = 0, baseQ = 0;
    for (let c = 0; c < this.n.length; c++) {
      baseN += this.n[c];
      baseP += this.p[c];
      baseQ += this.q[c];
    }
    baseN *= low;
    baseP *= low;
    baseQ *= low;
    let best = baseN > 0 ? baseN * baseN / (baseP * baseQ) : 0;
    for (let start = 0; start < count; start++) {
      let N = baseN, P = baseP, Q = baseQ;
      for (let end = start; end < count; end++) {
        N += n[end];
        P += p[end];
        Q += q[end];
        const square = N * N / (P * Q);
        if (square > best && N > 0) best = square;
      }
    }
    return Math.min(1, Math.sqrt(best));
  }

  /** Sorts the coordinates of positive n by insertion: there are few, and nothing is allocated. */
  #sortPositive(scale: number): number {
    const n = this.#n, p = this.#p, q = this.#q, ratio = this.#ratio;
    let count = 0;
    for (let c = 0; c < this.n.length; c++) {
      if (!(this.n[c] > 0)) continue;
      const key = this.q[c] / this.p[c];
      let place = count++;
      for (; place > 0 && ratio[place - 1] > key; place--) {
        ratio[place] = ratio[place - 1];
        n[place] = n[place - 1];
        p[place] = p[place - 1];
        q[place] = q[place - 1];
      }
      ratio[place] = key;
      n[place] = scale * this.n[c];
      p[place] = scale * this.p[c];
      q[place] = scale * this.q[c];
    }
    return count;
  }
}

/**
 * The smallest |cosine| over all weights between `low` and 1, for a pair whose cosine is negative
 * whatever the weights: N(w) = Σ wᵢnᵢ ≤ 0 on the whole box.
 *
 * Computes max over t of g(t), where g(t) = min over w of 2t·|N|/(t²P + Q), by cutting planes.
 * The weights w that attain g(t) bound g everywhere by one bump φ_w(t) = 2t·|N|/(t²P + Q), which
 * rises up to its peak t = √(Q/P) and falls after it: so the maximum is on the peak's side of t,
 * and not above the bump. The best such bound from either side is kept; the next t is where the
 * lower of the two is highest. It ends where this bound meets the value found, to rounding:
 * after some five cuts.
 *
 * {@linkcode attainableInterval} derives why the two orders of min and max agree.
 *
 * @param n aᵢbᵢ of each coordinate.
 * @param p aᵢ².
 * @param q bᵢ².
 * @param low The smallest weight, above 0.
 * @returns The magnitude, between 0 and 1.
 */
function leastMagnitude(
  n: Float64Array,
  p: Float64Array,
  q: Float64Array,
  low: number,
): number {
  let leftN = 0, leftP = 0, leftQ = 0, hasLeft = false, from = 0;
  let rightN = 0, rightP = 0, rightQ = 0, hasRight = false, to = Infinity;
  let sumN = 0, sumP = 0, sumQ = 0;
  for (let i = 0; i < n.length; i++) {
    sumN -= n[i];
    sumP += p[i];
    sumQ += q[i];
  }
  let t = Math.sqrt(sumQ / sumP);
  let best = 0;
  for (let cuts = 0; cuts < MOST_CUTS; cuts++) {
    let value = bump(t, sumN, sumP, sumQ);
    // Dinkelbach's iteration for the linear fractional program of this t: what lies above the
    // current value gets the small weight, until the value no longer falls.
    let N = sumN, P = sumP, Q = sumQ;
    for (;;) {
      let nextN = 0, nextP = 0, nextQ = 0;
      for (let i = 0; i < n.length; i++) {
        const w = -2 * t * n[i] > value * (t * t * p[i] + q[i]) ? low : 1;
        nextN -= w * n[i];
        nextP += w * p[i];
        nextQ += w * q[i];
      }
      const next = bump(t, nextN, nextP, nextQ);
      if (!(next < value)) break;
      value = next;
      N = nextN;
      P = nextP;
      Q = nextQ;
    }
    if (!(value > 0)) return 0;
    best = Math.max(best, value);
    const peak = Math.sqrt(Q / P);
    if (peak > t) {
      leftN = N;
      leftP = P;
      leftQ = Q;
      hasLeft = true;
      from = t;
    } else if (peak < t) {
      rightN = N;
      rightP = P;
      rightQ = Q;
      hasRight = true;
      to = t;
    } else {
      break;
    }
    const leftPeak = Math.sqrt(leftQ / leftP), rightPeak = Math.sqrt(rightQ / rightP);
    if (
      !hasRight || hasLeft && bump(leftPeak, rightN, rightP, rightQ) >= cosine(leftN, leftP, leftQ)
    ) {
      t = leftPeak;
    } else if (!hasLeft || bump(rightPeak, leftN, leftP, leftQ) >= cosine(rightN, rightP, rightQ)) {
      t = rightPeak;
    } else {
      t = Math.sqrt((leftN * rightQ - rightN * leftQ) / (rightN * leftP - leftN * rightP));
    }
    if (!(t > from && t < to)) break;
    const bound = Math.min(
      hasLeft ? bump(t, leftN, leftP, leftQ) : 1,
      hasRight ? bump(t, rightN, rightP, rightQ) : 1,
    );
    if (bound <= best * (1 + 2 * Number.EPSILON)) break;
  }
  return Math.min(1, best);
}

/** Five are usual; a bracket that rounding keeps from closing ends here. */
const MOST_CUTS = 100;

function bump(t: number, N: number, P: number, Q: number): number {
  return 2 * t * N / (t * t * P + Q);
}

function cosine(N: number, P: number, Q: number): number {
  return N / Math.sqrt(P * Q);
}

/**
 * The supremum of the cosine over all positive weights, for rows that are not zero: the limit of
 * κ = ∞ that {@linkcode attainableInterval} derives.
 *
 * @param a One row, k entries, starting at `i`.
 * @param b Another row, starting at `j`.
 * @param sign −1 to take −b for b.
 */
function unboundedCosine(
  k: number,
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  sign: number,
): number {
  let smallest = Infinity, largest = 0;
  for (let c = 0; c < k; c++) {
    const x = a[i + c], y = sign * b[j + c];
    if (x > 0 && y > 0 || x < 0 && y < 0) return 1;
    if (x === 0 && y === 0) continue;
    const ratio = Math.abs(y / x);
    smallest = Math.min(smallest, ratio);
    largest = Math.max(largest, ratio);
  }
  if (smallest === 0 || largest === Infinity) return 0;
  const t = Math.sqrt(smallest / largest);
  return -2 * t / (1 + t * t);
}

/**
 * Copies a row, divided by its largest magnitude, so that no square of it overflows and the sum of
 * its squares is at least 1. A cosine does not notice. A row of zeros stays one.
 *
 * @param row The row, k entries.
 * @param into Where to put it.
 * @param offset Where in `into` it starts.
 */
export function scaledRow(row: ArrayLike<number>, into: Float64Array, offset = 0): void {
  let largest = 0;
  for (let i = 0; i < row.length; i++) largest = Math.max(largest, Math.abs(row[i]));
  for (let i = 0; i < row.length; i++) into[offset + i] = largest === 0 ? 0 : row[i] / largest;
}
