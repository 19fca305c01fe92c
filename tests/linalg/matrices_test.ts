import { largestDifference } from "cosine-lab";
import { Matrix, MatrixTransposeView } from "ml-matrix";
import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import configuration from "../../deno.json" with { type: "json" };
import { flatMatrix, rowArrays, rowProducts } from "../../lib/linalg/matrices.ts";
import { assertClose } from "../assert_close.ts";

const random = seedrandom.alea("row products");

function randomMatrix(rows: number, columns: number): Matrix {
  return flatMatrix(Float64Array.from({ length: rows * columns }, () => random() - 0.5), columns);
}

Deno.test("rowProducts() is EFᵀ, of small and of large matrices", () => {
  for (const [m, q, k] of [[1, 1, 1], [3, 5, 2], [7, 4, 9], [130, 101, 90]]) {
    const [e, f] = [randomMatrix(m, k), randomMatrix(q, k)];
    const products = rowProducts(rowArrays(e), rowArrays(f));
    assert.deepEqual([products.rows, products.columns], [m, q]);
    assertClose(products, e.mmul(f.transpose()), 1e-13);
  }
});

Deno.test("rowProducts() of a matrix with itself is symmetric to the last digit", () => {
  for (const [m, k] of [[1, 3], [6, 2], [131, 77]]) {
    const e = randomMatrix(m, k);
    const products = rowProducts(rowArrays(e));
    assertClose(products, e.mmul(e.transpose()), 1e-13);
    assert.deepEqual(products.to2DArray(), products.transpose().to2DArray());
  }
});

Deno.test("rowProducts() gives the same digits on one thread and on two", () => {
  const [e, f] = [randomMatrix(301, 9), randomMatrix(150, 9)].map(rowArrays);
  for (const other of [undefined, f]) {
    const [one, two] = [1, 2].map((threads) => rowProducts(e, other, Infinity, threads));
    assert.deepEqual(two.to2DArray(), one.to2DArray());
  }
});

Deno.test("rowProducts() keeps products within the bound", () => {
  const e = randomMatrix(120, 100);
  const products = rowProducts(rowArrays(e), undefined, 0.5).to1DArray();
  assert.equal(Math.max(...products), 0.5);
  assert(Math.min(...products) >= -0.5);
});

Deno.test("largestDifference() is the largest in magnitude, whatever its sign", () => {
  const a = new Matrix([[1, 2], [3, 4]]);
  assert.equal(largestDifference(a, a), 0);
  assert.equal(largestDifference(a, new Matrix([[1.5, 2], [3, 1]])), 3);
  assert.equal(largestDifference(a, new Matrix([[1.5, 2], [9, 1]])), 6);
});

Deno.test("largestDifference() rejects matrices that cannot be compared", () => {
  const a = new Matrix([[1, 2]]);
  assert.throws(() => largestDifference(a, a.transpose()), /RangeError.*they are 1 x 2 and 2 x 1/);
  assert.throws(() => largestDifference(a, new Matrix([[1, NaN]])), RangeError);
  assert.throws(() => largestDifference(a, [[1, 2]] as never), TypeError);
});

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
