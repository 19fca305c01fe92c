import { leastMagnitude } from "./least_magnitude.ts";

/**
 * The problem of pushing one cosine as far as it goes, for pairs of rows of k entries. Its arrays
 * are reused from pair to pair, so that a million pairs allocate nothing.
 *
 * {@linkcode attainableInterval} derives what is computed here.
 */
export class LargestCosine {
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
