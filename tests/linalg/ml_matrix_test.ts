import assert from "node:assert/strict";
import { Matrix, MatrixTransposeView } from "ml-matrix";
import configuration from "../../deno.json" with { type: "json" };
import { flatMatrix, rowArrays } from "../../lib/linalg/matrices.ts";

/**
 * `flatMatrix` and `rowArrays` rely on the private fields of ml-matrix's Matrix: `data`, one
 * Float64Array for each row, and `rows`. The version is pinned for that reason; these tests fail where
 * another one stores its entries differently.
 */
Deno.test("ml-matrix is pinned to one version, since its private `data` is relied on", () => {
  assert.match(configuration.imports["ml-matrix"], /^npm:ml-matrix@\d+\.\d+\.\d+$/);
});

Deno.test("ml-matrix stores a Float64Array for each row in `data`, in whatever way a matrix is made", () => {
  const made = [
    new Matrix([[1, 2, 3], [4, 5, 6]]),
    Matrix.from1DArray(2, 3, [1, 2, 3, 4, 5, 6]),
    new Matrix([[1, 4], [2, 5], [3, 6]]).transpose(),
    flatMatrix(Float64Array.of(1, 2, 3, 4, 5, 6), 3),
  ];
  for (const m of made.flatMap((each) => [each, each.clone(), Matrix.checkMatrix(each)])) {
    const { data } = m as unknown as { data: Float64Array[] };
    assert(data.every((row) => row instanceof Float64Array));
    assert.deepEqual(data, [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)]);
    assert.equal(rowArrays(m), data);
  }
});

Deno.test("writing to rowArrays() writes to the matrix; those of a view are copies", () => {
  const m = new Matrix([[1, 2], [3, 4]]);
  rowArrays(m)[1][0] = 9;
  assert.equal(m.get(1, 0), 9);
  const view = new MatrixTransposeView(m) as unknown as Matrix;
  assert.deepEqual(rowArrays(view), [Float64Array.of(1, 9), Float64Array.of(2, 4)]);
  rowArrays(view)[0][0] = 7;
  assert.equal(m.get(0, 0), 1);
});

Deno.test("a flatMatrix() takes its entries over, and does what every Matrix does", () => {
  const entries = Float64Array.of(1, 2, 3, 4, 5, 6);
  const m = flatMatrix(entries, 2);
  assert(m instanceof Matrix && Matrix.isMatrix(m));
  assert.deepEqual([m.rows, m.columns], [3, 2]);
  m.set(2, 1, 60);
  assert.equal(entries[5], 60);
  assert.deepEqual(m.to2DArray(), [[1, 2], [3, 4], [5, 60]]);
  assert.deepEqual(m.transpose().mmul(m).to2DArray(), [[35, 314], [314, 3620]]);
  assert.deepEqual(Matrix.add(m, m).getColumn(1), [4, 8, 120]);
  assert.deepEqual(m.subMatrix(1, 2, 0, 1).to2DArray(), [[3, 4], [5, 60]]);
  const clone = m.clone();
  clone.addRow([7, 8]);
  assert.deepEqual([clone.rows, m.rows], [4, 3]);
});
