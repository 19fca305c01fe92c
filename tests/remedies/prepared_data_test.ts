import {
  denoisingEmbeddings,
  gram,
  Interactions,
  simulateInteractions,
  svdOfGram,
  truncatedSVD,
  weightDecayEmbeddings,
  weightDecayLoss,
} from "cosine-lab";
import { inversePropensityScaling, standardizedGram } from "cosine-lab/remedies";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { interactions, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";

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

const exponent = fc.double({ min: -2, max: 2, noNaN: true });

Deno.test("inversePropensityScaling() is diag(v)·X·diag(w), and keeps the norm", () => {
  fc.assert(fc.property(interactions, exponent, exponent, (x, itemExponent, userExponent) => {
    const scaled = inversePropensityScaling(x, { itemExponent, userExponent }).toDense();
    const dense = x.toDense();
    const [users, items] = [dense.sum("row"), dense.sum("column")];
    const expected = dense.clone();
    expected.apply((u, i) => {
      if (dense.get(u, i) === 0) return;
      expected.set(u, i, users[u] ** -userExponent * items[i] ** -itemExponent);
    });
    assertClose(scaled, expected.mul(dense.norm() / expected.norm()), 1e-12);
  }));
});

Deno.test("inversePropensityScaling(): of items alone, the Gram matrix is scaled at both sides", () => {
  const { interactions: x } = simulateInteractions({ users: 100, items: 10, seed: "propensity" });
  const g = gram(x);
  const scaled = gram(inversePropensityScaling(x, { itemExponent: 0.5 }));
  const ratio = scaled.get(0, 0);
  // With η = ½, w² = 1/G_ii: the diagonal is the same everywhere.
  for (let i = 0; i < 10; i++) {
    assertClose(scaled.get(i, i), ratio, 1e-10);
    for (let j = 0; j < 10; j++) {
      const cosine = g.get(i, j) / Math.sqrt(g.get(i, i) * g.get(j, j));
      assertClose(scaled.get(i, j) / ratio, cosine, 1e-12);
    }
  }
});

Deno.test("inversePropensityScaling(): Saito's weighted loss and least squares differ by a constant", () => {
  const x = Interactions.fromDense([[1, 1, 0], [1, 0, 0], [1, 1, 1]]);
  const target = inversePropensityScaling(x, { itemExponent: 1, userExponent: 0.5 });
  const y = target.toDense();
  // y = X/θ: the estimate of the loss on what is wanted, for given scores s.
  const unbiased = (s: Matrix) => {
    let sum = 0;
    y.apply((u, i) => {
      sum += y.get(u, i) * (1 - s.get(u, i)) ** 2 + (1 - y.get(u, i)) * s.get(u, i) ** 2;
    });
    return sum;
  };
  const constant = y.to1DArray().reduce((sum, value) => sum + value - value ** 2, 0);
  const { V } = truncatedSVD(x);
  for (const k of [1, 2]) {
    const e = { A: V.subMatrix(0, 2, 0, k - 1), B: V.subMatrix(0, 2, 0, k - 1).mul(0.5) };
    const scores = y.mmul(e.A).mmul(e.B.transpose());
    assertClose(unbiased(scores), weightDecayLoss(target, e, 0) + constant, 1e-10);
  }
});

Deno.test("inversePropensityScaling(): 0 leaves X as it is; ids, weights and empty rows stay", () => {
  const weighted = Interactions.fromDense([[2, 0, 0], [0, 0, 0], [1, 3, 0]]);
  const same = inversePropensityScaling(weighted, { itemExponent: 0 });
  assertClose(same.toDense(), weighted.toDense(), 1e-15);
  assertClose(inversePropensityScaling(weighted, {}).toDense().getRow(1), [0, 0, 0]);
  const { rows, columns, rowStarts, columnIndices, values } = weighted;
  const ids = { users: ["a", "b", "c"], items: [1, 2, 3] };
  const named = new Interactions({ rows, columns, rowStarts, columnIndices, values }, ids);
  assert.deepEqual(inversePropensityScaling(named).itemIds, [1, 2, 3]);
});

Deno.test("inversePropensityScaling() rejects bad input", () => {
  const x = Interactions.fromDense([[1, 0]]);
  assert.throws(() => inversePropensityScaling(x.toDense() as never), TypeError);
  assert.throws(
    () => inversePropensityScaling(x, { itemExponent: 5 }),
    /RangeError.*itemExponent must be a finite number between -4 and 4, current value is 5/,
  );
  assert.throws(() => inversePropensityScaling(x, { userExponent: NaN }), RangeError);
  assert.throws(() => inversePropensityScaling(x, { userExponent: "1" as never }), TypeError);
  assert.throws(
    () => inversePropensityScaling(Interactions.fromDense([[0, 0]])),
    /RangeError.*at least one interaction/,
  );
});
