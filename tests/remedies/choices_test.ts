import assert from "node:assert/strict";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  largestDifference,
  neighborPrecision,
  sameClusterAuc,
  simulateInteractions,
  weightDecayEmbeddings,
} from "cosine-lab";
import { evaluateRanking, rankingAccuracy } from "cosine-lab/evaluation";
import {
  chanceOf,
  choiceRow,
  chosenSimilarity,
  gramCosines,
  kindYardsticks,
  neighborRanking,
  PLANE_CHOICES,
  planeItems,
  type SimilarityChoice,
  splitTruth,
  tuneRanks,
  userRankings,
} from "cosine-lab/remedies";
import { assertClose } from "../assert_close.ts";

const { interactions, clusters } = simulateInteractions({ users: 600, items: 60, seed: "choices" });
const { train, validation, test } = splitTruth(interactions);
const tuned = tuneRanks(train, validation, { ranks: [2, 5, 10, 60] });

Deno.test("splitTruth() splits as it says, by its seed", () => {
  // Users with one item have none to hold out.
  const two = (users: number) => users > 0.85 && users <= 1;
  assert.equal(train.users, 350);
  assert(two(validation.given.users / 100) && two(test.given.users / 150));
  const again = splitTruth(interactions, { seed: "another" });
  assert.notDeepEqual(again.train.columnIndices, train.columnIndices);
  assert.throws(() => splitTruth(interactions, { sead: "x" } as object), /sead/);
});

Deno.test("tuneRanks() takes a λ between worse ones, and the smallest rank that is as good", () => {
  for (const { lambda, tried, accuracy, rank } of [...tuned.denoisingByRank, tuned.weightDecay]) {
    const at = tried.findIndex((each) => each.lambda === lambda);
    assert(at > 0 && at < tried.length - 1, `rank ${rank}: the grid does not bracket ${lambda}`);
    assert.equal(accuracy, Math.max(...tried.map((each) => each.accuracy)));
  }
  for (const { rank, lambda, accuracy } of tuned.denoisingByRank) {
    const model = denoisingEmbeddings(tuned.svd, { lambda, rank });
    const { mean } = evaluateRanking(model, validation.given, validation.heldOut).ndcgAt100;
    assertClose(mean, accuracy, 1e-9);
  }
  const { denoising, denoisingByRank } = tuned;
  assert(denoising.behind <= 1);
  for (const { rank, behind } of denoisingByRank) if (rank < denoising.rank) assert(behind > 1);
  assert.throws(() => tuneRanks(train, validation, { ranks: [5, 5] }), RangeError);
  assert.throws(() => tuneRanks(train, validation, { ranks: [] }), RangeError);
  assert.throws(() => tuneRanks(train, validation, { ranks: [61] }), RangeError);
});

Deno.test("chosenSimilarity() is the cosine of what it names", () => {
  const { rank, lambda } = tuned.denoising;
  const { B } = denoisingEmbeddings(tuned.svd, { lambda, rank });
  const same = (
    choice: SimilarityChoice,
    expected: Parameters<typeof cosineSimilarity>[0],
  ) => assert(largestDifference(chosenSimilarity(choice, tuned), expected) < 1e-9, choice);
  same("D = I", cosineSimilarity(B));
  same("whitening", cosineSimilarity(planeItems(tuned.svd, { lambda, rank, sigma: 0, dMat: 0 })));
  same("columns", gramCosines(tuned.gram));
  same(
    "Eq. 2",
    cosineSimilarity(weightDecayEmbeddings(tuned.svd, { lambda: tuned.weightDecay.lambda }).B),
  );
  const { A, B: items } = denoisingEmbeddings(tuned.svd, { lambda, rank });
  const smoothed = train.toDense().mmul(A).mmul(items.transpose());
  same("original space", cosineSimilarity(smoothed.transpose()));
  const narrow = chosenSimilarity("D = I", tuned, { rank: 2, lambda: 7 });
  const two = denoisingEmbeddings(tuned.svd, { lambda: 7, rank: 2 });
  assert(largestDifference(narrow, cosineSimilarity(two.B)) < 1e-9);
  assert.throws(() => chosenSimilarity("D = 2" as "D = I", tuned), /there are whitening, D = I/);
});

Deno.test("kindYardsticks() and choiceRow() agree with the measures that they are made of", () => {
  const s = chosenSimilarity("D = I", tuned);
  const { kinds, recommend, recommendNormalized, recommendFromAll, reference } = choiceRow(s, {
    kinds: { cluster: { labels: clusters } },
    test,
    popularity: tuned.gram.diag(),
    reference: s,
  });
  assertClose(kinds.cluster.auc.mean, sameClusterAuc(s, clusters), 1e-9);
  assertClose(kinds.cluster.precisionAt10.mean, neighborPrecision(s, clusters, 10), 1e-12);
  const ranked = (normalize: boolean) =>
    neighborRanking(s, test.given, test.heldOut, { normalize }).ndcgAt100.mean;
  assertClose(recommend.mean, ranked(false), 1e-12);
  assertClose(recommendNormalized.mean, ranked(true), 1e-12);
  // √popularity_j Σᵢ s(i, j) over the items i that the user has.
  const scores = test.given.toDense().mmul(s).mulRowVector(tuned.gram.diag().map(Math.sqrt));
  const all = rankingAccuracy(
    (user, into) => into.set(scores.getRow(user).map((score) => Math.round(score * 1e9))),
    test.given,
    test.heldOut,
  );
  assertClose(recommendFromAll.mean, all.ndcgAt100.mean, 1e-3);
  assertClose(reference!.mean, 1, 1e-9);
});

Deno.test("kindYardsticks() of some items sees those alone, and weighs kinds alike by macro average", () => {
  const s = chosenSimilarity("original space", tuned);
  const items = Array.from({ length: 60 }, (_, i) => i).filter((i) => clusters[i] !== 0);
  const some = kindYardsticks(s, { labels: clusters, items });
  const labels = items.map((i) => clusters[i]);
  assertClose(some.auc.mean, sameClusterAuc(s.selection(items, items), labels), 1e-9);
  assert(chanceOf({ labels: clusters, items }) > chanceOf({ labels: clusters }));
  // 20 items of kind 0 that find each other, 4 of kind 1 that do not.
  const kinds = Array.from({ length: 24 }, (_, i) => i < 20 ? 0 : 1);
  const flat = gramCosines(tuned.gram).selection([...kinds.keys()], [...kinds.keys()]);
  for (let i = 0; i < 24; i++) {
    for (let j = 0; j < 24; j++) flat.set(i, j, i === j ? 1 : kinds[j] === 0 ? 0.5 : 0.1);
  }
  const { precisionAt10, macroPrecisionAt10 } = kindYardsticks(flat, { labels: kinds });
  assertClose(precisionAt10.mean, 20 / 24, 1e-12);
  assert.equal(macroPrecisionAt10, 0.5);
});

Deno.test("userRankings() ranks by predictions, and by the cosine of users and items under each D", () => {
  const { dot, cosine, lead } = userRankings(tuned, test);
  const { rank, lambda } = tuned.denoising;
  const model = denoisingEmbeddings(tuned.svd, { lambda, rank });
  assertClose(dot.mean, evaluateRanking(model, test.given, test.heldOut).ndcgAt100.mean, 1e-9);
  assert.deepEqual(Object.keys(cosine), Object.keys(PLANE_CHOICES));
  for (const [name, { mean }] of Object.entries(lead)) {
    assertClose(mean, dot.mean - cosine[name].mean, 1e-12);
  }
  const items = planeItems(tuned.svd, { lambda, rank, ...PLANE_CHOICES["even split"] });
  const lengths = items.to2DArray().map((row) => Math.hypot(...row));
  const unit = model.B.clone().divColumnVector(lengths);
  const byCosine = evaluateRanking({ A: model.A, B: unit }, test.given, test.heldOut).ndcgAt100;
  assertClose(cosine["even split"].mean, byCosine.mean, 1e-9);
  // The rows of B have other lengths under another D.
  assert(new Set(Object.values(cosine).map(({ mean }) => mean)).size > 3);
  const whole = userRankings(tuned, test, { rank: 60 });
  // Section 2.2: at full rank and D = dMat^½ all items have length 1.
  assertClose(whole.cosine.whitening.mean, whole.dot.mean, 1e-9);
});
