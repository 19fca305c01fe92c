import assert from "node:assert/strict";
import { inverse, Matrix } from "ml-matrix";
import {
  clusterRecovery,
  cosineSimilarity,
  denoisingEmbeddings,
  gram,
  modelingChoices,
  neighborOverlap,
  rescale,
  simulateInteractions,
  type SVD,
  truncatedSVD,
} from "cosine-lab";
import {
  evaluateRanking,
  holdOutItems,
  pairedDifference,
  splitUsers,
  withinClusterSimilarity,
} from "cosine-lab/evaluation";
import { assertClose } from "../assert_close.ts";

for (const seed of ["1", "2", "3", "4", "5"]) {
  Deno.test(`4 low rank, paper's size, seed ${seed}: one model has three similarities, Eq. 2 a fourth`, () => {
    const { interactions, clusters } = simulateInteractions({ seed });
    const svd = truncatedSVD(interactions, { rank: 50 });
    const similarities = Object.values(modelingChoices(svd))
      .map(({ embeddings }) => cosineSimilarity(embeddings.B));
    const [v, identity, inverse, , decay] = similarities
      .map((similarity) => clusterRecovery(similarity, clusters).auc);
    assert(v < 0.75, `B = V_k has ${v}`);
    assert(v + 0.1 < identity && identity + 0.02 < inverse, `${v}, ${identity}, ${inverse}`);
    assert(decay > 0.93, `Eq. 2 has ${decay}`);
    assert(neighborOverlap(similarities[0], similarities[2], 10) < 0.75);
    assert(neighborOverlap(similarities[1], similarities[4], 10) < 0.35);
    // The bulk lies below λ = 100, so most of the 50 dimensions are shrunk to nothing.
    const kept = svd.sigma.filter((sigma) => sigma > 100).length;
    assert(kept >= 5 && kept <= 13, `Eq. 2 keeps ${kept}`);
  });
}

/** Some of the directions of a decomposition: from the first to the last of each run, counted from 1. */
function directions({ sigma, V }: SVD, ...runs: [number, number][]): SVD {
  const columns = runs.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, j) => from - 1 + j)
  );
  return { sigma: sigma.filter((_, i) => columns.includes(i)), V: V.subMatrixColumn(columns) };
}

for (const seed of ["1", "2", "3"]) {
  Deno.test(`4 low rank, paper's size, seed ${seed}: popularity costs AUC under D = I, noise costs neighbors under B = V_k`, () => {
    const { interactions, clusters } = simulateInteractions({ seed });
    const svd = truncatedSVD(interactions, { rank: 50 });
    const recovered = (choice: "root" | "identity", ...runs: [number, number][]) => {
      const some = directions(svd, ...runs);
      const { B } = modelingChoices(some, { rank: some.sigma.length })[choice].embeddings;
      return clusterRecovery(cosineSimilarity(B), clusters);
    };
    const five = recovered("identity", [1, 5]).auc;
    const lostToPopularity = five - recovered("identity", [1, 15]).auc;
    const lostToNoise = five - recovered("identity", [1, 5], [16, 50]).auc;
    assert(lostToPopularity > 2 * lostToNoise, `${lostToPopularity}, ${lostToNoise}`);
    const [without, withNoise] = [recovered("root", [1, 15]), recovered("root", [1, 50])];
    assert(without.precision > 0.99, `${without.precision}`);
    assert(withNoise.precision < without.precision - 0.03, `${withNoise.precision}`);
  });
}

const small = simulateInteractions({ users: 4000, items: 200, seed: "claims" });
const smallSVD = truncatedSVD(small.interactions);

Deno.test("4 low rank: by precision of ten neighbors Eq. 2 does not lead, though it does by AUC", () => {
  const { interactions, clusters } = simulateInteractions({ seed: "1" });
  const models = modelingChoices(truncatedSVD(interactions, { rank: 50 }));
  const [v, i, minus, decay] = [models.root, models.identity, models.inverse, models.weightDecay]
    .map(({ embeddings }) => clusterRecovery(cosineSimilarity(embeddings.B), clusters));
  assert(decay.auc > Math.max(v.auc, i.auc, minus.auc));
  assert(decay.precision < Math.max(i.precision, minus.precision));
});

Deno.test("4 low rank: under D = I noise grows in the dot products until half of its directions are in, then cancels", () => {
  const noise = (to: number) => {
    const some = directions(smallSVD, [16, to]);
    const { B } = denoisingEmbeddings(some, { lambda: 1000 });
    const dots = B.mmul(B.transpose());
    const diagonal = dots.diag().reduce((sum, entry) => sum + entry ** 2, 0);
    return dots.norm("frobenius") ** 2 - diagonal;
  };
  const half = noise(108);
  assert(noise(40) < half && noise(200) < half / 2, `${noise(40)}, ${half}, ${noise(200)}`);
});

Deno.test("1 and 2.1: the norm that a cosine discards carries an item's popularity", () => {
  const { identity, weightDecay } = modelingChoices(smallSVD, {
    denoising: 1000,
    weightDecay: 30,
    rank: 30,
  });
  const counts = gram(small.interactions).diag();
  const median = [...counts].sort((a, b) => a - b)[100];
  for (const { name, embeddings: { B } } of [identity, weightDecay]) {
    const norms = B.to2DArray().map((row) => Math.hypot(...row));
    const mean = (popular: boolean) => {
      const some = norms.filter((_, i) => counts[i] >= median === popular);
      return some.reduce((sum, norm) => sum + norm, 0) / some.length;
    };
    assert(mean(true) > 1.2 * mean(false), `${name}: ${mean(true)}, ${mean(false)}`);
  }
});

Deno.test("4 anti-correlated with σ, at full rank: cosines are negative partial correlations, and turn the clusters around", () => {
  const model = denoisingEmbeddings(smallSVD, { lambda: 1000 });
  const s = cosineSimilarity(rescale(model, smallSVD.sigma).B);
  const ridge = gram(small.interactions).add(Matrix.eye(200).mul(1000));
  const partial = inverse(ridge);
  const omega = partial.diag().map((entry) => 1 / Math.sqrt(entry));
  assertClose(s, partial.mulColumnVector(omega).mulRowVector(omega), 1e-10);
  const { auc } = clusterRecovery(s, small.clusters);
  assert(auc < 0.35, `${auc}`);
});

Deno.test("4 Zhou et al.: the most popular tenth of a cluster is less similar to it than the rest", () => {
  const options = { denoising: 1000, weightDecay: 30, rank: 30 };
  const models = modelingChoices(smallSVD, options);
  for (const { name, embeddings } of [models.identity, models.inverse, models.weightDecay]) {
    const means = withinClusterSimilarity(cosineSimilarity(embeddings.B), small.clusters);
    for (let cluster = 0; cluster < 5; cluster++) {
      // Items are sorted by descending popularity.
      const own = means.filter((_, i) => small.clusters[i] === cluster);
      const mean = (part: Float64Array) => part.reduce((sum, value) => sum + value) / part.length;
      const tenth = Math.ceil(own.length / 10);
      assert(mean(own.subarray(0, tenth)) < mean(own.subarray(tenth)), `${name}, ${cluster}`);
    }
  }
});

Deno.test("2 and abstract: for users the cosine of Eq. 1 is worth less than its dot product, and how much is up to D", () => {
  const { train, test } = splitUsers(small.interactions, { validation: 1, test: 800, seed: "s" });
  const { given, heldOut } = holdOutItems(test, { share: 0.2, seed: "s" });
  const models = modelingChoices(truncatedSVD(train, { rank: 30 }), { denoising: 1000, rank: 30 });
  const losses = [models.root, models.identity, models.inverse].map(({ embeddings: { A, B } }) => {
    const norms = B.to2DArray().map((row) => Math.hypot(...row));
    const cosine = evaluateRanking({ A, B: B.clone().divColumnVector(norms) }, given, heldOut);
    const dot = evaluateRanking({ A, B }, given, heldOut);
    const { mean, standardError } = pairedDifference(cosine.ndcgAt100, dot.ndcgAt100);
    assert(mean < -3 * standardError, `${mean} ± ${standardError}`);
    return mean;
  });
  assert(Math.max(...losses) - Math.min(...losses) > 0.002, `${losses}`);
});
