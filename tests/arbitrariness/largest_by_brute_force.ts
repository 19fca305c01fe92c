/**
 * The largest cosine of two rows over all D within κ, with nothing of the theory that the library
 * uses: all corners of the box of weights, and coordinate ascent from each of the best corners and
 * from the middle, where each step is the exact optimum over one weight.
 */
export function largestByBruteForce(a: number[], b: number[], condition: number): number {
  const k = a.length;
  const low = 1 / condition ** 2;
  const corners = Array.from({ length: 2 ** k }, (_, corner) => {
    const w = a.map((_, i) => (corner >> i) & 1 ? 1 : low);
    return { w, value: cosine(a, b, w) };
  }).sort((x, y) => y.value - x.value);
  const starts = [a.map(() => Math.sqrt(low)), ...corners.slice(0, 3).map(({ w }) => w)];
  return Math.max(corners[0].value, ...starts.map((w) => ascend(a, b, w, low)));
}

function ascend(a: number[], b: number[], start: number[], low: number): number {
  const w = [...start];
  let value = cosine(a, b, w);
  for (let sweep = 0; sweep < 20_000; sweep++) {
    const before = value;
    for (let i = 0; i < w.length; i++) {
      for (const candidate of [low, 1, stationary(a, b, w, i)]) {
        if (!(candidate >= low && candidate <= 1)) continue;
        const kept = w[i];
        w[i] = candidate;
        const next = cosine(a, b, w);
        if (next > value) value = next;
        else w[i] = kept;
      }
    }
    if (value - before < 1e-15) break;
  }
  return value;
}

/** Where the derivative by weight i is zero, with the others fixed: a linear equation. */
function stationary(a: number[], b: number[], w: number[], i: number): number {
  let N = 0, P = 0, Q = 0;
  for (let j = 0; j < w.length; j++) {
    if (j === i) continue;
    N += w[j] * a[j] * b[j];
    P += w[j] * a[j] ** 2;
    Q += w[j] * b[j] ** 2;
  }
  const n = a[i] * b[i], p = a[i] ** 2, q = b[i] ** 2;
  // 2n(P + wp)(Q + wq) = (N + wn)(p(Q + wq) + q(P + wp)); the squares of w cancel.
  return (N * (p * Q + q * P) - 2 * n * P * Q) / (n * (p * Q + q * P) - 2 * N * p * q);
}

function cosine(a: number[], b: number[], w: number[]): number {
  let N = 0, P = 0, Q = 0;
  for (let i = 0; i < w.length; i++) {
    N += w[i] * a[i] * b[i];
    P += w[i] * a[i] ** 2;
    Q += w[i] * b[i] ** 2;
  }
  return N / Math.sqrt(P * Q);
}
