import assert from "node:assert/strict";
import { randomRotation } from "cosine-lab";
import fc from "../../fast_check.ts";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { canonicalSample, flat } from "../../../lib/audit/measures/canonical_sample.ts";
import { centeredAxes } from "../../../lib/audit/measures/canonical_sample.ts";
import { effectiveDimensions, isoScore } from "../../../lib/audit/measures/anisotropy.ts";
import { orthogonalMixing } from "../../../lib/audit/measures/changes.ts";
import { piecewiseProducts } from "../../../lib/audit/neighbor_search.ts";
import { spreadOfRows } from "../../../lib/audit/measures/anisotropy.ts";
import { gaussianNoise } from "../table_files.ts";

const sampleOf = (B: Matrix) => ({
  indices: Uint32Array.from({ length: B.rows }, (_, i) => i),
  values: flat(B),
  columns: B.columns,
});
const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-10) => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    assert(Math.abs(actual[i] - expected[i]) < tolerance, `${i}: ${actual[i]}, ${expected[i]}`);
  }
};

Deno.test("canonical coordinates keep dot products, and forget the basis", () => {
  fc.assert(fc.property(
    fc.integer({ min: 2, max: 24 }),
    fc.integer({ min: 2, max: 24 }),
    fc.string({ minLength: 1 }),
    (items, dimensions, seed) => {
      const B = gaussianNoise({ items, dimensions, seed });
      const { values, rank } = canonicalSample(sampleOf(B));
      assert(rank <= Math.min(items, dimensions));
      const Z = Matrix.from1DArray(items, rank, values);
      close(flat(Z.mmul(Z.transpose())), flat(B.mmul(B.transpose())), 1e-9);
      const R = randomRotation(dimensions, seedrandom.alea(seed));
      close(canonicalSample(sampleOf(B.mmul(R))).values, values, 1e-6);
    },
  ));
});

Deno.test("centered axes are those of the covariance", () => {
  const B = gaussianNoise({ items: 30, dimensions: 5, seed: "centered" });
  for (let c = 0; c < 5; c++) B.addColumn(c, new Array(30).fill(c)).mulColumn(c, c + 1);
  const { variances, mean, total, squares: all } = centeredAxes(canonicalSample(sampleOf(B)));
  const X = B.clone().center("column");
  const trace = X.norm() ** 2 / 30, squares = X.transpose().mmul(X).norm() / 30;
  close([variances.reduce((a, b) => a + b)], [trace]);
  close([Math.hypot(...variances)], [squares]);
  close([total, Math.sqrt(all)], [trace, squares]);
  const wide = canonicalSample(
    sampleOf(gaussianNoise({ items: 90, dimensions: 120, seed: "few" })),
  );
  const few = centeredAxes(wide, 3), every = centeredAxes(wide);
  close(few.variances, every.variances.slice(0, 3));
  assert.deepEqual([few.total, few.squares], [every.total, every.squares]);
  close([Math.hypot(...mean)], [Math.hypot(...B.mean("column"))]);
});

Deno.test("mixing is orthogonal, in few dimensions and in many", () => {
  for (const k of [1, 2, 3, 64, 65, 100, 257]) {
    const mix = orthogonalMixing(k, seedrandom.alea(`${k}`));
    const Q = Array.from({ length: k }, (_, i) => {
      const row = new Float64Array(k);
      row[i] = 1;
      mix(row);
      return row;
    });
    const products = flat(new Matrix(Q).mmul(new Matrix(Q).transpose()));
    close(products, flat(Matrix.eye(k)), 1e-12);
    const largest = Math.max(...Q.flatMap((row) => [...row].map(Math.abs)));
    if (k > 60) assert(largest < 0.7, `${k}: ${largest}`);
  }
});

Deno.test("products of long rows are those of short pieces", () => {
  const E = gaussianNoise({ items: 7, dimensions: 1300, seed: "E" });
  const F = gaussianNoise({ items: 9, dimensions: 1300, seed: "F" });
  const rows = (M: Matrix) => M.to2DArray().map((row) => Float64Array.from(row));
  close(flat(piecewiseProducts(rows(E), rows(F))), flat(E.mmul(F.transpose())));
  close(flat(piecewiseProducts(rows(E))), flat(E.mmul(E.transpose())));
});

Deno.test("effective dimensions, IsoScore, and their estimate from pairs of rows", () => {
  assert.equal(effectiveDimensions(8, 16, 100, 100), 4);
  assert.equal(effectiveDimensions(1, 1, 100, 100), 1);
  assert.equal(effectiveDimensions(0, 0, 100, 100), 0);
  assert(effectiveDimensions(8, 16, 100, 1000) > 4);
  assert.deepEqual([isoScore(4, 4), isoScore(1, 4), isoScore(2, 5), isoScore(1, 1)], [
    1,
    0,
    0.25,
    1,
  ]);
  const B = gaussianNoise({ items: 4000, dimensions: 20, seed: "spread" });
  for (let c = 0; c < 10; c++) B.mulColumn(c, 3);
  const expected = (10 * 9 + 10) ** 2 / (10 * 81 + 10);
  const found = spreadOfRows(flat(B), 20, seedrandom.alea("pairs"));
  assert(Math.abs(found / expected - 1) < 0.05, `${found}, ${expected}`);
});
