import {
  centeredGram,
  gram,
  Interactions,
  simulateInteractions,
  type SVD,
  svdOfGram,
  truncatedSVD,
} from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { interactions } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
import { reference, referenceSVD, referenceX } from "../reference/small.ts";

/** ‖Gv − σ²v‖ ≤ 1e-9·‖G‖ for every pair, and VᵀV = I to 1e-10. */
function assertDecomposes(g: Matrix, { sigma, V }: SVD): void {
  const residual = Matrix.sub(g.mmul(V), V.mmul(Matrix.diag([...sigma].map((s) => s * s))));
  const largest = Math.max(
    ...Array.from({ length: V.columns }, (_, j) => Math.hypot(...residual.getColumn(j))),
  );
  assert(largest <= 1e-9 * g.norm("frobenius"), `residual ${largest}`);
  assertClose(V.transpose().mmul(V), Matrix.eye(V.columns), 1e-10);
  sigma.forEach((s, i) => assert(s >= 0 && (i === 0 || s <= sigma[i - 1]), "not descending"));
}

Deno.test("truncatedSVD() gives NumPy's singular values", () => {
  assertClose(referenceSVD.sigma, reference.sigma, 1e-10);
  assertDecomposes(gram(referenceX), referenceSVD);
});

Deno.test("truncatedSVD() decomposes random interactions, n < p and rank-deficient ones too", () => {
  fc.assert(fc.property(interactions, (x) => {
    const svd = truncatedSVD(x);
    assert.equal(svd.sigma.length, Math.min(x.users, x.items));
    assertDecomposes(gram(x), svd);
  }));
});

Deno.test("truncatedSVD() of a lower rank is the beginning of that of a higher one", () => {
  for (const rank of [1, 5, 12]) {
    const { sigma, V } = truncatedSVD(referenceX, { rank });
    assertClose(sigma, referenceSVD.sigma.subarray(0, rank), 1e-10);
    assertClose(V, referenceSVD.V.subMatrix(0, 11, 0, rank - 1), 1e-9);
  }
});

Deno.test("truncatedSVD() gives exact zeros for a rank-deficient matrix", () => {
  const svd = truncatedSVD(Interactions.fromDense([[1, 1, 0], [1, 1, 0], [0, 0, 1], [1, 1, 1]]));
  assert.equal(svd.sigma[2], 0);
  assert(svd.sigma[1] > 0.5);
  assertClose(svd.V.transpose().mmul(svd.V), Matrix.eye(3), 1e-12);
});

Deno.test("truncatedSVD() handles repeated singular values", () => {
  const svd = truncatedSVD(Interactions.fromDense(Matrix.eye(6)));
  assertClose(svd.sigma, Array(6).fill(1), 1e-14);
  assertDecomposes(Matrix.eye(6), svd);
});

Deno.test("truncatedSVD() of one user", () => {
  const { sigma, V } = truncatedSVD(Interactions.fromDense([[1, 0, 1]]));
  assertClose(sigma, [Math.SQRT2], 1e-14);
  assertClose(V, new Matrix([[Math.SQRT1_2], [0], [Math.SQRT1_2]]), 1e-14);
});

Deno.test("truncatedSVD() makes the entry of largest magnitude positive", () => {
  const { V } = referenceSVD;
  for (let j = 0; j < V.columns; j++) {
    const column = V.getColumn(j);
    const largest = Math.max(...column.map(Math.abs));
    assert(column.some((entry) => entry > largest * (1 - 1e-6)));
  }
});

Deno.test("truncatedSVD() of a dense matrix is that of the same interactions", () => {
  const dense = truncatedSVD(referenceX.toDense());
  assertClose(dense.sigma, referenceSVD.sigma, 1e-12);
  assertClose(dense.V, referenceSVD.V, 1e-9);
});

Deno.test("truncatedSVD() takes entries whose squares would overflow or vanish", () => {
  for (const scale of [1e-300, 1e-200, 1e200, 1e300]) {
    const x = referenceX.toDense().mul(scale);
    for (const scaled of [x, Interactions.fromDense(x)]) {
      const { sigma, V } = truncatedSVD(scaled);
      assertClose(sigma.map((value) => value / scale), reference.sigma, 1e-9);
      assertClose(V, referenceSVD.V, 1e-9);
    }
  }
  assert.deepEqual([...truncatedSVD(Matrix.zeros(2, 2)).sigma], [0, 0]);
  const largest = Matrix.ones(2, 2).mul(Number.MAX_VALUE);
  assert.throws(() => truncatedSVD(largest), /RangeError.*singular value of x overflows/);
});

Deno.test("truncatedSVD() gives the same digits every time", () => {
  const again = truncatedSVD(Interactions.fromDense(reference.X));
  assert.deepEqual(again.V.to2DArray(), referenceSVD.V.to2DArray());
});

Deno.test("truncatedSVD() decomposes a simulation with a nearly degenerate bulk", () => {
  const { interactions } = simulateInteractions({ users: 3000, items: 150 });
  assertDecomposes(gram(interactions), truncatedSVD(interactions, { rank: 50 }));
});

Deno.test("truncatedSVD() tells its progress as (done, total), never backwards, by every method", () => {
  const { interactions: x } = simulateInteractions({ users: 2_000, items: 300, seed: "progress" });
  const callsOf = (data: typeof x | Matrix | { gram: Matrix }, method?: "gram" | "lanczos") => {
    const calls: number[][] = [];
    truncatedSVD(data, { rank: 20, method, onProgress: (...call) => calls.push(call) });
    return calls;
  };
  for (const data of [x, x.toDense(), { gram: gram(x) }]) {
    assert.deepEqual(callsOf(data), [[20, 20]]);
  }
  const calls = callsOf(x, "lanczos");
  assert(calls.length > 2);
  assert(calls.every(([, total]) => total === 20));
  const done = calls.map(([first]) => first);
  assert.deepEqual(done, done.toSorted((a, b) => a - b));
  assert.deepEqual(done.filter((number) => number === 20).length, 1);
});

Deno.test("truncatedSVD() rejects bad input", () => {
  const message = /RangeError.*Cannot factorize: rank must be an integer between 1 and 12/;
  for (const rank of [0, 13, 1.5, NaN, -1]) {
    assert.throws(() => truncatedSVD(referenceX, { rank }), message);
  }
  assert.throws(() => truncatedSVD(referenceX, { rank: "5" as never }), TypeError);
  assert.throws(() => truncatedSVD(new Matrix([[1, NaN]])), RangeError);
  assert.throws(() => truncatedSVD(new Matrix(0, 0)), RangeError);
  assert.throws(() => truncatedSVD([[1]] as never), TypeError);
  const wide = Interactions.fromDense([[1, 0, 1]]);
  assert.throws(() => truncatedSVD(wide, { rank: 2 }), /between 1 and 1/);
});

Deno.test("truncatedSVD() of a Gram matrix in place of X is that of X", () => {
  const ofGram = truncatedSVD({ gram: gram(referenceX) }, { rank: 5 });
  assertClose(ofGram.sigma, referenceSVD.sigma.subarray(0, 5), 1e-12);
  assertClose(ofGram.V, referenceSVD.V.subMatrix(0, 11, 0, 4), 1e-9);
  assert.throws(() => truncatedSVD({ gram: [[1]] } as never), TypeError);
});

Deno.test("svdOfGram() of XᵀX is the decomposition of X", () => {
  const { sigma, V } = svdOfGram(gram(referenceX));
  assert.deepEqual([sigma, V.to2DArray()], [referenceSVD.sigma, referenceSVD.V.to2DArray()]);
  const few = svdOfGram(gram(referenceX), 3);
  assertClose(few.sigma, referenceSVD.sigma.subarray(0, 3), 1e-10);
  assert.deepEqual([few.V.rows, few.V.columns], [12, 3]);
});

Deno.test("svdOfGram() puts a centered Gram matrix together again", () => {
  const g = centeredGram(referenceX, "both");
  const { sigma, V } = svdOfGram(g);
  assertClose(V.mmul(Matrix.diag([...sigma].map((s) => s * s))).mmul(V.transpose()), g, 1e-10);
  // The rows of Y sum to 0, so that one direction is not there.
  assert.equal(sigma[11], 0);
});

Deno.test("svdOfGram() rejects what is no Gram matrix", () => {
  const factorize = (...input: unknown[]) => svdOfGram(...input as Parameters<typeof svdOfGram>);
  assert.throws(() => factorize(new Matrix([[1, 2, 3]])), /RangeError.*g must be square/);
  assert.throws(() => factorize(new Matrix([[1, 2], [3, 4]])), /RangeError.*symmetric/);
  assert.throws(() => factorize(new Matrix([[NaN]])), /RangeError.*entry \(0, 0\) is NaN/);
  assert.throws(() => factorize(Matrix.eye(2), 3), /RangeError.*between 1 and 2/);
  assert.throws(() => factorize(Matrix.eye(2), "1"), TypeError);
  for (const g of [null, undefined, [[1]]]) {
    assert.throws(() => factorize(g), /TypeError.*g must be/);
  }
});
