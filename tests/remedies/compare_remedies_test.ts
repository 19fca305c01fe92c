import assert from "node:assert/strict";
import { gram, type Interactions, simulateInteractions } from "cosine-lab";
import {
  compareRemedies,
  gramCosines,
  remedyYardsticks,
  standardRemedies,
} from "cosine-lab/remedies";
import { assertClose } from "../assert_close.ts";

const data = ["a", "b", "c"].map((seed) => simulateInteractions({ users: 600, items: 60, seed }));
const raw = {
  name: "columns of X",
  freedom: "nothing" as const,
  similarities: (x: Interactions) => [gramCosines(gram(x))],
};

Deno.test("compareRemedies(): runs, means and spreads over the data sets", () => {
  const calls: number[][] = [];
  const [found] = compareRemedies([raw], data, {
    k: 5,
    onProgress: (done, total) => void calls.push([done, total]),
  });
  const runs = data.map(({ interactions, clusters }) =>
    remedyYardsticks(raw.similarities(interactions), {
      labels: clusters,
      popularity: gram(interactions).diag(),
      k: 5,
    })
  );
  assert.deepEqual(found.runs, runs);
  const aucs = runs.map(({ auc }) => auc.max);
  const mean = (aucs[0] + aucs[1] + aucs[2]) / 3;
  assertClose(found.mean.auc.max, mean, 1e-14);
  const variance = aucs.reduce((sum, auc) => sum + (auc - mean) ** 2, 0) / 2;
  assertClose(found.spread.auc.max, Math.sqrt(variance), 1e-14);
  assert.equal(found.seconds.length, 3);
  assert.deepEqual(calls, [[0, 3], [1, 3], [2, 3], [3, 3]]);
});

const small = standardRemedies({
  rank: 8,
  denoising: 300,
  weightDecay: 10,
  noiseExponents: [0, 0.75],
  skipGram: { epochs: 30 },
});
const comparison = compareRemedies(small, data.slice(0, 2));

Deno.test("standardRemedies(): names are different, and the exponents are there", () => {
  const names = small.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of ["Eq. 1", "Eq. 2", "skip-gram, β = 0", "mutual information, β = 0.75"]) {
    assert(names.includes(name), name);
  }
});

Deno.test("standardRemedies(): D moves what is free, and nothing else, on every data set", () => {
  for (const { name, freedom, runs } of comparison) {
    for (const run of runs) {
      if (freedom === "scaling") {
        assert(run.largestChange > 0.1, `${name}: ${run.largestChange}`);
        assert(run.neighborOverlap < 0.99, `${name}: ${run.neighborOverlap}`);
      } else {
        assert(run.largestChange < 1e-12, `${name}: ${run.largestChange}`);
        assert.equal(run.neighborOverlap, 1, name);
        assert.equal(run.auc.min, run.auc.max, name);
      }
    }
  }
});

Deno.test("standardRemedies(): all of them know more of the clusters than chance", () => {
  for (const { name, mean } of comparison) {
    assert(mean.auc.given > 0.55, `${name}: ${mean.auc.given}`);
  }
});

Deno.test("compareRemedies() and standardRemedies() reject bad input", () => {
  const compare = (remedies: unknown, sets: unknown = data) =>
    compareRemedies(remedies as never, sets as never);
  assert.throws(() => compare(raw), /TypeError.*remedies must be an array/);
  assert.throws(() => compare([]), /RangeError.*remedies must have at least one/);
  assert.throws(() => compare([raw], []), /RangeError.*dataSets must have at least one/);
  assert.throws(() => compare([{ name: "x" }]), /TypeError.*remedies\[0\] must have a name and/);
  assert.throws(() => compare([raw], [{}]), /TypeError.*dataSets\[0\].interactions must be an Int/);
  const list = (options: unknown) => standardRemedies(options as never);
  assert.throws(() => list(null), TypeError);
  assert.throws(() => list({ rank: 0 }), RangeError);
  assert.throws(() => list({ denoising: -1 }), RangeError);
  assert.throws(() => list({ noiseExponents: 0.75 }), /TypeError.*noiseExponents must be an array/);
  assert.throws(() => list({ noiseExponents: [NaN] }), RangeError);
});
