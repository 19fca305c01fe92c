import assert from "node:assert/strict";
import { auditEmbeddings, type AuditOptions, type AuditReport } from "cosine-lab/audit";
import type { Matrix } from "ml-matrix";
import * as files from "./table_files.ts";

/**
 * The second half of the draws was not looked at while thresholds and wording were chosen. Each is
 * a size, a dimension and a seed.
 */
const DRAWS: files.Draw[] = [
  { items: 200, dimensions: 20, seed: "a" },
  { items: 320, dimensions: 32, seed: "b" },
  { items: 240, dimensions: 24, seed: "held out 1" },
  { items: 420, dimensions: 16, seed: "held out 2" },
];

const words = ({ verdict }: AuditReport) =>
  [
    verdict.headline,
    ...verdict.declared,
    ...verdict.file,
    ...verdict.measured,
    ...verdict.unknown,
    ...verdict.advice,
    ...verdict.corrections.map(({ reason }) => reason),
  ].join("\n");

/** Audits, and checks what no report may say. */
function audit(B: Matrix, options: AuditOptions = {}): AuditReport {
  const report = auditEmbeddings(B, { sample: 400, ...options });
  assert.doesNotMatch(report.verdict.headline, /κ|\bD\b|XAB/);
  assert.doesNotMatch(words(report), /NaN|undefined|\bunique\b/);
  return report;
}

/** A test for every draw, of a row of the table. */
function each(row: string, run: (draw: files.Draw) => void): void {
  for (const draw of DRAWS) {
    Deno.test(`verdict: ${row} (${draw.items} x ${draw.dimensions}, ${draw.seed})`, () =>
      run(draw));
  }
}

for (const dimensions of [64, 768]) {
  for (const [items, seed] of [[100, "a"], [300, "b"], [150, "held out 1"], [250, "held out 2"]]) {
    Deno.test(`verdict: Gaussian noise is noise (${items} x ${dimensions}, ${seed})`, () => {
      const B = files.gaussianNoise({ items: Number(items), dimensions, seed: String(seed) });
      for (const noise of [B, files.normalized(B)]) {
        const { level, headline } = audit(noise).verdict;
        assert.equal(level, "noise");
        assert.match(
          headline,
          /no different from those of random vectors: those of \d+ items in \d+ dimensions/,
        );
      }
    });
  }
}

each("unit norm proves nothing, unless it was declared", (draw) => {
  const contrastive = [files.normalized(files.clustered(draw)), files.trainedOnCosines(draw)];
  for (const B of [...contrastive, files.normalized(files.equation1(draw, -0.5).B)]) {
    const { verdict } = audit(B);
    assert.equal(verdict.level, "undetermined");
    assert(verdict.flags.includes("unit-norm"));
    assert.match(
      verdict.headline,
      /normalized afterwards.* does not show how the model was trained/,
    );
  }
  for (const B of contrastive) {
    const report = audit(B, { trained: "cosine" });
    // Nothing is free as declared, and yet a shared direction is no reason to say so.
    const shared = report.verdict.flags.includes("anisotropic");
    assert.equal(report.verdict.level, shared ? "flagged" : "no-warning");
    const { found, headline } = report.verdict;
    assert.equal(/No warning/.test(headline), found.length === 0);
    assert.equal(found.some((sentence) => /share a direction/.test(sentence)), shared);
    assert(report.neighbors.every(({ kind }) => kind !== "member"));
    const jittered = audit(files.jittered(B, draw.seed), { trained: "cosine" });
    assert.equal(jittered.verdict.level, shared ? "flagged" : "no-warning");
    assert(!jittered.verdict.flags.includes("unit-norm"));
    assert.doesNotMatch(words(jittered), /do not trust/i);
  }
});

each("Eq. 1 is as declared, whatever its D", (draw) => {
  for (const power of [0.5, 0, -0.5]) {
    const { B, users } = files.equation1(draw, power);
    const declared = audit(B, { users, trained: "product" });
    assert.deepEqual([declared.verdict.level, declared.group], ["arbitrary", "linear"]);
    const seen = audit(B, { users });
    for (const report of [seen, audit(B)]) assert.equal(report.verdict.level, "undetermined");
    assert(seen.verdict.flags.includes("unbalanced"));
  }
});

each("Eq. 2 is consistent with its decay, also where users are missing", (draw) => {
  const { B, users, active } = files.equation2(draw);
  for (const given of [users, active]) {
    const declared = audit(B, { users: given, trained: "factors" });
    assert.equal(declared.verdict.level, "regularization-dependent");
    assert.equal(declared.group, "rotation");
    for (const report of [declared, audit(B, { users: given })]) {
      assert.match(words(report), /consistent with decay on both sides/);
      assert(!report.verdict.flags.includes("unbalanced"));
    }
  }
  assert(audit(B, { users }).users!.imbalance < 1e-10);
});

each("an even split without decay is consistent with decay, and no proof", (draw) => {
  const { B, users } = files.evenSplit(draw);
  const report = audit(B, { users });
  assert.equal(report.verdict.level, "undetermined");
  assert.match(words(report), /consistent with decay on both sides, and not a proof/);
});

each("a decay scaled by counts balances once counts weigh it", (draw) => {
  const { B, users, userCounts, popularity } = files.weightedFactors({
    ...draw,
    items: 80,
    dimensions: 6,
  });
  const weighted = audit(B, { users, userCounts, popularity, trained: "factors" });
  assert(weighted.users!.weightedImbalance! < 0.01, `${weighted.users!.weightedImbalance}`);
  assert(weighted.users!.imbalance > 0.1);
  assert(!weighted.verdict.flags.includes("unbalanced"));
  const without = audit(B, { users, trained: "factors" });
  assert.equal(without.verdict.level, "regularization-dependent");
  assert.match(words(without), /consistent with decay on both sides|does not contradict/);
});

each("rogue coordinates are named, with the correction", (draw) => {
  const { B, coordinates } = files.rogue(draw);
  for (const given of [B, files.normalized(B)]) {
    const report = audit(given);
    assert(report.verdict.flags.includes("rogue-dimensions"));
    assert.deepEqual(report.rogueCoordinates.coordinates.toSorted((a, b) => a - b), coordinates);
    for (const c of coordinates) assert.match(words(report), new RegExp(`\\b${c}\\b`));
    assert(report.verdict.corrections.some(({ reason }) => /^Z-scores/.test(reason)));
  }
});

each("word vectors are told of the mean and top directions, with numbers", (draw) => {
  const { B, popularity } = files.wordVectors(draw);
  const report = audit(B, { popularity });
  assert(report.verdict.flags.includes("popularity"));
  const reasons = report.verdict.corrections.map(({ reason }) => reason);
  assert(
    reasons.some((reason) =>
      /^Mean removed: .*Mean cosine 0\.\d\d to -?0\.\d\d, keeps \d+ %/.test(reason)
    ),
  );
  assert(reasons.some((reason) => /^Mean and top 3 directions removed/.test(reason)));
  assert.doesNotMatch(
    words(audit(B, { popularity, trained: "sum" })),
    /XAB|users and items|users of/i,
  );
});

Deno.test("verdict: a small file is too small, whatever is declared", () => {
  for (const [items, dimensions] of [[12, 2], [20, 4], [49, 30], [500, 1]]) {
    for (const trained of ["unknown", "product", "cosine"] as const) {
      const B = files.gaussianNoise({ items, dimensions, seed: "small" });
      const { verdict } = audit(B, { trained });
      assert.equal(verdict.level, "too-small");
      assert.match(verdict.headline, /^Too small to say anything/);
    }
  }
});
