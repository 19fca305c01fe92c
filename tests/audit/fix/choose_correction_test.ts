import assert from "node:assert/strict";
import { chooseCorrection } from "cosine-lab/audit";
import { randomNormal } from "cosine-lab/training";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { retrievalScores, splitEvidence } from "../../../lib/audit/fix/choose_correction.ts";
import { assertClose } from "../../assert_close.ts";

/** Items of kinds that their coordinates tell, but for the first, which is large and says nothing. */
function kinds(seed: string, size: number) {
  const normal = randomNormal(seedrandom.alea(seed));
  const centers = Array.from({ length: 40 }, () => Array.from({ length: 8 }, normal));
  const labels = Array.from({ length: 480 }, (_, i) => i % 40);
  const rows = labels.map((label) =>
    centers[label].map((x, c) => (c === 0 ? size * normal() : x + 0.4 * normal()) + 1)
  );
  return { items: new Matrix(rows), labels };
}

function pairsOf(labels: number[], seed: string) {
  const random = seedrandom.alea(seed);
  const first = Array.from({ length: 900 }, () => Math.floor(random() * labels.length));
  const second = first.map((i) => (i + 40 * (1 + Math.floor(random() * 11))) % labels.length);
  return { first, second, weights: first.map(() => 1 + Math.floor(3 * random())) };
}

Deno.test("chooseCorrection: recommends what helps on the half that it did not choose on", () => {
  for (const seed of ["one", "two"]) {
    const { items, labels } = kinds(seed, 6);
    for (const evidence of [{ labels }, { pairs: pairsOf(labels, seed) }]) {
      const choice = chooseCorrection(items, evidence, { seed });
      assert.equal(choice.recommended, choice.best);
      assert(["remove-top-1", "remove-top-2", "z-scores", "whitening"].includes(choice.best));
      assert(choice.difference.low > 0 && choice.corrected.mean > choice.asIs.mean);
      assert.equal(choice.correction.correction, choice.best);
      assert.deepEqual(chooseCorrection(items, evidence, { seed }), choice);
    }
  }
});

Deno.test("chooseCorrection: keeps as is where evidence has nothing to do with the items", () => {
  // Of 20 tries, the interval of 95 % may lie above 0 in about one by chance.
  let wrong = 0;
  for (let run = 0; run < 20; run++) {
    const { items, labels } = kinds(`nothing ${run}`, 1);
    const random = seedrandom.alea(`labels ${run}`);
    const shuffled = labels.map(() => Math.floor(random() * 40));
    const choice = chooseCorrection(items, { labels: shuffled }, { seed: `${run}` });
    if (choice.recommended !== "as-is") wrong++;
    else assert.deepEqual(choice.correction.mean, null);
  }
  assert(wrong <= 3, `${wrong} of 20`);
});

Deno.test("splitEvidence: no query and no pair is in both halves, and no pair is lost", () => {
  const { labels } = kinds("split", 1);
  const pairs = pairsOf(labels, "split");
  const tasks = splitEvidence({ pairs }, labels.length, 100, seedrandom.alea("split"));
  const [queries, used] = [0, 1].map((what) =>
    tasks.map(({ gallery, queries, relevant }) =>
      new Set(
        queries.flatMap((query, i) =>
          what === 0
            ? [`${gallery[query]}`]
            : [...relevant[i].keys()].map((other) =>
              [gallery[query], gallery[other]].sort((a, b) => a - b).join()
            )
        ),
      )
    )
  );
  for (const [one, other] of [queries, used]) assert(one.isDisjointFrom(other));
  const all = new Set(
    pairs.first.map((a, i) => [a, pairs.second[i]].sort((x, y) => x - y).join()),
  );
  assert.deepEqual(used[0].union(used[1]), all);
  const [left, right] = splitEvidence({ labels }, labels.length, 1000, seedrandom.alea("split"))
    .map(({ gallery }) => new Set(gallery));
  assert(left.isDisjointFrom(right) && left.size + right.size === labels.length);
});

Deno.test("retrievalScores: NDCG computed by hand", () => {
  const rows = [[1, 0], [0.9, 0.1], [0.5, 0.5], [0, 1]].map((row) => Float64Array.from(row));
  const relevant = [new Map([[2, 3], [3, 1]])];
  const scores = retrievalScores(rows, { gallery: [], queries: [0], relevant }, 3);
  const [second, third] = [1 / Math.log2(3), 1 / 2];
  assertClose(scores, [(3 * second + third) / (3 + second)], 1e-12);
});

Deno.test("chooseCorrection: what is no evidence is refused in a sentence", () => {
  const { items, labels } = kinds("refused", 1);
  const choose = (evidence: unknown, options = {}) =>
    chooseCorrection(items, evidence as { labels: number[] }, options);
  const pairs = { first: [0, 1], second: [1, 480] };
  const cases: [() => unknown, RegExp][] = [
    [() => choose({}), /evidence must be labels or pairs/],
    [() => choose({ labels: [1] }), /entry for each of the 480 items, there are 1/],
    [() => choose({ labels: labels.map((_, i) => i) }), /at least 20 items.*one half has 0/],
    [
      () => choose({ pairs }),
      /pairs.second\[1\] must be an integer between 0 and 479, current value is 480/,
    ],
    [() => choose({ pairs: { first: [0], second: [] } }), /each of the 1 pairs, there are 0/],
    [() => choose({ labels }, { neighbour: 2 }), /no option "neighbour"/],
    [() => choose({ labels }, { corrections: ["mean"] }), /none called "mean"/],
  ];
  for (const [run, message] of cases) assert.throws(run, message);
});
