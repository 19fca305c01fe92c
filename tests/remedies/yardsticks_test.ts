import {
  cosineSimilarity,
  denoisingEmbeddings,
  gram,
  neighborOverlap,
  neighborPrecision,
  sameClusterAuc,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import {
  equivalentEmbeddings,
  gramCosines,
  similaritySpread,
  similarityYardsticks,
} from "cosine-lab/remedies";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { interactions as anyInteractions } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";

const { interactions, clusters: labels } = simulateInteractions({
  users: 500,
  items: 120,
  seed: "yardsticks",
});
const model = denoisingEmbeddings(truncatedSVD(interactions, { rank: 6 }), { lambda: 100 });
const s = cosineSimilarity(model.B);
const popularity = Array.from({ length: 120 }, (_, i) => (i * 37) % 120);

Deno.test("similarityYardsticks: AUC and precision are those of their functions", () => {
  const found = similarityYardsticks(s, { labels, popularity });
  assertClose(found.auc, sameClusterAuc(s, labels), 1e-6);
  assertClose(found.precisionAt10, neighborPrecision(s, labels, 10), 1e-12);
  assertClose(found.precisionAt100, neighborPrecision(s, labels, 100), 1e-12);
});

Deno.test("similarityYardsticks: rare are the least popular third, whose neighbors may be any item", () => {
  const found = similarityYardsticks(s, { labels, popularity });
  const rows = s.to2DArray();
  const rare = popularity.map((_, i) => i).filter((i) => popularity[i] < 40);
  const shares = rare.flatMap((i) =>
    rows[i].map((_, j) => j).filter((j) => j !== i).sort((a, b) => rows[i][b] - rows[i][a])
      .slice(0, 10).map((j) => Number(labels[j] === labels[i]))
  );
  const expected = shares.reduce((sum, share) => sum + share) / shares.length;
  assertClose(found.rarePrecisionAt10, expected, 1e-12);
});

Deno.test("similarityYardsticks: a unit, and rounding, change nothing", () => {
  const found = similarityYardsticks(s, { labels, popularity });
  assert.deepEqual(similarityYardsticks(Matrix.mul(s, 1000), { labels, popularity }), found);
});

Deno.test("similaritySpread: the range over choices, and what two of them share", () => {
  const choices = equivalentEmbeddings(model).map(({ B }) => cosineSimilarity(B));
  const { leastAuc, mostAuc, largestChange, neighborsKept } = similaritySpread(choices, labels);
  const aucs = choices.map((one) => sameClusterAuc(one, labels));
  assertClose([leastAuc, mostAuc], [Math.min(...aucs), Math.max(...aucs)], 1e-6);
  const changes = choices.map((one) => Matrix.sub(one, choices[0]).abs().max());
  assertClose(largestChange, Math.max(...changes), 1e-12);
  const pair = similaritySpread(choices.slice(0, 2), labels);
  assertClose(pair.neighborsKept, neighborOverlap(choices[0], choices[1], 10), 1e-12);
  assert(neighborsKept < 0.9);
  assert.equal(similaritySpread([s], labels).neighborsKept, 1);
});

Deno.test("similarityYardsticks and similaritySpread reject bad input", () => {
  assert.throws(() => similarityYardsticks(null as never, { labels, popularity }), TypeError);
  assert.throws(() => similarityYardsticks(s, { labels: [1], popularity }), RangeError);
  assert.throws(() => similarityYardsticks(s, { labels, popularity: [1] }), /each of the 120/);
  assert.throws(() => similarityYardsticks(s, { labels, popularity, k: 1 } as never), /no option/);
  assert.throws(() => similaritySpread(s as never, labels), TypeError);
  assert.throws(() => similaritySpread([], labels), RangeError);
  assert.throws(() => similaritySpread([s, Matrix.eye(20)], labels), RangeError);
});

Deno.test("gramCosines() are the cosines of the columns of X", () => {
  fc.assert(fc.property(anyInteractions, (x) => {
    assertClose(gramCosines(gram(x)), cosineSimilarity(x.toDense().transpose()), 1e-12);
  }));
});

Deno.test("gramCosines() rejects what is no Gram matrix", () => {
  assert.throws(() => gramCosines(new Matrix(2, 3)), RangeError);
  assert.throws(() => gramCosines([[1]] as never), TypeError);
});
