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

const table = choiceTable();
const D = Object.keys(PLANE_CHOICES) as (typeof SIMILARITY_CHOICES[number])[];
const REAL = TRUTHS.filter((name) => name !== "simulation");

/** How the advice names kinds; packages are those without libs. */
function of(name: typeof TRUTHS[number], choice: typeof SIMILARITY_CHOICES[number]) {
  const { kinds, recommend } = table[name].choices[choice];
  const kind = name === "packages" ? kinds["section without libs"] : Object.values(kinds)[0];
  return { auc: kind.auc.mean, precision: kind.precisionAt10, recommend: recommend.mean };
}
const best = (
  name: typeof TRUTHS[number],
  choices: typeof SIMILARITY_CHOICES,
  key: "auc" | "recommend",
) => Math.max(...choices.map((choice) => of(name, choice)[key]));

const [, advice] = /## What should I do\?([\s\S]*?)\n## /.exec(Deno.readTextFileSync("README.md"))!;

Deno.test("advice: every decimal stands in the table, rounded", () => {
  const numbers = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === "number") numbers.add(value.toFixed(3));
    else if (value && typeof value === "object") Object.values(value).forEach(collect);
  };
  collect(table);
  const stated = advice.replace(/\]\([^)]*\)/g, "").match(/\d\.\d{3}/g)!;
  assert(stated.length >= 12);
  assert.deepEqual(stated.filter((number) => !numbers.has(number)), []);
});

Deno.test("advice 1: the dot product recommends better than every cosine, on all", () => {
  for (const name of TRUTHS) {
    const { dot, cosine } = table[name];
    for (const { mean } of Object.values(cosine)) assert(dot.mean > mean, name);
  }
  const cosines = Object.values(table.packages.cosine).map(({ mean }) => mean);
  assert.equal(Math.max(...cosines).toFixed(3), "0.555");
  assert.equal(table.packages.dot.mean.toFixed(3), "0.607");
});

Deno.test("advice 2: the columns recommend best from neighbors, or less than 0.01 below", () => {
  for (const name of TRUTHS) {
    const columns = of(name, "columns").recommend;
    assert(columns > best(name, SIMILARITY_CHOICES, "recommend") - 0.01, name);
  }
  const pairs = (["words", "packages"] as const).map((name) => [
    of(name, "columns").recommend.toFixed(3),
    best(name, D, "recommend").toFixed(3),
  ]);
  assert.deepEqual(pairs, [["0.201", "0.116"], ["0.553", "0.489"]]);
});

Deno.test("advice 3: mutual information recognizes kinds best", () => {
  for (const name of TRUTHS) {
    assert.equal(of(name, "mutual information").auc, best(name, SIMILARITY_CHOICES, "auc"), name);
    const { high } = of(name, "mutual information").precision;
    for (const choice of SIMILARITY_CHOICES) assert(high >= of(name, choice).precision.mean, name);
  }
  assert.equal(of("packages", "mutual information").auc.toFixed(3), "0.977");
  assert.equal(of("words", "mutual information").precision.mean.toFixed(3), "0.311");
  const models = [...D, "Eq. 2" as const].map((choice) => of("words", choice).precision);
  const top = models.reduce((a, b) => b.mean > a.mean ? b : a);
  assert.equal(top.mean.toFixed(3), "0.271");
  assert(of("words", "mutual information").precision.low > top.high);
});

Deno.test("advice 4: the even split recommends, and the original space tells kinds, better than D = I", () => {
  for (const name of TRUTHS) {
    assert(of(name, "even split").recommend > of(name, "D = I").recommend, name);
    assert(of(name, "original space").auc > of(name, "D = I").auc, name);
  }
  for (const name of ["lecturers", "liked lecturers", "packages"] as const) {
    assert(of(name, "original space").recommend < of(name, "D = I").recommend, name);
  }
  assert.equal(of("packages", "original space").recommend.toFixed(3), "0.331");
  assert.equal(of("packages", "D = I").recommend.toFixed(3), "0.418");
});

Deno.test("advice 5: whitening is the worst D, and AUC goes far", () => {
  for (const name of TRUTHS) {
    for (const choice of D.filter((each) => each !== "whitening")) {
      assert(of(name, "whitening").auc < of(name, choice).auc, `${name}, ${choice}`);
      assert(of(name, "whitening").recommend < of(name, choice).recommend, `${name}, ${choice}`);
    }
    const kinds = D.filter((each) => each !== "whitening")
      .map((choice) => of(name, choice).precision.mean);
    assert(Math.max(...kinds) - Math.min(...kinds) < 0.0505, name);
  }
  const aucs = D.map((choice) => of("packages", choice).auc);
  assert.deepEqual([Math.min(...aucs), Math.max(...aucs)].map((auc) => auc.toFixed(3)), [
    "0.512",
    "0.975",
  ]);
});

Deno.test("advice 6: Eq. 2 predicts less well than Eq. 1 on real data", () => {
  for (const name of REAL) assert(table[name].dotOfWeightDecay.mean < table[name].dot.mean, name);
  assert.equal(table.packages.dotOfWeightDecay.mean.toFixed(3), "0.572");
});

Deno.test("choices: λ lies between worse ones at the rank that is taken", () => {
  for (const name of TRUTHS) {
    for (const { lambda, tried, accuracy } of [table[name].denoising, table[name].weightDecay]) {
      const at = tried.findIndex((each) => each.lambda === lambda);
      assert(at > 0 && at < tried.length - 1, name);
      assert.equal(accuracy, Math.max(...tried.map((each) => each.accuracy)), name);
    }
  }
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
