import assert from "node:assert/strict";
import { attainableIntervals, intervalSummary } from "cosine-lab/arbitrariness";
import { Matrix } from "ml-matrix";

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
