import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { rowsOfMatrix, scanRows } from "../../../lib/audit/rows.ts";
import { anchorNeighbors, sharedNeighbors } from "../../../lib/audit/neighbor_search.ts";
import { attainableCosines } from "../../../lib/audit/measures/attainable.ts";
import { flat } from "../../../lib/audit/measures/canonical_sample.ts";
import { equalRows } from "../../../lib/audit/measures/duplicates.ts";
import { neighborGraph } from "../../../lib/audit/audit_embeddings.ts";
import { hubness } from "../../../lib/audit/measures/hubness.ts";
import { noiseTest } from "../../../lib/audit/measures/noise.ts";
import { queryItems } from "../../../lib/audit/measures/queries.ts";
import { rogueCoordinates } from "../../../lib/audit/measures/coordinates.ts";
import { secondMoments, userBalance } from "../../../lib/audit/measures/users.ts";
import { gradedNdcg } from "../../../lib/evaluation/ndcg.ts";
import { attainableInterval } from "cosine-lab/arbitrariness";
import { clustered, gaussianNoise } from "../table_files.ts";

const sampleOf = (B: Matrix) => ({
  indices: Uint32Array.from({ length: B.rows }, (_, i) => i),
  values: flat(B),
  columns: B.columns,
});

Deno.test("neighbors are the nearest, ties by row, and shares have their error", () => {
  const values = Float64Array.of(1, 0, 2, 0, 1, 1, 0, 0, 0, 3);
  const anchors = Uint32Array.of(0, 4);
  assert.deepEqual([...anchorNeighbors(values, 2, anchors, 2, "cosine")], [1, 2, 2, 0]);
  assert.deepEqual([...anchorNeighbors(values, 2, anchors, 2, "dot")], [1, 2, 2, 0]);
  const { value, error } = sharedNeighbors(
    Uint32Array.of(1, 2, 3, 4),
    Uint32Array.of(2, 1, 5, 6),
    2,
  );
  assert.deepEqual([value, error], [0.5, 0.5]);
});

Deno.test("a hub is a neighbor of all: three rows around it count once in five", () => {
  // Row 0 is the mean direction: the nearest of each of the others, which are far from each other.
  const values = Float64Array.from([[1, 1, 1, 1], ...new Matrix(4, 4).fill(0).to2DArray()].flat());
  for (let i = 1; i < 5; i++) values[i * 4 + i - 1] = 1;
  const { skewness, largest, items } = hubness(neighborGraph(values, 4, 5, 1), 1);
  assert.deepEqual([items, largest], [5, 0.8]);
  // Row 1 is row 0's neighbor, so the counts are 4, 1, 0, 0, 0.
  const second = (9 + 0 + 1 + 1 + 1) / 5, third = (27 - 3) / 5;
  assert(Math.abs(skewness - third / second ** 1.5) < 1e-12);
});

Deno.test("noise is within chance as often as it should be, and structure never is", () => {
  const distances = Array.from({ length: 40 }, (_, seed) => {
    const B = gaussianNoise({ items: 120, dimensions: 30, seed: `noise ${seed}` });
    return noiseTest(sampleOf(B), seedrandom.alea("noise")).fromUniform;
  });
  // The largest of four standard normal distances: half of them are below 1.4.
  const below = distances.filter((distance) => distance < 1.4).length;
  assert(below > 8 && below < 32, `${below} of 40`);
  for (let seed = 0; seed < 5; seed++) {
    const B = clustered({ items: 120, dimensions: 30, seed: `structure ${seed}` }, 1);
    assert.equal(noiseTest(sampleOf(B), seedrandom.alea("noise")).noise, false);
  }
  // One twin in sixty is enough.
  const twins = gaussianNoise({ items: 120, dimensions: 64, seed: "twins" });
  for (const i of [0, 60]) twins.setRow(i + 1, twins.getRow(i).map((x) => x + 0.1));
  assert.equal(noiseTest(sampleOf(twins), seedrandom.alea("noise")).noise, false);
  // Independent coordinates of any mean and scale are noise too.
  const random = seedrandom.alea("uniform");
  const uniform = new Matrix(
    Array.from({ length: 300 }, () => Array.from({ length: 40 }, (_, c) => random() * (c + 1))),
  );
  assert.equal(noiseTest(sampleOf(uniform), seedrandom.alea("noise")).noise, true);
});

Deno.test("rogue coordinates are few and far from the others", () => {
  const B = gaussianNoise({ items: 200, dimensions: 20, seed: "rogue" });
  assert.deepEqual(rogueCoordinates(sampleOf(B)).coordinates, []);
  B.mulColumn(7, 30);
  const { coordinates, total } = rogueCoordinates(sampleOf(B));
  assert.deepEqual(coordinates, [7]);
  assert(total > 0.7 && total < 1);
});

Deno.test("equal rows are counted, −0 like 0, and no others", () => {
  const B = new Matrix([[0, 1], [-0, 1], [1, 0], [0, 0], [0, 0], [0.6, 0.8], [0, 1]]);
  const rows = rowsOfMatrix(B);
  const { norms } = scanRows("items", rows);
  assert.deepEqual(equalRows(rows, norms), [[0, 1, 6]]);
  const pairs = rowsOfMatrix(new Matrix([[3, 1], [2, 2], [1, 3], [3, 1], [2, 2], [2, 2]]));
  assert.deepEqual(equalRows(pairs, scanRows("items", pairs).norms), [[0, 3], [1, 4, 5]]);
});

Deno.test("what a cosine can be moved to depends on it alone", () => {
  const B = gaussianNoise({ items: 2, dimensions: 9, seed: "attainable" });
  const [a, b] = B.to2DArray();
  const cosine = a.reduce((sum, x, i) => sum + x * b[i], 0) / Math.hypot(...a) / Math.hypot(...b);
  const { min, max } = attainableInterval(a, b, { condition: 3, freedom: "linear" });
  const [{ width }] = attainableCosines(Float64Array.of(cosine), [3]);
  assert(Math.abs(width.p50 - (max - min)) < 1e-12);
});

Deno.test("second moments are XᵀWX, in several pieces", () => {
  const X = gaussianNoise({ items: 2500, dimensions: 4, seed: "moments" });
  const weights = Array.from({ length: 2500 }, (_, i) => i % 3);
  const expected = X.transpose().mmul(Matrix.diag(weights).mmul(X));
  const { moments, rows } = secondMoments(rowsOfMatrix(X), weights);
  assert.equal(rows, 2500);
  assert(Matrix.sub(moments, expected).norm() < 1e-9);
});

Deno.test("a part of balanced users is consistent with all of them", () => {
  const Q = gaussianNoise({ items: 50, dimensions: 4, seed: "items" });
  const P = Matrix.mul(Q, 1).subMatrix(0, 11, 0, 3).mul(0.99);
  P.mulColumn(2, 0.2);
  const balance = (users: Matrix) => {
    const items = rowsOfMatrix(Q);
    const { norms } = scanRows("items", items);
    return userBalance(items, norms, { users: rowsOfMatrix(users) }).balance;
  };
  const part = balance(P);
  assert(part.imbalance > 0.1);
  assert.equal(part.consistentAsPart, true);
  assert.equal(balance(Matrix.mul(P, 10)).consistentAsPart, false);
});

Deno.test("NDCG of queries is that of the two lists of their nearest items", () => {
  const items = new Matrix([[1, 0], [0.9, 0.1], [5, 5], [0, 1]]);
  const queries = new Matrix([[1, 0]]);
  const found = queryItems(rowsOfMatrix(items), rowsOfMatrix(queries), {
    neighbors: 2,
    free: false,
    pairs: { queries: [0, 0], items: [0, 1], weights: [2, 1] },
    sample: sampleOf(items),
    itemNearest: 1,
    randomHigh: 1,
    random: seedrandom.alea("queries"),
  });
  const weights = new Map([[0, 2], [1, 1]]);
  // By dot product items 2 and 0 come first, by cosine 0 and 1.
  assert(Math.abs(found.ndcg!.dot.value - gradedNdcg([2, 0], weights)) < 1e-12);
  assert(Math.abs(found.ndcg!.cosine.value - gradedNdcg([0, 1], weights)) < 1e-12);
  assert.equal(found.overlap.value, 0.5);
});
