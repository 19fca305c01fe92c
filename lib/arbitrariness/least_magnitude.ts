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
export function leastMagnitude(
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
