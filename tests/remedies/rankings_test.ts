import {
  clusterSimilarity,
  cosineSimilarity,
  denoisingEmbeddings,
  Interactions,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { holdOutItems, rankingAccuracy, splitUsers } from "cosine-lab/evaluation";
import { neighborRanking } from "cosine-lab/remedies";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { assertClose } from "../assert_close.ts";

const { interactions, clusters } = simulateInteractions({ users: 400, items: 60, seed: "near" });
const { train, test } = splitUsers(interactions, { validation: 1, test: 100, seed: "s" });
const { given, heldOut } = holdOutItems(test, { share: 0.2, seed: "s" });
const similarity = cosineSimilarity(
  denoisingEmbeddings(truncatedSVD(train, { rank: 8 }), { lambda: 100 }).B,
);

/** The definition, by full sorts and sums over all pairs. */
function byDefinition(s: Matrix, neighbors: number, whose: "scored" | "given") {
  const rows = s.to2DArray();
  const near = rows.map((row, i) =>
    new Set(
      row.map((_, j) => j).filter((j) => j !== i).sort((a, b) => row[b] - row[a] || a - b)
        .slice(0, neighbors),
    )
  );
  const x = given.toDense();
  return rankingAccuracy(
    (u, scores) => {
      scores.forEach((_, j) => {
        scores[j] = x.getRow(u).reduce((sum, has, i) => {
          const counts = whose === "scored" ? near[j].has(i) : near[i].has(j);
          return sum + (has && counts ? rows[i][j] : 0);
        }, 0);
      });
    },
    given,
    heldOut,
  );
}

Deno.test("neighborRanking: the sums of similarities to an item's neighbors among the user's", () => {
  for (const whose of ["scored", "given"] as const) {
    for (const neighbors of [1, 7, 59]) {
      const found = neighborRanking(similarity, given, heldOut, { neighbors, of: whose });
      const expected = byDefinition(similarity, neighbors, whose);
      assertClose(found.ndcgAt100.values as number[], expected.ndcgAt100.values as number[], 1e-9);
      assertClose(found.recallAt20.mean, expected.recallAt20.mean, 1e-9);
    }
  }
});

Deno.test("neighborRanking: by hand, and whose neighbors count", () => {
  // The nearest of items 0 to 3 are 1, 0, 0 and 1.
  const s = new Matrix([
    [1, 0.9, 0.6, 0.1],
    [0.9, 1, 0.2, 0.5],
    [0.6, 0.2, 1, 0.3],
    [0.1, 0.5, 0.3, 1],
  ]);
  // Both users have item 1 and want item 3.
  const has = Interactions.fromDense([[0, 1, 0, 0], [0, 1, 0, 0]]);
  const wants = Interactions.fromDense([[0, 0, 0, 1], [0, 0, 0, 1]]);
  const ndcg = (neighborsOf: "scored" | "given") =>
    neighborRanking(s, has, wants, { neighbors: 1, of: neighborsOf }).ndcgAt100.values;
  // Item 1 is the nearest of items 0 and 3: their scores are 0.9 and 0.5.
  assert.deepEqual(ndcg("scored"), [1 / Math.log2(3), 1 / Math.log2(3)]);
  // Item 1 votes for item 0 alone; items 2 and 3 are tied.
  assert.deepEqual(ndcg("given"), [1 / Math.log2(4), 1 / Math.log2(4)]);
});

Deno.test("neighborRanking: normalized, a score is divided by the similarities to all neighbors", () => {
  const s = new Matrix([
    [1, 0.9, 0.8, 0.1],
    [0.9, 1, 0.2, 0.5],
    [0.8, 0.2, 1, -0.3],
    [0.1, 0.5, -0.3, 1],
  ]);
  // Both users have item 1 and want item 3: its score is 0.5 of |0.5| + |0.1|, that of item 0 only
  // 0.9 of 0.9 + 0.8, though the larger sum; that of item 2 is 0.2 of 0.8 + 0.2.
  const has = Interactions.fromDense([[0, 1, 0, 0], [0, 1, 0, 0]]);
  const wants = Interactions.fromDense([[0, 0, 0, 1], [0, 0, 0, 1]]);
  const ndcg = (normalize: boolean) =>
    neighborRanking(s, has, wants, { neighbors: 2, normalize }).ndcgAt100.values[0];
  assert.equal(ndcg(false), 1 / Math.log2(3));
  assert.equal(ndcg(true), 1);
  const weighted = neighborRanking(s, has, wants, { neighbors: 2, weights: [1, 1, 1, 2] });
  assert.equal(weighted.ndcgAt100.values[0], 1);
  assert.throws(
    () => neighborRanking(s, has, wants, { weights: [1, 2] }),
    /weight for each of the 4/,
  );
  assert.throws(
    () => neighborRanking(s, has, wants, { of: "given", normalize: true }),
    /of must be "scored"/,
  );
});

Deno.test("neighborRanking: a scale of all similarities, and their rounding, change nothing", () => {
  const ranked = (s: Matrix) => neighborRanking(s, given, heldOut, { neighbors: 10 }).ndcgAt100;
  assert.deepEqual(ranked(Matrix.mul(similarity, 7)), ranked(similarity));
  const noise = similarity.clone();
  noise.apply((i, j) =>
    noise.set(i, j, noise.get(i, j) * (1 + ((i * 31 + j * 17) % 7 - 3) * 1e-16))
  );
  assert.deepEqual(ranked(noise), ranked(similarity));
});

Deno.test("neighborRanking: similarities that know something beat those that do not", () => {
  const ndcg = (s: Matrix) => neighborRanking(s, given, heldOut, { neighbors: 20 }).ndcgAt100.mean;
  assert(ndcg(similarity) > 1.2 * ndcg(Matrix.eye(60)));
  assert(ndcg(clusterSimilarity(clusters)) > 1.1 * ndcg(Matrix.eye(60)));
});

Deno.test("neighborRanking rejects bad input", () => {
  assert.throws(() => neighborRanking(new Matrix([[1, 0]]), given, heldOut), RangeError);
  assert.throws(() => neighborRanking(Matrix.eye(3), given, heldOut), /of 3 and 60/);
  assert.throws(() => neighborRanking(similarity, train, heldOut), RangeError);
  const ranked = (options: object) => () =>
    neighborRanking(similarity, given, heldOut, options as never);
  assert.throws(ranked({ neighbors: 60 }), /RangeError.*between 1 and 59/);
  assert.throws(ranked({ of: "all" }), /RangeError.*"scored" or "given"/);
  assert.throws(ranked({ k: 3 }), /TypeError.*no option "k"/);
});
