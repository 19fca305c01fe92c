import {
  denoisingEmbeddings,
  denoisingLoss,
  type Embeddings,
  gram,
  Interactions,
  simulateInteractions,
  truncatedSVD,
  weightDecayEmbeddings,
  weightDecayLoss,
} from "cosine-lab";
import {
  alternatingLeastSquares,
  dropoutLoss,
  lossGradient,
  lossHessian,
  trainEmbeddings,
  type TrainingOptions,
} from "cosine-lab/training";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { interactions, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";
import seedrandom from "seedrandom";

const x = Interactions.fromDense([[1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 0], [1, 0, 0, 1]]);
const svd = truncatedSVD(x);
const models = {
  denoising: { exact: denoisingEmbeddings, loss: denoisingLoss },
  weightDecay: { exact: weightDecayEmbeddings, loss: weightDecayLoss },
} as const;

/** AᵀA − BᵀB, which gradient flow keeps as it was. */
function imbalance({ A, B }: Embeddings): Matrix {
  return Matrix.sub(A.transpose().mmul(A), B.transpose().mmul(B));
}

for (const objective of ["denoising", "weightDecay"] as const) {
  for (const optimizer of ["gradientDescent", "momentum", "adam"] as const) {
    Deno.test(`trainEmbeddings(), ${objective}, ${optimizer}: the closed form's loss`, () => {
      const { exact, loss } = models[objective];
      const lambda = 0.5;
      const options: TrainingOptions = { objective, lambda, rank: 2, optimizer };
      const { embeddings, losses, steps } = trainEmbeddings(x, options);
      const best = loss(x, exact(svd, { lambda, rank: 2 }), lambda);
      assertClose(loss(x, embeddings, lambda), best, 1e-9);
      assert.deepEqual(losses.at(-1)!.step, steps);
      assertClose(losses.at(-1)!.loss, best, 1e-9);
    });
  }
}

Deno.test("trainEmbeddings(): small steps of gradient descent on Eq. 1 keep AᵀA − BᵀB", () => {
  const { embeddings, start } = trainEmbeddings(x, {
    objective: "denoising",
    lambda: 1,
    rank: 2,
    startScale: 0.3,
    startBalance: 9,
    learningRate: 0.02,
    maxSteps: 4000,
  });
  assertClose(imbalance(embeddings), imbalance(start), 0.01);
  assert(imbalance(start).norm("frobenius") > 0.3, "the start is unbalanced");
  assert(Matrix.sub(embeddings.A, start.A).norm("frobenius") > 0.3, "and far from the end");
});

Deno.test("trainEmbeddings(): the same seed gives the same digits, another one does not", () => {
  const options: TrainingOptions = { objective: "denoising", lambda: 1, rank: 2, maxSteps: 30 };
  const train = (seed?: string) =>
    trainEmbeddings(x, { ...options, seed }).embeddings.A.to2DArray();
  assert.deepEqual(train("a"), train("a"));
  assert.notDeepEqual(train("a"), train("b"));
  assert.deepEqual(train(undefined), trainEmbeddings(x, options).embeddings.A.to2DArray());
});

Deno.test("trainEmbeddings() reports progress, and stops at maxSteps", () => {
  const done: number[] = [];
  const { steps, converged } = trainEmbeddings(x, {
    objective: "denoising",
    lambda: 1,
    rank: 2,
    maxSteps: 10,
    onProgress: (step, total) => done.push(step) && assert.equal(total, 10),
  });
  assert.deepEqual([steps, converged, done[0], done.at(-1)], [10, false, 0, 10]);
});

Deno.test("trainEmbeddings() says when the loss diverges", () => {
  assert.throws(
    () =>
      trainEmbeddings(x, {
        objective: "denoising",
        lambda: 1,
        rank: 2,
        learningRate: 1e6,
        startScale: 1,
      }),
    /RangeError.*the loss diverges at step \d+, learningRate must be smaller than 1000000/,
  );
});

Deno.test("trainEmbeddings() rejects bad input", () => {
  const good: TrainingOptions = { objective: "denoising", lambda: 1, rank: 2 };
  const bad: [Record<string, unknown>, RegExp][] = [
    [{ rank: 5 }, /RangeError.*rank must be an integer between 1 and 4/],
    [{ learningRate: 0 }, /RangeError.*learningRate must be a finite number above 0, .* 0/],
    [{ startScale: -1 }, /RangeError.*startScale must be a finite number above 0/],
    [{ lambda: "1" }, /TypeError.*lambda must be .*, current value is "1"/],
    [{ optimizer: "newton" }, /RangeError.*optimizer must be one of/],
    [{ seed: 7 }, /TypeError.*seed must be a string, current value is 7/],
  ];
  for (const [change, message] of bad) {
    assert.throws(() => trainEmbeddings(x, { ...good, ...change } as never), message);
  }
  assert.throws(() => trainEmbeddings(x.toDense() as never, good), /TypeError.*an Interactions/);
  assert.throws(() => trainEmbeddings(x, undefined as never), /TypeError.*options must be/);
});

const signed = Interactions.fromDense([[1, 2, 0], [0, -1, 3], [1, 0, 0.5]]);
const losses = { denoising: denoisingLoss, weightDecay: weightDecayLoss } as const;

for (const objective of ["denoising", "weightDecay"] as const) {
  Deno.test(`lossGradient(), ${objective}: it is what central differences of the loss say`, () => {
    const lambda = 0.7;
    const step = 1e-4;
    fc.assert(
      fc.property(matrices(3, 2), matrices(3, 2), (a, b) => {
        const e: Embeddings = { A: a.div(5), B: b.div(5) };
        const gradient = lossGradient(signed, e, { objective, lambda });
        for (const factor of ["A", "B"] as const) {
          const differences = e[factor].clone();
          for (let i = 0; i < 3; i++) {
            for (let j = 0; j < 2; j++) {
              const at = (move: number) => {
                const moved = { A: e.A.clone(), B: e.B.clone() };
                moved[factor].set(i, j, e[factor].get(i, j) + move);
                return losses[objective](signed, moved, lambda);
              };
              differences.set(i, j, (at(step) - at(-step)) / (2 * step));
            }
          }
          // The loss is a polynomial of degree 2 in one factor: central differences only round.
          assertClose(gradient[factor], differences, 1e-6);
        }
      }),
      { numRuns: 30 },
    );
  });
}

Deno.test("lossGradient() names what is of the wrong kind", () => {
  const e = { A: signed.toDense(), B: signed.toDense() };
  const options = { objective: "denoising", lambda: 1 } as const;
  assert.throws(
    () => lossGradient(signed.toDense() as never, e, options),
    /TypeError.*x must be an Interactions .*current value is a Matrix/,
  );
  assert.throws(() => lossGradient(signed, null as never, options), /TypeError.*A must be/);
  assert.throws(
    () => lossGradient(signed, e, null as never),
    /TypeError.*options must be an object/,
  );
  assert.throws(
    () => lossGradient(signed, e, { objective: "other" as never, lambda: 1 }),
    /RangeError.*objective must be "denoising" or "weightDecay"/,
  );
  assert.throws(() => lossGradient(signed, e, { ...options, lambda: -1 }), RangeError);
});

Deno.test("models, losses and training give the same of G alone as of X", () => {
  fc.assert(
    fc.property(interactions, fc.double({ min: 0.1, max: 10, noNaN: true }), (x, lambda) => {
      const g = { gram: gram(x) };
      assert.deepEqual(truncatedSVD(g, { rank: 1 }), truncatedSVD(x, { rank: 1 }));
      const svd = truncatedSVD(g);
      for (const model of [denoisingEmbeddings, weightDecayEmbeddings]) {
        const e = model(svd, { lambda });
        assert.equal(denoisingLoss(g, e, lambda), denoisingLoss(x, e, lambda));
        assert.equal(weightDecayLoss(g, e, lambda), weightDecayLoss(x, e, lambda));
        assert.equal(dropoutLoss(g, e, { rate: 0.3 }), dropoutLoss(x, e, { rate: 0.3 }));
        const objective = { objective: "denoising", lambda } as const;
        assert.deepEqual(lossGradient(g, e, objective), lossGradient(x, e, objective));
      }
      const training = { objective: "weightDecay", lambda, rank: 1, maxSteps: 20 } as const;
      assert.deepEqual(trainEmbeddings(g, training), trainEmbeddings(x, training));
      const options = { lambda, rank: 1, maxRounds: 5 };
      assert.deepEqual(alternatingLeastSquares(g, options), alternatingLeastSquares(x, options));
    }),
    { numRuns: 50 },
  );
});

const simulation = simulateInteractions({ users: 60, items: 7, clusters: 2, seed: "hessian" });

const weightedX = Interactions.fromDense(simulation.interactions.toDense().div(4));

const svdOfWeighted = truncatedSVD(weightedX);

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
    const hessian = lossHessian(weightedX, e, options);
    assertClose(hessian, hessian.transpose(), 1e-12);
    const [u, h] = [{ A: anywhere(), B: anywhere() }, 1e-5];
    const at = (step: number) =>
      flat(lossGradient(weightedX, {
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
    const e = solve(svdOfWeighted, { lambda: 0.05, rank: k });
    const values = eigenvalues(lossHessian(weightedX, e, { objective, lambda: 0.05 }));
    assert.equal(values.filter((value) => Math.abs(value) < 1e-11).length, flatness);
    assert(values[0] > -1e-11 && values[flatness] > 1e-6, `${values.slice(0, flatness + 1)}`);
  }
});

Deno.test("lossHessian() rejects bad options", () => {
  const e = denoisingEmbeddings(svdOfWeighted, { lambda: 1, rank: 2 });
  assert.throws(
    () => lossHessian(weightedX, e, { objective: "both" as never, lambda: 1 }),
    RangeError,
  );
  assert.throws(
    () => lossHessian(weightedX, e, { objective: "denoising", lambda: -1 }),
    RangeError,
  );
  assert.throws(
    () => lossHessian({} as never, e, { objective: "denoising", lambda: 1 }),
    TypeError,
  );
});
