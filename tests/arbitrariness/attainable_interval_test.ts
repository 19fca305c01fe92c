import { cosineSimilarity } from "cosine-lab";
import { attainableInterval, attainableIntervals, intervalSummary } from "cosine-lab/arbitrariness";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import fc from "../fast_check.ts";

const close = (actual: number, expected: number, tolerance: number, what = "") =>
  assert(Math.abs(actual - expected) <= tolerance, `${what} ${actual} is not ${expected}`);

const entry = fc.oneof(
  fc.double({ min: -1, max: 1, noNaN: true }).map((x) => Math.abs(x) < 1e-3 ? 0 : x),
  fc.integer({ min: -2, max: 2 }),
);
const pairOf = (sign: (a: number, b: number) => [number, number], maxLength = 10) =>
  fc.array(fc.tuple(entry, entry), { minLength: 1, maxLength }).map((rows) => {
    const pairs = rows.map(([a, b]) => sign(a, b));
    return [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
  }).filter(([a, b]) => a.some((x) => x !== 0) && b.some((x) => x !== 0));
const anyPair = pairOf((a, b) => [a, b]);
const condition = fc.double({ min: 1, max: 30, noNaN: true });
const cosine = (a: number[], b: number[]) => cosineSimilarity(new Matrix([a, b])).get(0, 1);

Deno.test("attainableInterval agrees with brute force on any pair of rows", () => {
  fc.assert(
    fc.property(anyPair, condition, ([a, b], kappa) => {
      const { min, max } = attainableInterval(a, b, { condition: kappa });
      close(max, largestByBruteForce(a, b, kappa), 1e-8, "max");
      close(min, -largestByBruteForce(a, b.map((x) => -x), kappa), 1e-8, "min");
    }),
    { seed: 1, numRuns: 150 },
  );
});

Deno.test("attainableInterval agrees with brute force where no cosine can be positive", () => {
  const opposite = pairOf((a, b) => [Math.abs(a), -Math.abs(b)]);
  fc.assert(
    fc.property(opposite, condition, ([a, b], kappa) => {
      const { max } = attainableInterval(a, b, { condition: kappa });
      close(max, largestByBruteForce(a, b, kappa), 1e-8);
    }),
    { seed: 2, numRuns: 150 },
  );
});

Deno.test("attainableInterval finds an optimum inside the box, where all corners are worse", () => {
  const a = [1, 1, 1], b = [-1, -2, -9];
  const { max } = attainableInterval(a, b, { condition: 4 });
  let best = -1;
  for (let corner = 0; corner < 8; corner++) {
    const d = [0, 1, 2].map((i) => (corner >> i) & 1 ? 4 : 1);
    best = Math.max(best, cosine(a.map((x, i) => x * d[i]), b.map((x, i) => x * d[i])));
  }
  assert(max > best + 1e-3, `${max} is not above the best corner, ${best}`);
  close(max, largestByBruteForce(a, b, 4), 1e-10);
});

Deno.test("attainableInterval holds the cosine under every D within κ", () => {
  const rows = fc.integer({ min: 1, max: 30 }).chain((k) =>
    fc.tuple(
      ...[-1, -1, 0].map((min) =>
        fc.array(fc.double({ min, max: 1, noNaN: true }), { minLength: k, maxLength: k })
      ),
    )
  );
  fc.assert(fc.property(rows, condition, ([a, b, exponents], kappa) => {
    const { min, max } = attainableInterval(a, b, { condition: kappa });
    // In units of the largest entry: the smallest numbers that there are would vanish when scaled.
    const scale = (row: number[]) => {
      const largest = Math.max(...row.map(Math.abs)) || 1;
      return row.map((x, i) => x / largest / kappa ** exponents[i]);
    };
    const value = cosine(scale(a), scale(b));
    assert(value >= min - 1e-12 && value <= max + 1e-12, `${value} is not in [${min}, ${max}]`);
  }));
});

Deno.test("attainableInterval grows with κ", () => {
  fc.assert(fc.property(anyPair, condition, condition, ([a, b], x, y) => {
    const narrow = attainableInterval(a, b, { condition: Math.min(x, y) });
    const wide = attainableInterval(a, b, { condition: Math.max(x, y) });
    const unbounded = attainableInterval(a, b, { condition: Infinity });
    assert(narrow.max <= wide.max + 1e-12 && narrow.min >= wide.min - 1e-12);
    assert(wide.max <= unbounded.max + 1e-12 && wide.min >= unbounded.min - 1e-12);
  }));
});

Deno.test("attainableInterval is symmetric, and odd in each row", () => {
  fc.assert(fc.property(anyPair, condition, ([a, b], kappa) => {
    const { min, max } = attainableInterval(a, b, { condition: kappa });
    const swapped = attainableInterval(b, a, { condition: kappa });
    close(swapped.min, min, 1e-12);
    close(swapped.max, max, 1e-12);
    const negated = attainableInterval(a.map((x) => -x), b, { condition: kappa });
    close(negated.min, -max, 1e-12);
    close(negated.max, -min, 1e-12);
  }));
});

Deno.test("attainableInterval does not notice the length of a row", () => {
  const power = fc.integer({ min: -150, max: 150 });
  fc.assert(fc.property(anyPair, condition, power, power, ([a, b], kappa, x, y) => {
    const { min, max } = attainableInterval(a, b, { condition: kappa });
    const scaled = attainableInterval(
      a.map((value) => value * 10 ** x),
      b.map((value) => value * 10 ** y),
      { condition: kappa },
    );
    close(scaled.min, min, 1e-12);
    close(scaled.max, max, 1e-12);
  }));
});

Deno.test("attainableInterval does not overflow on the largest and smallest numbers", () => {
  const { min, max } = attainableInterval([1e308, 1e308], [5e-324, -5e-324], { condition: 3 });
  close(max, 0.8, 1e-12);
  close(min, -0.8, 1e-12);
});

Deno.test("attainableInterval is the cosine itself at κ = 1, under rotations, and where nothing is free", () => {
  fc.assert(fc.property(anyPair, ([a, b]) => {
    const fixed = ["rotation", "nothing"] as const;
    for (
      const options of [{ condition: 1 }, ...fixed.map((freedom) => ({ condition: 9, freedom }))]
    ) {
      const { min, max } = attainableInterval(a, b, options);
      assert.equal(min, max);
      close(max, cosine(a, b), 1e-15);
    }
  }));
});

Deno.test("attainableInterval at κ = ∞ is 1 or −1 as soon as one coordinate allows it", () => {
  const unbounded = { condition: Infinity };
  assert.deepEqual(attainableInterval([1, 1], [1, -1e-9], unbounded), { min: -1, max: 1 });
  assert.equal(attainableInterval([1, 0, 5], [-2, 3, -1], unbounded).max, 0);
  assert.equal(attainableInterval([1, 0, 5], [2, 0, 10], unbounded).min, 1);
  // Ratios from 1 to 9: −2·√9/(1 + 9).
  close(attainableInterval([1, 1, 1], [-1, -2, -9], unbounded).max, -0.6, 1e-15);
});

Deno.test("attainableInterval at κ = ∞ is the limit of large κ", () => {
  fc.assert(
    fc.property(anyPair, ([a, b]) => {
      const unbounded = attainableInterval(a, b, { condition: Infinity });
      const large = attainableInterval(a, b, { condition: 1e9 });
      close(large.min, unbounded.min, 1e-5);
      close(large.max, unbounded.max, 1e-5);
    }),
    { seed: 3 },
  );
});

Deno.test("attainableInterval leaves rows of zeros and rows of one entry as they are", () => {
  for (const kappa of [1, 3, Infinity]) {
    for (const freedom of ["scaling", "linear", "rotation", "nothing"] as const) {
      const options = { condition: kappa, freedom };
      assert.deepEqual(attainableInterval([0, 0], [1, 2], options), { min: 0, max: 0 });
      assert.deepEqual(attainableInterval([0, 0], [0, 0], options), { min: 0, max: 0 });
      assert.deepEqual(attainableInterval([2], [-3], options), { min: -1, max: -1 });
      assert.deepEqual(attainableInterval([2], [3], options), { min: 1, max: 1 });
    }
  }
});

Deno.test("attainableInterval ignores coordinates that are zero in both rows", () => {
  const options = { condition: 4 };
  assert.deepEqual(
    attainableInterval([0, 1, 0, 2], [0, 3, 0, -1], options),
    attainableInterval([1, 2], [3, -1], options),
  );
});

Deno.test("attainableInterval for any invertible M holds that of every D, and is attained", () => {
  fc.assert(fc.property(anyPair, condition, ([a, b], kappa) => {
    const scaling = attainableInterval(a, b, { condition: kappa });
    const linear = attainableInterval(a, b, { condition: kappa, freedom: "linear" });
    assert(linear.min <= scaling.min + 1e-12 && linear.max >= scaling.max - 1e-12);
  }));
  // The bisector of these rows is an axis: a D along the axes attains the bound.
  const rows = [[2, 1], [2, -1]];
  const linear = attainableInterval(rows[0], rows[1], { condition: 3, freedom: "linear" });
  const scaling = attainableInterval(rows[0], rows[1], { condition: 3 });
  close(linear.min, scaling.min, 1e-14);
  close(linear.max, scaling.max, 1e-14);
});

Deno.test("attainableInterval for any invertible M holds the cosine under rotated D", () => {
  const number = fc.double({ min: -1, max: 1, noNaN: true });
  const planar = fc.tuple(number, number).filter(([x, y]) => Math.hypot(x, y) > 0.01);
  fc.assert(fc.property(planar, planar, number, condition, (a, b, turn, kappa) => {
    const { min, max } = attainableInterval(a, b, { condition: kappa, freedom: "linear" });
    const angle = turn * Math.PI;
    // Singular values κ and 1, in any direction: a rotation after them moves no cosine.
    const stretch = ([x, y]: number[]) => [
      kappa * (Math.cos(angle) * x + Math.sin(angle) * y),
      Math.cos(angle) * y - Math.sin(angle) * x,
    ];
    const value = cosine(stretch(a), stretch(b));
    assert(value >= min - 1e-12 && value <= max + 1e-12, `${value} is not in [${min}, ${max}]`);
  }));
});

Deno.test("attainableInterval says what is wrong with its input", () => {
  const at = (a: unknown, b: unknown, options: unknown) => () =>
    attainableInterval(a as number[], b as number[], options as { condition: number });
  assert.throws(at([1], [1], { condition: 0.5 }), {
    name: "RangeError",
    message:
      "Cannot bound the cosine: condition must be a number of at least 1, current value is 0.5",
  });
  assert.throws(at([1], [1], { condition: NaN }), RangeError);
  assert.throws(at([1], [1], { condition: "2" }), TypeError);
  assert.throws(at([1], [1], undefined), TypeError);
  assert.throws(at([1], [1], { condition: 2, freedom: "any" }), /freedom must be "scaling" or/);
  assert.throws(at([1, 2], [1], { condition: 2 }), /of one length, they are of 2 and 1/);
  assert.throws(at([1, NaN], [1, 2], { condition: 2 }), /a must be finite, entry 1 is NaN/);
  assert.throws(at([], [], { condition: 2 }), /a must not be empty/);
  assert.throws(at(1, [1], { condition: 2 }), TypeError);
});

/**
 * The largest cosine of two rows over all D within κ, with nothing of the theory that the library
 * uses: all corners of the box of weights, and coordinate ascent from each of the best corners and
 * from the middle, where each step is the exact optimum over one weight.
 */
function largestByBruteForce(a: number[], b: number[], condition: number): number {
  const k = a.length;
  const low = 1 / condition ** 2;
  const corners = Array.from({ length: 2 ** k }, (_, corner) => {
    const w = a.map((_, i) => (corner >> i) & 1 ? 1 : low);
    return { w, value: weightedCosine(a, b, w) };
  }).sort((x, y) => y.value - x.value);
  const starts = [a.map(() => Math.sqrt(low)), ...corners.slice(0, 3).map(({ w }) => w)];
  return Math.max(corners[0].value, ...starts.map((w) => ascend(a, b, w, low)));
}

function ascend(a: number[], b: number[], start: number[], low: number): number {
  const w = [...start];
  let value = weightedCosine(a, b, w);
  for (let sweep = 0; sweep < 20_000; sweep++) {
    const before = value;
    for (let i = 0; i < w.length; i++) {
      for (const candidate of [low, 1, stationary(a, b, w, i)]) {
        if (!(candidate >= low && candidate <= 1)) continue;
        const kept = w[i];
        w[i] = candidate;
        const next = weightedCosine(a, b, w);
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

function weightedCosine(a: number[], b: number[], w: number[]): number {
  let N = 0, P = 0, Q = 0;
  for (let i = 0; i < w.length; i++) {
    N += w[i] * a[i] * b[i];
    P += w[i] * a[i] ** 2;
    Q += w[i] * b[i] ** 2;
  }
  return N / Math.sqrt(P * Q);
}

const random = seedrandom.alea("attainable intervals");
const B = new Matrix(
  Array.from(
    { length: 12 },
    (_, i) => Array.from({ length: 7 }, () => i === 4 ? 0 : random() - 0.4),
  ),
);

Deno.test("attainableIntervals has the interval of every pair", () => {
  for (const freedom of ["scaling", "linear", "rotation"] as const) {
    const options = { condition: 2.5, freedom };
    const { min, max } = attainableIntervals(B, options);
    for (let i = 0; i < B.rows; i++) {
      for (let j = 0; j < B.rows; j++) {
        if (i === j) continue;
        // The order of a pair decides the last digit only.
        const pair = attainableInterval(
          B.getRow(Math.max(i, j)),
          B.getRow(Math.min(i, j)),
          options,
        );
        assert.deepEqual({ min: min.get(i, j), max: max.get(i, j) }, pair);
      }
    }
  }
});

Deno.test("attainableIntervals leaves a row with itself at 1, and a zero row at 0", () => {
  const { min, max } = attainableIntervals(B, { condition: 5 });
  for (let i = 0; i < B.rows; i++) {
    assert.equal(min.get(i, i), i === 4 ? 0 : 1);
    assert.equal(max.get(i, i), i === 4 ? 0 : 1);
    assert.equal(max.get(i, 4), 0);
  }
});

Deno.test("attainableIntervals contains the cosines, and nothing else at κ = 1", () => {
  const cosines = cosineSimilarity(B);
  const wide = attainableIntervals(B, { condition: 2 });
  const none = attainableIntervals(B, { condition: 1 });
  for (let i = 0; i < B.rows; i++) {
    for (let j = 0; j < B.rows; j++) {
      const cosine = cosines.get(i, j);
      assert(wide.min.get(i, j) <= cosine + 1e-15 && cosine <= wide.max.get(i, j) + 1e-15);
      assert(Math.abs(none.min.get(i, j) - cosine) < 1e-15);
      assert.equal(none.min.get(i, j), none.max.get(i, j));
    }
  }
});

Deno.test("attainableIntervals reports progress up to 1", () => {
  const reports: number[] = [];
  attainableIntervals(B, { condition: 2, onProgress: (done, total) => reports.push(done / total) });
  assert.equal(reports.length, B.rows);
  assert.equal(reports.at(-1), 1);
  assert.deepEqual(reports, [...reports].sort((x, y) => x - y));
});

Deno.test("attainableIntervals says what is wrong with its input", () => {
  assert.throws(
    () => attainableIntervals(new Matrix([[1, NaN]]), { condition: 2 }),
    /Cannot bound the cosines: B must be finite, entry \(0, 1\) is NaN/,
  );
  assert.throws(() => attainableIntervals(B, { condition: 0 }), RangeError);
});

const min = new Matrix([[1, -0.5, 0], [-0.5, 1, 0.1], [0, 0.1, 1]]);
const max = new Matrix([[1, 0.5, 0.2], [0.5, 1, 0.4], [0.2, 0.4, 1]]);

Deno.test("intervalSummary counts each pair once, and not an item with itself", () => {
  const { widths, eitherSign } = intervalSummary({ min, max }, { quantiles: [0, 0.5, 1] });
  assert.deepEqual(widths.map((width) => +width.toFixed(12)), [0.2, 0.3, 1]);
  assert.equal(eitherSign, 1 / 3);
});

Deno.test("intervalSummary: a linear freedom opens the signs of the cosines below (κ²−1)/(κ²+1)", () => {
  const angles = [0, 0.3, 1.2, 1.4, 2.5];
  const B = new Matrix(angles.map((angle) => [Math.cos(angle), Math.sin(angle)]));
  const { eitherSign } = intervalSummary(
    attainableIntervals(B, { condition: 2, freedom: "linear" }),
  );
  const pairs = angles.flatMap((a, i) => angles.slice(0, i).map((b) => Math.cos(a - b)));
  assert.equal(eitherSign, pairs.filter((cosine) => Math.abs(cosine) < 0.6).length / pairs.length);
});

Deno.test("intervalSummary says what is wrong with its input", () => {
  assert.throws(() => intervalSummary({ min, max: min.subMatrix(0, 1, 0, 1) }), /of one size/);
  assert.throws(
    () => intervalSummary({ min, max }, { quantiles: [2] }),
    /quantiles\[0\] must be a finite number between 0 and 1/,
  );
  assert.throws(() => intervalSummary(null as never), TypeError);
});
