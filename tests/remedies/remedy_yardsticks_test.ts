import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import {
  clusterRecovery,
  neighborOverlap,
  neighborPrecision,
  popularityBias,
  sameClusterAuc,
} from "cosine-lab";
import { remedyYardsticks } from "cosine-lab/remedies";
import { assertClose } from "../assert_close.ts";

/** Symmetric similarities of 30 items with 1 on the diagonal, all different. */
function similarities(shift: number): Matrix {
  const s = Matrix.eye(30);
  for (let i = 0; i < 30; i++) {
    for (let j = 0; j < i; j++) {
      const value = Math.sin(i * 7 + j * 13 + shift) * 0.5 + ((i - j) % 3 === 0 ? 0.4 : 0);
      s.set(i, j, value);
      s.set(j, i, value);
    }
  }
  return s;
}

const labels = Array.from({ length: 30 }, (_, i) => i % 3);
const popularity = labels.map((_, i) => 1000 - i * i);
const [s, t, v] = [0, 0.3, 0.9].map(similarities);

Deno.test("remedyYardsticks() are the metrics of the library, over the choices", () => {
  const found = remedyYardsticks([s, t, v], { labels, popularity, k: 4 });
  const over = (metric: (m: Matrix) => number) => {
    const values = [s, t, v].map(metric);
    return { given: values[0], min: Math.min(...values), max: Math.max(...values) };
  };
  assert.deepEqual(found.auc, over((m) => sameClusterAuc(m, labels)));
  assert.deepEqual(found.precision, over((m) => neighborPrecision(m, labels, 4)));
  assert.deepEqual(found.popularityBias, over((m) => popularityBias(m, popularity, 4)));
  const pairs = [[s, t], [s, v], [t, v]].map(([a, b]) => neighborOverlap(a, b, 4));
  assertClose(found.neighborOverlap, (pairs[0] + pairs[1] + pairs[2]) / 3, 1e-12);
  assertClose(found.leastOverlap, Math.min(...pairs), 1e-12);
});

Deno.test("remedyYardsticks(): k is 10 by default", () => {
  const { precision, auc } = remedyYardsticks([s], { labels, popularity });
  const expected = clusterRecovery(s, labels, { neighbors: 10 });
  assert.equal(precision.given, expected.precision);
  assert.equal(auc.given, expected.auc);
});

Deno.test("remedyYardsticks(): changes are the range of each similarity over the choices", () => {
  const choices = [[0.5, 0, 0.1], [0.2, 0, 0.3], [0.3, 0.4, 0.2]].map(([a, b, c]) =>
    new Matrix([[1, a, b], [a, 1, c], [b, c, 1]])
  );
  const options = { labels: [0, 0, 1], popularity: [3, 2, 1], k: 1 };
  const found = remedyYardsticks(choices, options);
  assertClose(found.largestChange, 0.4, 1e-15);
  assertClose(found.meanChange, (0.3 + 0.4 + 0.2) / 3, 1e-15);
  // Dot products are measured in units of their largest one, for each choice by itself.
  const scaled = remedyYardsticks(choices.map((m, i) => Matrix.mul(m, 10 ** i)), options);
  assertClose(scaled.largestChange, 0.4, 1e-15);
});

Deno.test("remedyYardsticks(): the least popular third, by hand", () => {
  // Nearest: 0 and 1 to each other, 2 to 0, 3 to 2, 4 and 5 to each other.
  const near = new Matrix(6, 6);
  for (const [i, j, value] of [[0, 1, 0.9], [2, 0, 0.5], [3, 2, 0.4], [4, 5, 0.8]]) {
    near.set(i, j, value);
    near.set(j, i, value);
  }
  const options = { labels: [0, 0, 1, 1, 0, 1], popularity: [60, 50, 10, 20, 30, 40], k: 1 };
  const { rarePrecision, precision } = remedyYardsticks([near], options);
  // Items 2 and 3: the neighbor of 2 is of another cluster, that of 3 of its own.
  assert.equal(rarePrecision.given, 0.5);
  assert.equal(precision.given, 3 / 6);
});

Deno.test("remedyYardsticks(): what differs by rounding is the same", () => {
  const rounded = s.clone();
  rounded.apply((i, j) => i !== j && rounded.set(i, j, s.get(i, j) * (1 + 1e-15)));
  const found = remedyYardsticks([s, rounded], { labels, popularity });
  assert.equal(found.neighborOverlap, 1);
  assert.equal(found.auc.min, found.auc.max);
  assert(found.largestChange < 1e-14);
});

Deno.test("remedyYardsticks(): without differences in popularity its bias is NaN", () => {
  const flat = remedyYardsticks([s], { labels, popularity: labels.map(() => 1) });
  assert(Number.isNaN(flat.popularityBias.given));
  const zeros = remedyYardsticks([Matrix.zeros(30, 30)], { labels, popularity, k: 29 });
  assert.equal(zeros.auc.given, 0.5);
  assert.equal(zeros.largestChange, 0);
});

Deno.test("remedyYardsticks() rejects bad input", () => {
  const measure = (list: unknown, options: unknown = { labels, popularity }) =>
    remedyYardsticks(list as never, options as never);
  assert.throws(() => measure(s), /TypeError.*array of matrices/);
  assert.throws(() => measure([]), /RangeError.*at least one matrix/);
  assert.throws(() => measure([s, 1]), /TypeError.*similarities\[1\] must be an ml-matrix Matrix/);
  assert.throws(() => measure([s, Matrix.eye(3)]), /RangeError.*of 30 and 3/);
  assert.throws(() => measure([s], null), TypeError);
  assert.throws(() => measure([s], { labels: [1], popularity }), /RangeError.*label for each/);
  assert.throws(() => measure([s], { labels, popularity: [1] }), /RangeError.*popularity/);
  assert.throws(() => measure([s], { labels, popularity, k: 30 }), /RangeError.*1 and 29/);
});
