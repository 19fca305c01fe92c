import assert from "node:assert/strict";
import { choiceTable, knownTruth, TRUTHS } from "cosine-lab/datasets";
import {
  choiceRow,
  chosenSimilarity,
  PLANE_CHOICES,
  SIMILARITY_CHOICES,
  splitTruth,
  tuneRanks,
} from "cosine-lab/remedies";

type Truth = typeof TRUTHS[number];
type Choice = typeof SIMILARITY_CHOICES[number];

const table = choiceTable();
const D = Object.keys(PLANE_CHOICES) as Choice[];
const REAL = TRUTHS.filter((name) => name !== "simulation");
const NOT_WHITENING = D.filter((choice) => choice !== "whitening");

/** How the advice names kinds; packages are those without libs. */
function of(name: Truth, choice: Choice) {
  const { kinds, recommend, recommendFromAll } = table[name].choices[choice];
  const kind = name === "packages" ? kinds["section without libs"] : Object.values(kinds)[0];
  return { auc: kind.auc, precision: kind.precisionAt10, recommend, recommendFromAll };
}

const largest = (values: Iterable<number>) => Math.max(...values);
const best = (name: Truth, choices: readonly Choice[], key: "auc" | "precision" | "recommend") =>
  largest(choices.map((choice) => of(name, choice)[key].mean));

/** Each split of each of some data, with what to call it in an error. */
function splits(names: readonly Truth[] = TRUTHS) {
  return names.flatMap((name) =>
    table[name].splits.map((split, s) => ({ name, place: `${name}, split ${s + 1}`, ...split }))
  );
}

const [, advice] = /## What should I do\?([\s\S]*?)\n## /.exec(Deno.readTextFileSync("README.md"))!;

/** Checks that the advice states numbers, as they are in the table. */
function states(...numbers: number[]) {
  for (const number of numbers) assert(advice.includes(number.toFixed(3)), number.toFixed(3));
}

Deno.test("advice: every decimal stands in the table, rounded", () => {
  const numbers = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === "number") numbers.add(value.toFixed(3));
    else if (value && typeof value === "object") Object.values(value).forEach(collect);
  };
  collect(table);
  const stated = advice.replace(/\]\([^)]*\)/g, "").match(/\d\.\d{3}/g)!;
  assert(stated.length >= 16);
  // What bounds a difference is no number of the table; a test below computes it.
  assert.deepEqual(stated.filter((n) => !numbers.has(n) && n !== "0.020"), []);
});

Deno.test("advice: all data were split three times", () => {
  for (const name of TRUTHS) assert.equal(table[name].splits.length, 3, name);
});

Deno.test("advice 1: the dot product recommends to users better than every cosine, in each split", () => {
  // Of the same users, one by one.
  for (const { place, lead } of splits()) {
    for (const [choice, { low }] of Object.entries(lead)) assert(low > 0, `${place}, ${choice}`);
  }
  states(
    table.packages.dot.mean,
    largest(Object.values(table.packages.cosine).map(({ mean }) => mean)),
  );
});

Deno.test("advice 1: at no rank does a cosine lead by more than 0.001", () => {
  for (const name of TRUTHS) {
    for (const { rank, dot, cosine } of table[name].byRank) {
      for (const value of Object.values(cosine)) assert(value < dot + 0.001, `${name}, ${rank}`);
    }
  }
});

Deno.test("advice 1: for the long tail the original space is better than the dot product, not for words", () => {
  const worse = splits().filter(({ tail }) => tail.cosine["original space"].mean < tail.dot.mean);
  assert.deepEqual([...new Set(worse.map(({ name }) => name))], ["words"]);
  const { dot, cosine } = table.packages.tail;
  states(dot.mean, cosine["original space"].mean);
});

Deno.test("advice 2: the columns recommend best from neighbors, or at most 0.020 below", () => {
  for (const { place, name, choices, dot } of splits()) {
    const { columns, ...others } = choices;
    const other = largest(Object.values(others).map(({ recommend }) => recommend.mean));
    if (name === "words" || name === "packages") {
      assert(of(name, "columns").recommend.low > best(name, D, "recommend"), name);
      assert(columns.recommend.mean > other, place);
    } else assert(columns.recommend.mean > other - 0.0205, place);
    assert(dot.mean > columns.recommend.mean, place);
  }
  states(
    of("words", "columns").recommend.mean,
    best("words", D, "recommend"),
    of("packages", "columns").recommend.mean,
    best("packages", D, "recommend"),
  );
});

Deno.test("advice 3: mutual information recognizes kinds best, skip-gram words' by AUC", () => {
  for (const name of TRUTHS) {
    const { high } = of(name, "mutual information").precision;
    assert(high >= best(name, SIMILARITY_CHOICES, "precision"), name);
    const { averages, splits: [first] } = table[name];
    const own = first.choices["mutual information"], skipGram = averages["skip-gram 1"];
    assert.equal(own.auc.mean > skipGram.auc, name !== "words", `${name}: ${skipGram.auc}`);
    assert(own.precisionAt10.mean > skipGram.precisionAt10, name);
  }
  for (const { place, name, choices } of splits()) {
    const { mean, high } = choices["mutual information"].auc;
    const other = largest(Object.values(choices).map(({ auc }) => auc.mean));
    assert(name === "words" ? high > other : mean === other, place);
  }
  assert.equal(
    of("packages", "mutual information").auc.mean,
    best("packages", SIMILARITY_CHOICES, "auc"),
  );
  states(
    of("packages", "mutual information").auc.mean,
    table.words.averages!["skip-gram 1"].auc,
    of("words", "mutual information").auc.mean,
  );
});

Deno.test("advice 4: the even split recommends, and the original space tells kinds, better than D = I", () => {
  for (const { place, name, choices } of splits()) {
    const { "even split": even, "D = I": identity, "original space": original } = choices;
    assert(even.recommend.mean > identity.recommend.mean, place);
    assert(original.auc.mean > identity.auc.mean, place);
    if (name === "lecturers" || name === "packages") {
      assert(original.recommend.mean < identity.recommend.mean, place);
    }
  }
  states(
    of("packages", "original space").recommend.mean,
    of("packages", "D = I").recommend.mean,
  );
});

Deno.test("advice 5: whitening is the worst D, but for D = I at large ranks, and AUC goes far", () => {
  for (const { place, denoising, choices } of splits()) {
    for (const choice of NOT_WHITENING) {
      const worse = choices[choice].auc.mean < choices.whitening.auc.mean;
      assert(!worse || choice === "D = I" && denoising.rank >= 800, `${place}, ${choice}`);
    }
  }
  const aucs = NOT_WHITENING.map((choice) => of("packages", choice).auc.mean);
  states(Math.min(...aucs), largest(aucs));
});

Deno.test("notebook 08: a mean of similarities is hardly better than the best of them", () => {
  for (const name of TRUTHS) {
    const { averages, splits: [{ choices }] } = table[name];
    for (const key of ["auc", "precisionAt10", "recommend"] as const) {
      const ofD = D.map((choice) => choices[choice][key].mean);
      assert(averages["six D"][key] - largest(ofD) < 0.005, `${name}, D, ${key}`);
      const seeds = [1, 2, 3].map((seed) => averages[`skip-gram ${seed}`][key]);
      assert(averages["skip-gram, mean"][key] - largest(seeds) < 0.005, `${name}, seeds, ${key}`);
    }
  }
});

Deno.test("advice 6: Eq. 2 predicts less well than Eq. 1 on packages and words, elsewhere alike", () => {
  for (const { place, name, dot, dotOfWeightDecay } of splits()) {
    const gap = dot.mean - dotOfWeightDecay.mean;
    if (name === "packages" || name === "words") assert(gap > 0.01, place);
    else assert(Math.abs(gap) < 0.0055, place);
  }
  states(table.packages.dotOfWeightDecay.mean, table.words.dotOfWeightDecay.mean);
});

Deno.test("advice: D changes the kind of the ten nearest by 0.06 at most", () => {
  const spread = (values: number[]) => largest(values) - Math.min(...values);
  for (const { place, choices } of splits()) {
    assert(spread(NOT_WHITENING.map((each) => choices[each].precisionAt10.mean)) < 0.0605, place);
  }
  for (const name of TRUTHS) {
    const precisions = NOT_WHITENING.map((choice) => of(name, choice).precision.mean);
    assert(spread(precisions) < 0.0605, name);
  }
});

Deno.test("advice 2: from all items, times √popularity, D = I beats the dot product on packages alone", () => {
  for (const { place, name, dot, choices } of splits()) {
    const { low } = choices["D = I"].recommendFromAll;
    assert.equal(low > dot.mean, name === "packages", place);
  }
  states(of("packages", "D = I").recommendFromAll.mean);
});

Deno.test("notebook 08: the original space loses by smoothing, and less where ranks are smaller and company within kinds is random", () => {
  for (const name of REAL) {
    const { unscaled, dot } = table[name];
    assert(unscaled["original space"].high < dot.low, name);
  }
  // Of what it loses on the data as they are, most is gone where company within kinds is random.
  const loss = (original: number, identity: number) => 1 - original / identity;
  for (const name of ["lecturers", "packages"] as const) {
    const { choices } = table[name].swapped["within kinds"];
    const [original, identity] = (["original space", "D = I"] as const).map((choice) =>
      of(name, choice).recommend.mean
    );
    const left = loss(choices["original space"].recommend, choices["D = I"].recommend);
    assert(left < loss(original, identity) / 2, name);
  }
  for (const name of REAL) {
    const { choices, shuffledKinds } = table[name];
    const [{ auc }] = Object.values(choices["original space"].kinds);
    assert(Math.abs(shuffledKinds["original space"] - 0.5) < 0.03, name);
    assert(auc.mean > shuffledKinds["original space"] + 0.1, name);
  }
});

Deno.test("choices: λ lies between worse ones, and k below one that is no better or the last", () => {
  for (const name of TRUTHS) {
    const { splits: all, ranks, denoising, items } = table[name];
    for (const each of all) {
      for (const { lambda, tried, accuracy } of [each.denoising, each.weightDecay]) {
        const at = tried.findIndex((one) => one.lambda === lambda);
        assert(at > 0 && at < tried.length - 1, name);
        assert.equal(accuracy, largest(tried.map((one) => one.accuracy)), name);
      }
    }
    // All of them; the smallest within a standard error of the best is taken.
    assert.equal(ranks.at(-1)!.rank, items, name);
    assert.equal(ranks.find(({ behind }) => behind <= 1)!.rank, denoising.rank, name);
    assert(denoising.rank < items, name);
  }
  // On words predictions improve up to 2,000 of 2,263.
  const [top] = table.words.ranks.toSorted((a, b) => b.accuracy - a.accuracy);
  assert.equal(top.rank, 2_000);
});

Deno.test("choices: the table is what the code makes of the data, to its five digits", async () => {
  const { interactions, kinds } = await knownTruth("liked lecturers");
  const { train, validation, test } = splitTruth(interactions);
  const { rank, lambda } = table["liked lecturers"].denoising;
  const tuned = tuneRanks(train, validation, { ranks: [50] });
  const popularity = tuned.gram.diag();
  const row = choiceRow(chosenSimilarity("columns", tuned), { kinds, test, popularity });
  const digits = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(5)) : value;
  assert.deepEqual(
    JSON.parse(JSON.stringify(row, digits)),
    table["liked lecturers"].choices.columns,
  );
  const at50 = table["liked lecturers"].byRank.find((each) => each.rank === 50)!;
  assert.equal(tuned.denoising.lambda, at50.lambda);
  assert.equal(Number(tuned.denoising.accuracy.toPrecision(5)), at50.accuracy);
  assert(rank > 50 && lambda > 0);
});
