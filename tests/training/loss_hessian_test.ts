import assert from "node:assert/strict";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import {
  denoisingEmbeddings,
  type Embeddings,
  Interactions,
  simulateInteractions,
  truncatedSVD,
  weightDecayEmbeddings,
} from "cosine-lab";
import { lossGradient, lossHessian } from "cosine-lab/training";
import { assertClose } from "../assert_close.ts";

const simulation = simulateInteractions({ users: 60, items: 7, clusters: 2, seed: "hessian" });
const x = Interactions.fromDense(simulation.interactions.toDense().div(4));
const svd = truncatedSVD(x);
const [p, k] = [7, 3];
const random = seedrandom.alea("hessian");
const anywhere = (): Matrix =>
  new Matrix(p, k).apply(function (this: Matrix, i: number, j: number) {
    this.set(i, j, random() - 0.5);
  });
const flat = ({ A, B }: Embeddings) => [...A.to1DArray(), ...B.to1DArray()];
const eigenvalues = (m: Matrix) =>
  new EigenvalueDecomposition(m, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => a - b);

for (const objective of ["denoising", "weightDecay"] as const) {
  Deno.test(`lossHessian() is how the gradient changes, ${objective}`, () => {
    const e = { A: anywhere(), B: anywhere() };
    const options = { objective, lambda: 0.3 };
    const hessian = lossHessian(x, e, options);
    assertClose(hessian, hessian.transpose(), 1e-12);
    const [u, h] = [{ A: anywhere(), B: anywhere() }, 1e-5];
    const at = (step: number) =>
      flat(lossGradient(x, {
        A: Matrix.add(e.A, Matrix.mul(u.A, step)),
        B: Matrix.add(e.B, Matrix.mul(u.B, step)),
      }, options));
    const [ahead, back] = [at(h), at(-h)];
    const slopes = ahead.map((value, i) => (value - back[i]) / (2 * h));
    assertClose(hessian.mmul(Matrix.columnVector(flat(u))), Matrix.columnVector(slopes), 1e-7);
  });
}

Deno.test("lossHessian(): Eq. 1 is flat in k² directions, Eq. 2 in k(k − 1)/2, and both curve up in all others", () => {
  for (
    const [objective, solve, flatness] of [
      ["denoising", denoisingEmbeddings, k * k],
      ["weightDecay", weightDecayEmbeddings, k * (k - 1) / 2],
    ] as const
  ) {
    const e = solve(svd, { lambda: 0.05, rank: k });
    const values = eigenvalues(lossHessian(x, e, { objective, lambda: 0.05 }));
    assert.equal(values.filter((value) => Math.abs(value) < 1e-11).length, flatness);
    assert(values[0] > -1e-11 && values[flatness] > 1e-6, `${values.slice(0, flatness + 1)}`);
  }
});

Deno.test("lossHessian() rejects bad options", () => {
  const e = denoisingEmbeddings(svd, { lambda: 1, rank: 2 });
  assert.throws(() => lossHessian(x, e, { objective: "both" as never, lambda: 1 }), RangeError);
  assert.throws(() => lossHessian(x, e, { objective: "denoising", lambda: -1 }), RangeError);
  assert.throws(
    () => lossHessian({} as never, e, { objective: "denoising", lambda: 1 }),
    TypeError,
  );
});
