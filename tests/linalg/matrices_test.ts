import { largestDifference } from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import seedrandom from "seedrandom";
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
