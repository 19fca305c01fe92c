import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import {
  cosineSimilarity,
  gram,
  Interactions,
  largestDifference,
  simulateInteractions,
} from "cosine-lab";
import { cooccurrenceCounts, pmiEmbeddings, pmiMatrix } from "cosine-lab/remedies";
import { interactions } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";

const { interactions: x } = simulateInteractions({ users: 500, items: 24, seed: "pmi" });
const counts = cooccurrenceCounts(x);

Deno.test("cooccurrenceCounts(): pairs are G without its diagonal", () => {
  fc.assert(fc.property(interactions, (data) => {
    const expected = gram(data);
    for (let i = 0; i < data.items; i++) expected.set(i, i, 0);
    assert.deepEqual(cooccurrenceCounts(data, "pairs").to2DArray(), expected.to2DArray());
  }));
});

Deno.test("cooccurrenceCounts(): contexts, counted user by user; rows add up to the popularity", () => {
  fc.assert(fc.property(interactions, (data) => {
    const expected = Matrix.zeros(data.items, data.items);
    const popularity = new Float64Array(data.items);
    for (const row of data.toDense().to2DArray()) {
      const set = row.flatMap((value, i) => value ? [i] : []);
      if (set.length < 2) continue;
      for (const i of set) {
        popularity[i]++;
        for (const j of set) {
          if (i !== j) expected.set(i, j, expected.get(i, j) + 1 / (set.length - 1));
        }
      }
    }
    const found = cooccurrenceCounts(data);
    assertClose(found, expected, 1e-12);
    assertClose(found.sum("row"), popularity, 1e-12);
  }));
});

Deno.test("cooccurrenceCounts() does not read the values of weighted interactions", () => {
  const weighted = Interactions.fromDense([[2, 3, 0], [0.5, 0, 1]]);
  const binary = Interactions.fromDense([[1, 1, 0], [1, 0, 1]]);
  for (const weighting of ["pairs", "contexts"] as const) {
    assertClose(cooccurrenceCounts(weighted, weighting), cooccurrenceCounts(binary, weighting), 0);
  }
});

Deno.test("pmiMatrix() by hand", () => {
  // Rows and columns have 3, 4 and 3 of the 10 counts.
  const small = new Matrix([[0, 2, 1], [2, 0, 2], [1, 2, 0]]);
  const all = { smoothing: 1, positive: false };
  const pmi = pmiMatrix(small, all);
  assertClose(pmi.get(0, 1), Math.log(0.2 / (0.3 * 0.4)), 1e-14);
  assertClose(pmi.get(0, 2), Math.log(0.1 / (0.3 * 0.3)), 1e-14);
  assertClose(pmi.diag(), [0, 0, 0]);
  // Contexts occur with probabilities √3 : 2 : √3, or a third each.
  const smoothed = pmiMatrix(small, { ...all, smoothing: 0.5 });
  assertClose(smoothed.get(2, 1), Math.log(2 / 3 / (2 / (2 + 2 * Math.sqrt(3)))), 1e-14);
  assertClose(pmiMatrix(small, { ...all, smoothing: 0 }).get(1, 0), Math.log(0.5 * 3), 1e-14);
  // log κ goes off what is there, and what is negative becomes 0.
  assertClose(pmiMatrix(small, { ...all, shift: 2 }).get(0, 2), Math.log(0.1 / 0.09 / 2), 1e-14);
  assert.equal(pmiMatrix(small, { shift: 2 }).max(), 0);
});

Deno.test("pmiMatrix(): items without any count are zeros", () => {
  const pmi = pmiMatrix(new Matrix([[0, 1, 0], [1, 0, 0], [0, 0, 0]]));
  assert.deepEqual(pmi.getRow(2), [0, 0, 0]);
  assert.deepEqual(pmi.getColumn(2), [0, 0, 0]);
});

Deno.test("pmiEmbeddings(): the best approximation, for every exponent and every β", () => {
  for (const smoothing of [0, 0.5, 1]) {
    const m = pmiMatrix(counts, { smoothing });
    const dense = new SingularValueDecomposition(m);
    for (const exponent of [0, 0.5, 1]) {
      const { A, B } = pmiEmbeddings(counts, { smoothing, exponent, rank: 5 });
      const error = Matrix.sub(m, B.mmul(A.transpose())).norm();
      const least = Math.hypot(...dense.diagonal.slice(5));
      assertClose(error / least, 1, 1e-10);
      // BᵀB = Σ^2e and AᵀA = Σ^(2 − 2e).
      const sigma = Matrix.diag(dense.diagonal.slice(0, 5));
      const power = (e: number) => Matrix.diag(sigma.diag().map((value) => value ** e));
      assertClose(B.transpose().mmul(B), power(2 * exponent), 1e-7);
      assertClose(A.transpose().mmul(A), power(2 - 2 * exponent), 1e-7);
    }
  }
});

Deno.test("pmiEmbeddings(): negative eigenvalues have their sign in the contexts", () => {
  // Two items that are each other's only context: eigenvalues of both signs.
  const pair = new Matrix([[0, 1], [1, 0]]);
  const { A, B } = pmiEmbeddings(pair, { smoothing: 1 });
  assertClose(B.mmul(A.transpose()), pmiMatrix(pair, { smoothing: 1 }), 1e-12);
  assert(Matrix.sub(A, B).norm() > 1);
});

Deno.test("pmiEmbeddings(): the exponent is a D, and moves the cosines", () => {
  const [plain, whole] = [0, 1].map((exponent) => pmiEmbeddings(counts, { exponent, rank: 6 }));
  assertClose(plain.B.mmul(plain.A.transpose()), whole.B.mmul(whole.A.transpose()), 1e-10);
  assert(largestDifference(cosineSimilarity(plain.B), cosineSimilarity(whole.B)) > 0.1);
});

Deno.test("pmiEmbeddings(): a shift that leaves nothing gives zeros", () => {
  const { A, B } = pmiEmbeddings(counts, { shift: 1e6, rank: 3 });
  assertClose(B.mmul(A.transpose()), Matrix.zeros(24, 24), 0);
});

Deno.test("mutual information rejects bad input", () => {
  const m = (options: unknown) => pmiMatrix(counts, options as never);
  assert.throws(() => cooccurrenceCounts(counts as never), TypeError);
  assert.throws(
    () => cooccurrenceCounts(x, "users" as never),
    /RangeError.*weighting must be "contexts" or "pairs", current value is "users"/,
  );
  assert.throws(() => pmiMatrix(x as never), /TypeError.*counts must be an ml-matrix Matrix/);
  assert.throws(() => pmiMatrix(new Matrix([[1, 2]])), /RangeError.*square/);
  assert.throws(() => pmiMatrix(new Matrix([[1, -2], [0, 1]])), /RangeError.*between -2 and 1/);
  assert.throws(() => pmiMatrix(Matrix.zeros(2, 2)), /RangeError.*not all 0/);
  assert.throws(() => m({ shift: 0 }), /RangeError.*shift must be a finite number above 0/);
  assert.throws(() => m({ smoothing: Infinity }), RangeError);
  assert.throws(() => m({ positive: 1 }), TypeError);
  assert.throws(() => m(null), TypeError);
  assert.throws(() => pmiEmbeddings(counts, { rank: 25 }), /RangeError.*between 1 and 24/);
  assert.throws(() => pmiEmbeddings(counts, { exponent: 2 }), /RangeError.*between 0 and 1/);
});
