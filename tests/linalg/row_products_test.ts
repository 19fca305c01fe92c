import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { rowProducts } from "../../lib/linalg/row_products.ts";
import { assertClose } from "../assert_close.ts";

for (const [rows, columns] of [[1, 1], [3, 5], [4, 2], [7, 9], [8, 0]]) {
  Deno.test(`rowProducts() of ${rows} rows with ${columns + 3} rows is EFᵀ`, () => {
    const entry = (i: number, j: number) => Math.sin(i * i + 3 * j);
    const make = (m: number) =>
      Array.from({ length: m }, (_, i) => Float64Array.from({ length: 6 }, (_, j) => entry(i, j)));
    const [e, f] = [make(rows), make(columns + 3)];
    const expected = new Matrix(e).mmul(new Matrix(f).transpose());
    assertClose(new Matrix(rowProducts(e, f)), expected, 1e-14);
    const own = rowProducts(f, f);
    own.forEach((row, i) => row.forEach((value, j) => assert.equal(value, own[j][i])));
  });
}
