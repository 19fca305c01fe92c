import {
  cosineSimilarity,
  denoisingSpectrum,
  Interactions,
  randomRotation,
  rescale,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { measuredScaling, planeItems } from "cosine-lab/remedies";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
import { lambda, model, P, svd } from "../small_model.ts";

const cosines = (items: Matrix) => cosineSimilarity(items);

const { interactions } = simulateInteractions({ users: 300, items: 40, seed: "scaling" });

const svdOfMeasured = truncatedSVD(interactions, { rank: 8 });

Deno.test("planeItems: the paper's choices of D are points of the plane", () => {
  const d = Array.from(denoisingSpectrum(svd, lambda));
  const { sigma } = svd;
  const under = (scaling: number[]) => cosines(rescale(model, scaling).B);
  const at = (a: number, b: number) => cosines(planeItems(svd, { lambda, sigma: a, dMat: b }));
  assertClose(at(0, 0), under(d.map((v) => Math.sqrt(v))), 1e-12);
  assertClose(at(0, 0.5), under(d.map(() => 1)), 1e-12);
  assertClose(at(0, 1), under(d.map((v) => 1 / Math.sqrt(v))), 1e-12);
  assertClose(at(0.5, 0.5), under(Array.from(sigma, (s) => Math.sqrt(1 / s))), 1e-12);
  assertClose(at(-1, 0.5), under(Array.from(sigma)), 1e-12);
  assertClose(at(1, 1), cosines(P.mmul(model.B.transpose()).transpose()), 1e-12);
});

Deno.test("planeItems: a dimension of σ = 0 is 0, and bad input is refused", () => {
  const flat = { sigma: Float64Array.of(2, 0), V: Matrix.eye(3, 2) };
  const items = planeItems(flat, { lambda: 0, sigma: -1, dMat: 1 });
  assert.deepEqual(items.to2DArray(), [[0.5, 0], [0, 0], [0, 0]]);
  assert.throws(() => planeItems(flat, { lambda: -1, sigma: 0, dMat: 0 }), RangeError);
  assert.throws(() => planeItems(flat, { lambda: 1, sigma: 9, dMat: 0 }), RangeError);
  assert.throws(() => planeItems(flat, { lambda: 1, sigma: 0 } as never), TypeError);
});

Deno.test("measuredScaling() finds the exponent whatever the rotation and the unit", () => {
  fc.assert(
    fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.integer(), (a, seed) => {
      const r = randomRotation(8, seedrandom.alea(`${seed}`));
      const W = planeItems(svdOfMeasured, { lambda: 0, sigma: a, dMat: 0 }).mmul(r).mul(7);
      const { exponent, fit, diagonal, within, scales } = measuredScaling(W, svdOfMeasured);
      assert(Math.abs(exponent - a) < 1e-9);
      for (const share of [fit, diagonal, within]) assert(Math.abs(share - 1) < 1e-6);
      scales.forEach((scale, i) =>
        assert(Math.abs(scale / svdOfMeasured.sigma[i] ** a / 7 - 1) < 1e-9)
      );
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
  const outside = planeItems(svdOfMeasured, { lambda: 0, sigma: 0, dMat: 0 });
  assert(Math.abs(measuredScaling(outside, two).within - 2 / 8) < 1e-9);
});

Deno.test("measuredScaling() says what is wrong", () => {
  assert.throws(
    () => measuredScaling(new Matrix(3, 2).fill(1), svdOfMeasured),
    /row for each of the 40 items/,
  );
  assert.throws(
    () => measuredScaling(new Matrix(40, 2), svdOfMeasured),
    /nothing in the direction/,
  );
  assert.throws(
    () => measuredScaling(svdOfMeasured.V, truncatedSVD(interactions, { rank: 1 })),
    /two singular/,
  );
  const equal = truncatedSVD(Interactions.fromDense([[1, 0], [0, 1]]));
  assert.throws(() => measuredScaling(equal.V, equal), /RangeError.*not all equal/);
  assert.throws(() => measuredScaling(1 as never, svdOfMeasured), TypeError);
});
