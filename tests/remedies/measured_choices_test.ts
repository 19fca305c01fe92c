import assert from "node:assert/strict";
import { simulateInteractions } from "cosine-lab";
import {
  choiceRow,
  chosenSimilarity,
  measureChoices,
  splitTruth,
  tuneRanks,
  userRankings,
} from "cosine-lab/remedies";
import { assertClose } from "../assert_close.ts";

const { interactions, clusters } = simulateInteractions({ users: 600, items: 60, seed: "measure" });
const kinds = { cluster: { labels: clusters } };
const options = { ranks: [2, 5, 10], pairs: 20_000, seed: "s" };
const measured = measureChoices({ interactions, kinds }, { ...options, splits: 2 });

Deno.test("measureChoices() measures each split with a λ and a rank of its own", () => {
  const rows = ["s", "s 2"].map((seed, split) => {
    const { train, validation, test } = splitTruth(interactions, { seed });
    const tuned = tuneRanks(train, validation, { ranks: options.ranks });
    assert.equal(measured.tuning[split].denoising.lambda, tuned.denoising.lambda);
    assert.equal(measured.tuning[split].denoising.rank, tuned.denoising.rank);
    assertClose(measured.dot.splits[split], userRankings(tuned, test).dot.mean, 1e-12);
    const popularity = tuned.gram.diag();
    return choiceRow(chosenSimilarity("even split", tuned), { kinds, test, popularity });
  });
  const { auc } = measured.choices["even split"].kinds.cluster;
  const each = rows.map((row) => row.kinds.cluster.auc);
  assert.deepEqual(auc.splits, each.map(({ mean }) => mean));
  assertClose(auc.mean, (each[0].mean + each[1].mean) / 2, 1e-12);
  assert.equal(auc.low, Math.min(...each.map(({ low }) => low)));
  assert.equal(auc.high, Math.max(...each.map(({ high }) => high)));
  const one = measureChoices({ interactions, kinds }, { ...options, splits: 1 });
  assert.equal(one.choices["even split"].kinds.cluster.auc.mean, each[0].mean);
});

Deno.test("measureChoices(): of swapped data only what was kept is left", () => {
  const { unscaled, dot, swapped, shuffledKinds, choices, averages, byRank } = measured;
  // V dMat Vᵀ, the dot products under D = I, are the predictions.
  assertClose(unscaled["D = I"].mean, dot.mean, 1e-9);
  // In the simulation the kinds and popularity are all there is.
  assert(Math.abs(swapped["within kinds"].dot.mean - dot.mean) < 0.1);
  const { "within kinds": kept, "within tenths of popularity": popular } = swapped;
  assert(popular.dot.mean < kept.dot.mean - 0.03);
  assert(Math.abs(popular.dot.mean - measured.popularity.mean) < 0.02);
  assert(shuffledKinds["original space"].auc < choices["original space"].kinds.cluster.auc.low);
  assert.equal(averages["skip-gram, mean"].kinds.cluster.auc.mean > 0.5, true);
  assert.deepEqual(byRank.map(({ rank }) => rank), options.ranks);
  for (const { dot, cosine, lead } of byRank) {
    const best = Math.max(...Object.values(cosine).map(({ mean }) => mean));
    assertClose(lead.mean, dot.mean - best, 1e-12);
  }
});

Deno.test("measureChoices() finds the rare ones among the long tail alone, which is harder", () => {
  assert(measured.tail.dot.mean < measured.dot.mean);
});

Deno.test("measureChoices() tries doubled ranks by default, and refuses what is out of bounds", () => {
  const truth = { interactions, kinds };
  const { byRank } = measureChoices(truth, { splits: 1, pairs: 1_000 });
  assert.deepEqual(byRank.map(({ rank }) => rank), [5, 10, 20, 50, 60]);
  assert.throws(() => measureChoices(truth, { splits: 0 }), RangeError);
  assert.throws(() => measureChoices(truth, { ranks: [61] }), RangeError);
  assert.throws(() => measureChoices(truth, { rank: [5] } as object), /rank/);
});
