import assert from "node:assert/strict";
import { Interactions, randomRotation, simulateInteractions, truncatedSVD } from "cosine-lab";
import { measuredScaling, planeItems } from "cosine-lab/remedies";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";

const { interactions } = simulateInteractions({ users: 300, items: 40, seed: "scaling" });
const svd = truncatedSVD(interactions, { rank: 8 });

Deno.test("measuredScaling() finds the exponent whatever the rotation and the unit", () => {
  fc.assert(
    fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.integer(), (a, seed) => {
      const r = randomRotation(8, seedrandom.alea(`${seed}`));
      const W = planeItems(svd, { lambda: 0, sigma: a, dMat: 0 }).mmul(r).mul(7);
      const { exponent, fit, diagonal, within, scales } = measuredScaling(W, svd);
      assert(Math.abs(exponent - a) < 1e-9);
      for (const share of [fit, diagonal, within]) assert(Math.abs(share - 1) < 1e-6);
      scales.forEach((scale, i) => assert(Math.abs(scale / svd.sigma[i] ** a / 7 - 1) < 1e-9));
    }),
    { numRuns: 30 },
  );
});

Deno.test("measuredScaling() tells mixed dimensions, and what is outside of the span", () => {
  // Two directions, mixed half and half: TTᵀ = [[1, 1], [1, 1]] + a little.
  const two = truncatedSVD(interactions, { rank: 2 });
  const mixed = two.V.mmul(new Matrix([[1, 0.1], [1, -0.1]]));
  const half = measuredScaling(mixed, two);
  assert(Math.abs(half.diagonal - 0.5) < 0.02);
  const outside = planeItems(svd, { lambda: 0, sigma: 0, dMat: 0 });
  assert(Math.abs(measuredScaling(outside, two).within - 2 / 8) < 1e-9);
});

Deno.test("measuredScaling() says what is wrong", () => {
  assert.throws(
    () => measuredScaling(new Matrix(3, 2).fill(1), svd),
    /row for each of the 40 items/,
  );
  assert.throws(() => measuredScaling(new Matrix(40, 2), svd), /nothing in the direction/);
  assert.throws(
    () => measuredScaling(svd.V, truncatedSVD(interactions, { rank: 1 })),
    /two singular/,
  );
  const equal = truncatedSVD(Interactions.fromDense([[1, 0], [0, 1]]));
  assert.throws(() => measuredScaling(equal.V, equal), /RangeError.*not all equal/);
  assert.throws(() => measuredScaling(1 as never, svd), TypeError);
});
