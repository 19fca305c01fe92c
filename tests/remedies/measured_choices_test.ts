import assert from "node:assert/strict";
import { simulateInteractions } from "cosine-lab";
import {
  choiceRow,
  chosenSimilarity,
  measureChoices,
  type MeasuredExtras,
  splitTruth,
  tuneRanks,
  userRankings,
} from "cosine-lab/remedies";
import { assertClose } from "../assert_close.ts";

const { interactions, clusters } = simulateInteractions({ users: 600, items: 60, seed: "measure" });
const kinds = { cluster: { labels: clusters } };
const options = { ranks: [2, 5, 10, 60], pairs: 300_000, seed: "s" };
const measured = measureChoices({ interactions, kinds }, { ...options, splits: 2 });

Deno.test("measureChoices() measures the first split whole, and each with a λ and a rank of its own", () => {
  ["s", "s 2"].forEach((seed, split) => {
    const { train, validation, test } = splitTruth(interactions, { seed });
    // The first took 5, next to which are 2 and 10; Eq. 2 can have all directions.
    const ranks = split === 0 ? options.ranks : [2, 5, 10];
    const tuned = tuneRanks(train, validation, { ranks, rank: 60 });
    const { denoising, weightDecay, dot, choices } = measured.splits[split];
    assert.deepEqual([denoising.rank, denoising.lambda, weightDecay.lambda], [
      tuned.denoising.rank,
      tuned.denoising.lambda,
      tuned.weightDecay.lambda,
    ]);
    assert.equal(dot, userRankings(tuned, test).dot.mean);
    const popularity = tuned.gram.diag();
    const row = choiceRow(chosenSimilarity("even split", tuned), { kinds, test, popularity });
    assertClose(choices["even split"].auc, row.kinds.cluster.auc.mean, 1e-9);
    assert.equal(choices["even split"].recommend, row.recommend.mean);
    if (split > 0) return;
    assert.deepEqual(measured.choices["even split"], row);
    const at = measured.byRank.find(({ rank }) => rank === denoising.rank)!;
    assert.equal(at.dot, dot);
    assert.deepEqual(at.choices["even split"], choices["even split"]);
  });
  assert.equal(measured.denoising.rank, 5);
});

Deno.test("measureChoices(): of swapped data only what was kept is left", () => {
  const { unscaled, dot, popularity, swapped, shuffledKinds, choices, averages } = measured as
    & typeof measured
    & MeasuredExtras;
  // V dMat Vᵀ, the dot products under D = I, are the predictions.
  assertClose(unscaled["D = I"].mean, dot.mean, 1e-9);
  // In the simulation kinds and popularity are all there is.
  const { "within kinds": kept, "within tenths of popularity": popular } = swapped;
  assert(Math.abs(kept.dot - dot.mean) < 0.05);
  assert(kept.choices["original space"].auc > 0.8);
  assert(popular.dot < kept.dot - 0.03);
  assert(Math.abs(popular.dot - popularity.mean) < 0.02);
  assert(shuffledKinds["original space"] < choices["original space"].kinds.cluster.auc.low);
  assert(averages["skip-gram, mean"].auc > 0.7);
});

Deno.test("measureChoices() finds the rare ones among the long tail alone, which is harder", () => {
  assert(measured.tail!.dot.mean < measured.dot.mean);
});

Deno.test("measureChoices() tries doubled ranks by default, and refuses what is out of bounds", () => {
  const truth = { interactions, kinds };
  const { byRank } = measureChoices(truth, { splits: 1, pairs: 1_000 });
  assert.deepEqual(byRank.map(({ rank }) => rank), [5, 10, 20, 50, 60]);
  assert.throws(() => measureChoices(truth, { splits: 0 }), RangeError);
  assert.throws(() => measureChoices(truth, { ranks: [61] }), RangeError);
  assert.throws(() => measureChoices(truth, { rank: [5] } as object), /rank/);
});
