import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { InputRangeError } from "../errors.ts";
import { assertFinite, assertInteger, callback, checkedOptions, integer, text } from "../check.ts";
import { exp, log, power } from "../math/elementary.ts";
import { cosineOf } from "../similarity/cosine_similarity.ts";
import { boundScaling, scaledRow } from "./attainable_interval.ts";
import { finiteCondition } from "./freedom.ts";

/** Options for {@linkcode neighborReach}. */
export interface NeighborReachOptions {
  /** κ ≥ 1, how unequal the scales may be: max D / min D ≤ κ. */
  condition: number;
  /** How many steps to search for the D of each item that is not yet decided. @default {40} */
  steps?: number;
  /** The same seed gives the same answer, to the last digit. @default {"cosine-lab"} */
  seed?: string;
  /** Called some hundred times with how many of the items are done. */
  onProgress?: (done: number, total: number) => void;
}

/** A D that makes an item the nearest neighbor. */
export interface NeighborCertificate {
  /** The item that becomes the nearest neighbor. */
  item: number;
  /** The diagonal of D: between 1 and κ. */
  d: Float64Array;
  /** By how much its cosine exceeds that of every other item. */
  margin: number;
}

/** Which items can be made the nearest neighbor of one item; every other item is in one list. */
export interface NeighborReach {
  /** The nearest neighbor as things are. */
  nearest: number;
  /** The items that some D makes the nearest neighbor, each with such a D. */
  reachable: NeighborCertificate[];
  /** The items that no D makes the nearest neighbor: another one is always nearer. */
  unreachable: number[];
  /** The items for which neither a D was found nor a proof that there is none. */
  undecided: number[];
}

/**
 * Finds out which items can be made the nearest neighbor of item i by some D within κ, and so
 * without changing a prediction.
 *
 * An item is `unreachable` if its largest attainable cosine with i is below the smallest attainable
 * one of another item ({@linkcode attainableInterval}): a proof. It is `reachable` if a D was found:
 * by random corners of the box, then for each item that is left by climbing its lead over its
 * strongest rival. The cosines under every D found are computed again, from the rescaled rows, and
 * it counts only if the lead is above 1e-12. The rest is `undecided`.
 *
 * @param B The embeddings, p x k.
 * @param i The item, 0 to p − 1.
 * @param options κ, and how long to search.
 * @returns Every other item in one of three lists, ascending; and a D for those within reach.
 * @throws {TypeError} If B is not a matrix, or i or an option is of the wrong kind.
 * @throws {RangeError} If B has less than 2 rows or is not finite, row i is zero, i or an option is
 * out of bounds; condition must be finite.
 *
 * @example
 * ```ts
 * import { neighborReach } from "cosine-lab/arbitrariness";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const B = new Matrix([[1, 1], [2, 1], [1, 3], [-1, -1]]);
 * const { nearest, reachable, unreachable } = neighborReach(B, 0, { condition: 3 });
 * assert.equal(nearest, 1);
 * assert.deepEqual(reachable.map(({ item }) => item), [1, 2]);
 * assert.deepEqual(unreachable, [3]);
 * ```
 */
export function neighborReach(B: Matrix, i: number, options: NeighborReachOptions): NeighborReach {
  const action = "search for neighbors";
  assertFinite(action, "B", B);
  const { rows: p, columns: k } = B;
  if (p < 2) {
    throw new InputRangeError(`Cannot ${action}: B must have at least 2 rows, it has ${p}`);
  }
  assertInteger(action, "i", i, 0, p - 1);
  const { condition, steps, seed, onProgress } = checkedOptions(action, options, {
    condition: finiteCondition,
    steps: integer(1, Infinity, 40),
    seed: text("cosine-lab"),
    onProgress: callback,
  });
  const rows = new Float64Array(p * k);
  for (let j = 0; j < p; j++) scaledRow(B.getRow(j), rows, j * k);
  if (rows.subarray(i * k, (i + 1) * k).every((entry) => entry === 0)) {
    throw new InputRangeError(`Cannot ${action}: row ${i} is zero, it is as near to all others`);
  }

  const field = new NeighborField(rows, k, i);
  const found = new Map<number, NeighborCertificate>();
  const logW = new Float64Array(k), w = new Float64Array(k).fill(1);
  const range = 2 * log(condition);
  const tryWeights = (): number => {
    const nearest = field.evaluate(w);
    if (!found.has(nearest)) {
      const d = w.map((weight) => Math.max(1, Math.min(condition, 1 / Math.sqrt(weight))));
      const margin = leadUnder(rows, k, i, nearest, d);
      if (margin > LEAST_MARGIN) found.set(nearest, { item: nearest, d, margin });
    }
    return nearest;
  };
  const nearest = tryWeights();
  const possible = possibleNeighbors(rows, k, i, condition);
  if (range > 0) {
    const random = seedrandom.alea(seed);
    for (let corner = 0; corner < RANDOM_CORNERS; corner++) {
      const share = random();
      for (let c = 0; c < k; c++) w[c] = random() < share ? 1 : power(condition, -2);
      tryWeights();
    }
  }
  const gradient = new Float64Array(k);
  const every = Math.ceil(p / 100);
  for (let j = 0; j < p; j++) {
    if (range > 0 && possible[j] === 1) {
      logW.fill(-range / 2);
      for (let step = 0; step < steps && !found.has(j); step++) {
        for (let c = 0; c < k; c++) w[c] = exp(logW[c]);
        tryWeights();
        gradient.fill(0);
        field.addGradient(j, 1, w, gradient);
        field.addGradient(field.rival(j), -1, w, gradient);
        const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        if (largest === 0) break;
        const rate = range * FIRST_STEP * (1 - step / steps) / largest;
        for (let c = 0; c < k; c++) {
          logW[c] = Math.max(-range, Math.min(0, logW[c] + rate * gradient[c]));
        }
      }
    }
    if ((j + 1) % every === 0 || j === p - 1) onProgress?.(j + 1, p);
  }
  const others = Array.from({ length: p }, (_, j) => j).filter((j) => j !== i);
  return {
    nearest,
    reachable: [...found.values()].sort((x, y) => x.item - y.item),
    unreachable: others.filter((j) => possible[j] === 0 && !found.has(j)),
    undecided: others.filter((j) => possible[j] === 1 && !found.has(j)),
  };
}

const RANDOM_CORNERS = 300;
/** The first step, as a share of the range of ln w. */
const FIRST_STEP = 0.25;
/** A lead below this could be rounding. */
const LEAST_MARGIN = 1e-12;

/** 1 for each item whose largest cosine with i reaches the largest of the others' smallest. */
function possibleNeighbors(
  rows: Float64Array,
  k: number,
  i: number,
  condition: number,
): Uint8Array {
  const p = rows.length / k;
  const bound = boundScaling(k, condition);
  const interval = new Float64Array(2);
  const largest = new Float64Array(p);
  let floor = -Infinity;
  for (let j = 0; j < p; j++) {
    if (j === i) continue;
    bound(rows, i * k, rows, j * k, interval);
    largest[j] = interval[1];
    floor = Math.max(floor, interval[0]);
  }
  // The slack keeps rounding from turning into a proof.
  return Uint8Array.from(largest, (max, j) => j !== i && max >= floor - LEAST_MARGIN ? 1 : 0);
}

/** The lead of `candidate` over all others as a neighbor of i under D, from the rescaled rows. */
function leadUnder(
  rows: Float64Array,
  k: number,
  i: number,
  candidate: number,
  d: Float64Array,
): number {
  const p = rows.length / k;
  const cosine = (j: number) => {
    let N = 0, P = 0, Q = 0;
    for (let c = 0; c < k; c++) {
      const x = rows[i * k + c] / d[c], y = rows[j * k + c] / d[c];
      N += x * y;
      P += x * x;
      Q += y * y;
    }
    return cosineOf(N / Math.sqrt(P), Math.sqrt(Q));
  };
  let rival = -Infinity;
  for (let j = 0; j < p; j++) {
    if (j !== i && j !== candidate) rival = Math.max(rival, cosine(j));
  }
  return cosine(candidate) - rival;
}

/**
 * The cosines of one item with all others as functions of the weights w = D⁻²: what does not
 * depend on w is computed once.
 */
class NeighborField {
  readonly p: number;
  readonly k: number;
  /** The cosines under the weights last set; −Infinity for the item itself. */
  readonly cosines: Float64Array;
  readonly #item: number;
  /** aᵢbᵢ and bᵢ² for each other row b, row by row; and aᵢ². */
  readonly #n: Float64Array;
  readonly #q: Float64Array;
  readonly #own: Float64Array;
  readonly #Q: Float64Array;
  #P = 0;

  /** Takes the rows scaled to a largest magnitude of 1, p x k; row `item` must not be zero. */
  constructor(rows: Float64Array, k: number, item: number) {
    this.p = rows.length / k;
    this.k = k;
    this.#item = item;
    this.cosines = new Float64Array(this.p);
    this.#Q = new Float64Array(this.p);
    this.#own = rows.slice(item * k, (item + 1) * k);
    this.#n = rows.map((entry, at) => entry * this.#own[at % k]);
    this.#q = rows.map((entry) => entry * entry);
    this.#own = this.#own.map((entry) => entry * entry);
  }

  /** Computes the cosines under the weights w. Returns the nearest item. */
  evaluate(w: Float64Array): number {
    const { p, k, cosines } = this;
    const n = this.#n, q = this.#q;
    let P = 0;
    for (let i = 0; i < k; i++) P += w[i] * this.#own[i];
    this.#P = P;
    let nearest = -1;
    for (let j = 0, at = 0; j < p; j++) {
      let N = 0, Q = 0;
      for (let i = 0; i < k; i++, at++) {
        N += w[i] * n[at];
        Q += w[i] * q[at];
      }
      this.#Q[j] = Q;
      cosines[j] = j === this.#item ? -Infinity : cosineOf(N, Math.sqrt(P * Q));
      if (nearest < 0 || cosines[j] > cosines[nearest]) nearest = j;
    }
    return nearest;
  }

  /** The best of the others, without `candidate`, under the weights last set. */
  rival(candidate: number): number {
    let best = -1;
    for (let j = 0; j < this.p; j++) {
      if (j !== candidate && (best < 0 || this.cosines[j] > this.cosines[best])) best = j;
    }
    return best;
  }

  /** Adds `factor` times the derivative of the cosine with `other` by ln w. */
  addGradient(other: number, factor: number, w: Float64Array, gradient: Float64Array): void {
    const P = this.#P, Q = this.#Q[other], cosine = this.cosines[other];
    if (Q === 0) return;
    const cross = 1 / Math.sqrt(P * Q);
    for (let i = 0, at = other * this.k; i < this.k; i++, at++) {
      const own = this.#own[i] / P + this.#q[at] / Q;
      gradient[i] += factor * w[i] * (this.#n[at] * cross - cosine / 2 * own);
    }
  }
}
