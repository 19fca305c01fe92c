/**
 * The cosines of one item with all others as functions of the weights w = D⁻²: what does not
 * depend on w is computed once.
 */
export class NeighborField {
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
      cosines[j] = j === this.#item ? -Infinity : Q === 0 ? 0 : N / Math.sqrt(P * Q);
      if (nearest < 0 || cosines[j] > cosines[nearest]) nearest = j;
    }
    return nearest;
  }

  /** The best of the others but for `candidate`, under the weights last set. */
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
