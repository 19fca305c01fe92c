import { cosineSimilarity } from "cosine-lab";
import { attainableInterval, attainableIntervals, intervalSummary } from "cosine-lab/arbitrariness";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
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
