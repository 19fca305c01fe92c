import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import {
  denoisingEmbeddings,
  gram,
  Interactions,
  simulateInteractions,
  svdOfGram,
  truncatedSVD,
  weightDecayEmbeddings,
} from "cosine-lab";
import { standardizedGram } from "cosine-lab/remedies";
import { interactions, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";

/** Y, with the mean and the deviation of every column taken in two passes. */
function standardized(x: Matrix): Matrix {
  const y = x.clone();
  for (let i = 0; i < x.columns; i++) {
    const column = x.getColumn(i);
    const mean = column.reduce((sum, value) => sum + value, 0) / x.rows;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.rows;
    const constant = column.every((value) => value === column[0]);
    y.setColumn(i, column.map((value) => constant ? 0 : (value - mean) / Math.sqrt(variance)));
  }
  return y;
}

Deno.test("standardizedGram() is YᵀY of the dense standardized data", () => {
  fc.assert(fc.property(interactions, (x) => {
    const y = standardized(x.toDense());
    assertClose(standardizedGram(x), y.transpose().mmul(y), 1e-10);
  }));
});

Deno.test("standardizedGram() of a Gram matrix, column sums and the number of users", () => {
  fc.assert(fc.property(interactions, (x) => {
    const columnSums = Float64Array.from(x.toDense().sum("column"));
    const moments = { gram: gram(x), columnSums, users: x.users };
    assertClose(standardizedGram(moments), standardizedGram(x), 0);
  }));
});

Deno.test("standardizedGram() of weighted data, too", () => {
  const apart = matrices(6, 3).filter((x) =>
    [0, 1, 2].every((i) => Math.max(...x.getColumn(i)) - Math.min(...x.getColumn(i)) > 0.1)
  );
  fc.assert(fc.property(apart, (x) => {
    const y = standardized(x);
    assertClose(standardizedGram(Interactions.fromDense(x)), y.transpose().mmul(y), 1e-8);
  }));
});

Deno.test("standardizedGram(): columns without variance become zeros, whatever they hold", () => {
  const constants = Interactions.fromDense(
    Array.from({ length: 10 }, (_, u) => [0.1, 0, 1, u % 2, 1e-9]),
  );
  const g = standardizedGram(constants);
  for (const i of [0, 1, 2, 4]) assert.deepEqual(g.getRow(i), [0, 0, 0, 0, 0]);
  assert.equal(g.get(3, 3), 10);
  assert.deepEqual(standardizedGram(Interactions.fromDense([[1, 0]])).to2DArray(), [[0, 0], [
    0,
    0,
  ]]);
});

Deno.test("standardizedGram(): one missing among 20,000 is a variance, not rounding", () => {
  const x = Interactions.fromDense(
    Array.from({ length: 20_000 }, (_, u) => [u === 0 ? 0 : 1, u === 1 ? 0 : 1]),
  );
  const g = standardizedGram(x);
  assert.equal(g.get(0, 0), 20_000);
  assertClose(g.get(0, 1), -20_000 / 19_999, 1e-12);
});

Deno.test("both models of standardizedGram() are those of the dense standardized data", () => {
  const { interactions: x } = simulateInteractions({ users: 200, items: 12, seed: "standard" });
  const dense = truncatedSVD(standardized(x.toDense()));
  const ours = svdOfGram(standardizedGram(x));
  for (const solve of [denoisingEmbeddings, weightDecayEmbeddings]) {
    assertClose(solve(ours, { lambda: 5 }).B, solve(dense, { lambda: 5 }).B, 1e-9);
  }
});

Deno.test("standardizedGram() rejects what is no Interactions", () => {
  assert.throws(
    () => standardizedGram(new Matrix([[1]]) as never),
    /TypeError.*Cannot standardize/,
  );
});
