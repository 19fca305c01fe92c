import { gram, Interactions, simulateInteractions, truncatedSVD } from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { blockLanczos, fitsLanczos } from "../../lib/linalg/lanczos.ts";
import { gramRoot, type SymmetricEigen, symmetricEigen } from "../../lib/linalg/symmetric_eigen.ts";

const { interactions } = simulateInteractions({ users: 2_000, items: 300, seed: "eigensolvers" });
const g = gram(interactions);

/** Asserts ‖Av − λv‖ ≤ 1e-13·‖A‖, VᵀV = I to 1e-12 and descending values. */
function assertEigenpairs(a: Matrix, { values, vectors }: SymmetricEigen, tolerance = 1e-13) {
  const norm = Math.max(...a.to1DArray().map(Math.abs)) * a.rows || 1;
  const product = a.mmul(vectors);
  const inner = vectors.transpose().mmul(vectors);
  values.forEach((value, j) => {
    assert(j === 0 || value <= values[j - 1]);
    const residual = product.getColumn(j).map((entry, i) => entry - value * vectors.get(i, j));
    assert(Math.hypot(...residual) <= tolerance * norm, `residual of eigenpair ${j}`);
    inner.getRow(j).forEach((entry, i) => assert(Math.abs(entry - (i === j ? 1 : 0)) < 1e-12));
  });
}

/** The largest principal angle's sine between the spaces of the columns of U and V. */
function distance(u: Matrix, v: Matrix): number {
  const rest = Matrix.sub(v, u.mmul(u.transpose().mmul(v)));
  return Math.sqrt(Math.max(...rest.transpose().mmul(rest).diag()));
}

Deno.test("symmetricEigen() takes sparse data of low rank, where most eigenvalues are 0", () => {
  const random = mulberry(3);
  for (const [users, items, density] of [[40, 200, 0.05], [60, 150, 0.01], [50, 300, 0.01]]) {
    for (let draw = 0; draw < 5; draw++) {
      const rows = Array.from(
        { length: users },
        () => Array.from({ length: items }, () => random() < density ? 1 : 0),
      );
      const counts = gram(Interactions.fromDense(rows));
      assertEigenpairs(counts, symmetricEigen(counts, 40));
    }
  }
});

Deno.test("symmetricEigen() is accurate at every rank, for matrices of every kind", () => {
  for (const rank of [1, 50, 299, 300]) assertEigenpairs(g, symmetricEigen(g, rank));
  const random = Matrix.rand(37, 37, { random: mulberry(1) });
  const thin = Matrix.rand(3, 37, { random: mulberry(2) });
  const cases = {
    indefinite: Matrix.add(random, random.transpose()),
    "of low rank": thin.transpose().mmul(thin),
    "identity, all eigenvalues equal": Matrix.eye(37),
    zero: Matrix.zeros(5, 5),
    "all ones": Matrix.ones(16, 16),
    "one number": new Matrix([[-3]]),
    graded: Matrix.diag([1e-200, 1, 1e-8, 0, 1e3]),
    tiny: Matrix.mul(Matrix.add(random, random.transpose()), 1e-250),
  };
  for (const a of Object.values(cases)) {
    for (const rank of new Set([1, a.rows])) assertEigenpairs(a, symmetricEigen(a, rank));
  }
});

/** A symmetric tridiagonal matrix. */
function tridiagonal(d: number[], e: number[]): Matrix {
  const a = Matrix.diag(d);
  e.forEach((entry, i) => {
    a.set(i, i + 1, entry);
    a.set(i + 1, i, entry);
  });
  return a;
}

/** Matrices along the diagonal, with `glue` where two of them meet. */
function glued(parts: Matrix[], glue: number): Matrix {
  const size = parts.reduce((sum, part) => sum + part.rows, 0);
  const a = Matrix.zeros(size, size);
  let at = 0;
  for (const part of parts) {
    a.setSubMatrix(part, at, at);
    if (at > 0) {
      a.set(at, at - 1, glue);
      a.set(at - 1, at, glue);
    }
    at += part.rows;
  }
  return a;
}

Deno.test("symmetricEigen() finds few eigenvectors where eigenvalues are close, equal or graded", () => {
  // Wilkinson's: the largest eigenvalues come in pairs that agree to all digits.
  const wilkinson = (n: number) =>
    tridiagonal(Array.from({ length: 2 * n + 1 }, (_, i) => Math.abs(i - n)), Array(2 * n).fill(1));
  const four = Array.from({ length: 4 }, () => wilkinson(10));
  const scale = (i: number) => 10 ** (-i / 5);
  const descending = Array.from({ length: 100 }, (_, i) => scale(i));
  const ascending = descending.toReversed();
  const cases: Record<string, Matrix> = {
    identity: Matrix.eye(100),
    zero: Matrix.zeros(80, 80),
    "all ones": Matrix.ones(90, 90),
    "Wilkinson's": wilkinson(50),
    "glued loosely": glued(four, 1e-14),
    "glued firmly": glued(four, 1e-7),
    "not glued": glued(four, 0),
    "equal blocks": glued(Array.from({ length: 10 }, () => Matrix.ones(10, 10)), 0),
    "three values": Matrix.diag(Array.from({ length: 100 }, (_, i) => i % 3)),
    "second differences": tridiagonal(Array(200).fill(2), Array(199).fill(-1)),
    "graded downwards": tridiagonal(descending, descending.slice(1).map((entry) => entry / 3)),
    "graded upwards": tridiagonal(ascending, ascending.slice(1).map((entry) => entry / 3)),
    "negative": Matrix.mul(g, -1),
    "huge": Matrix.mul(g, 1e250),
  };
  for (const a of Object.values(cases)) {
    for (const rank of [1, 7, Math.floor(a.rows / 4)]) {
      const found = symmetricEigen(a, rank);
      assertEigenpairs(a, found);
      const largest = Math.max(...a.to1DArray().map(Math.abs));
      symmetricEigen(a).values.slice(0, rank).forEach((value, j) => {
        assert(Math.abs(value - found.values[j]) <= 1e-13 * largest * a.rows);
      });
    }
  }
});

Deno.test("symmetricEigen() gives the same digits on one thread and on two", () => {
  const one = symmetricEigen(g, 20, 1);
  const two = symmetricEigen(g, 20, 2);
  assert.deepEqual(two.values, one.values);
  assert.deepEqual(two.vectors.to2DArray(), one.vectors.to2DArray());
});

Deno.test("block Lanczos finds the same values and the same subspace, without XᵀX", () => {
  assert(fitsLanczos(interactions, 20));
  const expected = symmetricEigen(g, 20);
  const found = blockLanczos(interactions, { rank: 20, tolerance: 1e-11 });
  assertEigenpairs(g, found, 1e-11);
  found.values.forEach((value, i) => {
    assert(Math.abs(value - expected.values[i]) <= 1e-9 * value);
  });
  assert(distance(expected.vectors, found.vectors) < 1e-7);
});

Deno.test("block Lanczos gives the same digits whatever the number of threads", () => {
  const [one, two] = [1, 2].map((threads) =>
    blockLanczos(interactions, { rank: 5, tolerance: 1e-8 }, threads)
  );
  assert.deepEqual(one.values, two.values);
  assert.deepEqual(one.vectors.to2DArray(), two.vectors.to2DArray());
});

Deno.test("block Lanczos takes weights, and a rank beyond that of X", () => {
  const random = mulberry(3);
  const left = Matrix.rand(90, 4, { random }), right = Matrix.rand(4, 250, { random });
  const x = Interactions.fromDense(left.mmul(right));
  const dense = x.toDense();
  const found = blockLanczos(x, { rank: 10, tolerance: 1e-9 });
  assertEigenpairs(dense.transpose().mmul(dense), found, 1e-11);
  const { sigma } = truncatedSVD(x, { rank: 10, method: "lanczos" });
  assert.deepEqual([...sigma].map((value) => value > 0), [...Array(10).keys()].map((i) => i < 4));
});

Deno.test("truncatedSVD gives the same by both methods", () => {
  const [byGram, byLanczos] = (["gram", "lanczos"] as const).map((method) =>
    truncatedSVD(interactions, { rank: 10, method, tolerance: 1e-12 })
  );
  byGram.sigma.forEach((sigma, i) => {
    assert(Math.abs(sigma - byLanczos.sigma[i]) <= 1e-9 * sigma);
  });
  assert(Matrix.sub(byGram.V, byLanczos.V).to1DArray().every((entry) => Math.abs(entry) < 1e-6));
});

Deno.test("truncatedSVD refuses an unknown method, a bad tolerance, and dense Lanczos", () => {
  const x = Interactions.fromDense([[1, 0], [0, 1]]);
  assert.throws(
    () => truncatedSVD(x, { method: "qr" as "gram" }),
    /Cannot factorize: method must be "gram" or "lanczos", current value is "qr"/,
  );
  assert.throws(() => truncatedSVD(x, { tolerance: 0 }), RangeError);
  assert.throws(() => truncatedSVD(x.toDense(), { method: "lanczos" }), RangeError);
});

/** A small generator of uniform numbers, for matrices that are the same on every run. */
function mulberry(seed: number): () => number {
  return () => {
    seed = seed + 0x6D2B79F5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}

Deno.test("gramRoot() squares to the matrix and whitens it, however unevenly it is scaled", () => {
  for (const scales of [[1, 1, 1], [1e-100, 1, 1e100], [1, 0, 3]]) {
    const b = new Matrix([[2, 1, 0], [1, 3, 1], [0, 1, 1], [1, 0, 2]]).mulRowVector(scales);
    const g = b.transpose().mmul(b);
    const { root, inverse } = gramRoot(g)!;
    const kept = scales.filter((scale) => scale > 0).length;
    assert.deepEqual([root.columns, inverse.columns], [kept, kept]);
    const least = scales.map((scale) => scale === 0 ? 0 : 1 / scale);
    const unscaled = (m: Matrix) =>
      m.clone().mulColumnVector(least).mulRowVector(least).to1DArray();
    const rebuilt = unscaled(root.mmul(root.transpose()));
    unscaled(g).forEach((entry, i) => assert(Math.abs(entry - rebuilt[i]) < 1e-12));
    const white = b.mmul(inverse);
    const identity = white.transpose().mmul(white).sub(Matrix.eye(kept));
    assert(identity.abs().max() < 1e-12);
  }
  assert.equal(gramRoot(Matrix.zeros(2, 2)), null);
});

Deno.test("gramRoot() leaves out directions that are rounding, up to its tolerance", () => {
  const b = new Matrix([[1, 1], [1, 1 + 1e-5]]);
  const g = b.transpose().mmul(b);
  assert.equal(gramRoot(g)!.root.columns, 2);
  assert.equal(gramRoot(g, 1e-9)!.root.columns, 1);
});
