import { nearestNeighbors, neighborOverlap, neighborPrecision, popularityBias } from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { assertClose } from "../assert_close.ts";
import { chancePrecision } from "cosine-lab/evaluation";
import fc from "../fast_check.ts";
import { tied } from "../arbitraries.ts";
import { matrix, reference } from "../reference/small.ts";

/** Items 0 and 1 are near each other, and so are 2 and 3. */
const s = new Matrix([
  [1, 0.9, 0, 0.1],
  [0.9, 1, 0.1, 0],
  [0, 0.1, 1, 0.9],
  [0.1, 0, 0.9, 1],
]);

Deno.test("popularityBias() by hand", () => {
  // The nearest have 3, 4, 1, 2 where the items have 4, 3, 2, 1: Σd² = 4, 1 − 6·4/(4·15) = 0.6.
  assertClose(popularityBias(s, [4, 3, 2, 1], 1), 0.6, 1e-15);
  // The nearest have 1, 4, 2, 3 where the items have 4, 1, 3, 2: Σd² = 9 + 9 + 1 + 1.
  assertClose(popularityBias(s, [4, 1, 3, 2], 1), -1, 1e-15);
  // With all others as neighbors, the popular have the less popular around.
  assertClose(popularityBias(s, [4, 3, 2, 1], 3), -1, 1e-15);
});

Deno.test("popularityBias() rejects bad input", () => {
  const measure = (popularity: unknown, k: unknown = 1) =>
    popularityBias(s, popularity as never, k as never);
  assert.throws(() => measure([1, 2, 3]), /RangeError.*each of the 4 items/);
  assert.throws(() => measure([1, 2, 3, NaN]), RangeError);
  assert.throws(() => measure([1, 1, 1, 1]), /RangeError.*the same for all/);
  assert.throws(() => measure([1, 2, 3, 4], 4), /RangeError.*between 1 and 3/);
  for (const popularity of [null, undefined]) {
    assert.throws(() => measure(popularity), /TypeError.*popularity must be an array/);
  }
});

Deno.test("chancePrecision() is the share of pairs within a cluster", () => {
  assert.equal(chancePrecision([0, 0, 0, 1]), 6 / 12);
  assert.equal(chancePrecision([3, 4]), 0);
  assert.throws(() => chancePrecision([1]), RangeError);
});

Deno.test("nearestNeighbors() are the first k by similarity, then by index", () => {
  const sizes = fc.integer({ min: 2, max: 14 }).chain((n) =>
    fc.tuple(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: n * n, maxLength: n * n }),
      fc.integer({ min: 1, max: n - 1 }),
    )
  );
  fc.assert(fc.property(sizes, ([entries, k]) => {
    const n = Math.sqrt(entries.length);
    const s = Matrix.from1DArray(n, n, entries);
    const expected = Array.from({ length: n }, (_, i) =>
      [...Array(n).keys()].filter((j) => j !== i)
        .sort((a, b) => s.get(i, b) - s.get(i, a) || a - b).slice(0, k));
    assert.deepEqual(nearestNeighbors(s, k).map((row) => [...row]), expected);
  }));
});

const { metrics, labels: referenceLabels } = reference;

const referenceCosines = matrix(metrics.similarity);

const t = matrix(metrics.other);

Deno.test("nearestNeighbors() sorts the others by similarity, ties by index", () => {
  fc.assert(fc.property(tied, fc.integer({ min: 1, max: 6 }), ([s], k) => {
    nearestNeighbors(s, k).forEach((neighbors, i) => {
      const others = [0, 1, 2, 3, 4, 5, 6].filter((j) => j !== i)
        .sort((a, b) => s.get(i, b) - s.get(i, a) || a - b);
      assert.deepEqual([...neighbors], others.slice(0, k));
    });
  }));
});

Deno.test("neighborPrecision() and neighborOverlap() with all others as neighbors", () => {
  const share = [0, 1, 2].map((c) => referenceLabels.filter((label) => label === c).length)
    .reduce((sum, size) => sum + size * (size - 1), 0) / (12 * 11);
  assertClose(neighborPrecision(referenceCosines, referenceLabels, 11), share, 1e-15);
  assert.equal(neighborOverlap(referenceCosines, t, 11), 1);
});

Deno.test("neighborOverlap() is symmetric, and 1 of a similarity with itself", () => {
  for (const k of [1, 4]) {
    assert.equal(neighborOverlap(referenceCosines, t, k), neighborOverlap(t, referenceCosines, k));
    assert.equal(neighborOverlap(referenceCosines, referenceCosines, k), 1);
  }
});
