import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { clusterRecovery, cosineSimilarity } from "cosine-lab";
import { spearman, withinClusterSimilarity } from "cosine-lab/evaluation";
import { assertClose } from "../assert_close.ts";

const labels = [0, 1, 0, 0, 1];
const s = cosineSimilarity(new Matrix([[1, 2], [3, 1], [0, 1], [2, 2], [1, -1]]));

Deno.test("withinClusterSimilarity() by hand", () => {
  const means = withinClusterSimilarity(s, labels);
  assertClose(means[0], (s.get(0, 2) + s.get(0, 3)) / 2, 1e-15);
  assertClose(means[1], s.get(1, 4), 1e-15);
});

Deno.test("withinClusterSimilarity(): weighted by cluster it is clusterRecovery()'s", () => {
  const means = withinClusterSimilarity(s, labels);
  // An item of a cluster of three is in two pairs, one of a cluster of two in one.
  const total = means.reduce((sum, mean, i) => sum + mean * (labels[i] === 0 ? 2 : 1), 0);
  assertClose(total / 8, clusterRecovery(s, labels, { neighbors: 1 }).within, 1e-14);
});

Deno.test("withinClusterSimilarity() and spearman() reject bad input", () => {
  assert.throws(() => withinClusterSimilarity(new Matrix(2, 3), [0, 0]), RangeError);
  assert.throws(() => withinClusterSimilarity(s, [0, 1]), /a label for each of the 5 items/);
  assert.throws(() => spearman([1, 2], [1]), /they have 2 and 1/);
  assert.throws(() => spearman([1, NaN], [1, 2]), /finite/);
  assert.throws(() => spearman([1, 1], [1, 2]), /values must differ/);
  assert.throws(() => spearman(undefined as never, [1]), TypeError);
});

Deno.test("spearman() averages ties", () => {
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 over √(4.5 · 5).
  assertClose(spearman([0, 7, 7, 9], [1, 2, 3, 4]), 4.5 / Math.sqrt(4.5 * 5), 1e-15);
});
