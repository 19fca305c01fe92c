import assert from "node:assert/strict";
import { cosineSimilarity } from "cosine-lab";
import { attainableInterval, attainableIntervals } from "cosine-lab/arbitrariness";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";

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
