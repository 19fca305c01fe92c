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
const options = { ranks: [2, 5, 10, 60], pairs: 300_000, seed: "s" };
const measured = measureChoices({ interactions, kinds }, { ...options, splits: 2 });

Deno.test("measureChoices() measures the first split whole, and each with a λ and a rank of its own", () => {
  ["s", "s 2"].forEach((seed, split) => {
    const { train, validation, test } = splitTruth(interactions, { seed });
    // Eq. 2 can have all directions.
    const tuned = tuneRanks(train, validation, { ranks: options.ranks, rank: 60 });
    const { denoising, weightDecay, dot, choices } = measured.splits[split];
    assert.deepEqual([denoising.rank, denoising.lambda, weightDecay.lambda], [
      tuned.denoising.rank,
      tuned.denoising.lambda,
      tuned.weightDecay.lambda,
    ]);
    assert.deepEqual(dot, userRankings(tuned, test).dot);
    const popularity = tuned.gram.diag();
    const row = choiceRow(chosenSimilarity("even split", tuned), { kinds, test, popularity });
    const { kinds: { cluster: { auc, precisionAt10 } }, ...recommending } = row;
    assert.deepEqual(choices["even split"], { auc, precisionAt10, ...recommending });
    if (split > 0) return;
    assert.deepEqual(measured.choices["even split"], row);
    const at = measured.byRank.find(({ rank }) => rank === denoising.rank)!;
    assert.equal(at.dot, dot.mean);
    const short = at.choices["even split"];
    assertClose(short.auc, auc.mean, 1e-9);
    assert.equal(short.recommend, row.recommend.mean);
  });
  assert.equal(measured.denoising.rank, 5);
});

Deno.test("measureChoices(): of swapped data only what was kept is left", () => {
  const { unscaled, dot, popularity, swapped, shuffledKinds, choices, averages, skipGram } =
    measured;
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
  assertClose(averages["skip-gram 1"].auc, skipGram.kinds.cluster.auc.mean, 1e-9);
});

Deno.test("measureChoices() finds the rare ones among the long tail alone, which is harder", () => {
  for (const { tail, dot } of measured.splits) assert(tail.dot.mean < dot.mean);
});

Deno.test("measureChoices() tries doubled ranks by default, and refuses what is out of bounds", () => {
  const truth = { interactions, kinds };
  const { byRank } = measureChoices(truth, { splits: 1, pairs: 1_000 });
  assert.deepEqual(byRank.map(({ rank }) => rank), [5, 10, 20, 50, 60]);
  assert.throws(() => measureChoices(truth, { splits: 0 }), RangeError);
  assert.throws(() => measureChoices(truth, { ranks: [61] }), RangeError);
  assert.throws(() => measureChoices(truth, { rank: [5] } as object), /rank/);
});

Deno.test("measureChoices() goes on where it was interrupted, with the same result", () => {
  const truth = { interactions, kinds }, settings = { ...options, splits: 2 };
  const kept = new Map<string, string>();
  const remember = (limit: number) => <T>(part: string, measure: () => T): T => {
    if (!kept.has(part)) {
      if (kept.size === limit) throw new Error("interrupted");
      kept.set(part, JSON.stringify(measure()));
    }
    return JSON.parse(kept.get(part)!);
  };
  assert.throws(
    () => measureChoices(truth, { ...settings, remember: remember(2) }),
    /interrupted/,
  );
  assert.equal(kept.size, 2);
  assert.deepEqual(measureChoices(truth, { ...settings, remember: remember(4) }), measured);
  assert.throws(() => measureChoices(truth, { remember: {} as never }), TypeError);
});
