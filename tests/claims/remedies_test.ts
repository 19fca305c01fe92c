import assert from "node:assert/strict";
import type { Matrix } from "ml-matrix";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  type Embeddings,
  gram,
  largestDifference,
  rescale,
  sameClusterAuc,
  simulateInteractions,
  svdOfGram,
  truncatedSVD,
  userEmbeddings,
  weightDecayEmbeddings,
} from "cosine-lab";
import { evaluateRanking, holdOutItems, splitUsers } from "cosine-lab/evaluation";
import { networkLoss, rescaleHidden, trainAutoencoder } from "cosine-lab/networks";
import {
  canonicalItems,
  cooccurrenceCounts,
  equivalentEmbeddings,
  equivalentNetworks,
  planeItems,
  pmiEmbeddings,
  prepareData,
  removeTopDirections,
  skipGramLoss,
  trainNormalized,
  trainSkipGram,
  translateItems,
  whitenItems,
} from "cosine-lab/remedies";

const { interactions: x, clusters } = simulateInteractions({
  users: 2000,
  items: 120,
  seed: "remedies 1",
});
const rank = 12;
const lambda = { denoising: 1000, weightDecay: 30 };
const model = denoisingEmbeddings(truncatedSVD(x, { rank }), { lambda: lambda.denoising });
const choices = equivalentEmbeddings(model);
const small = { rank: 8, batchSize: 100, epochs: 8 };

Deno.test("3 training w.r.t. cosine: D changes the loss, R does not", () => {
  const { network } = trainNormalized(x, "cosine", small);
  const [given, ...others] = equivalentNetworks(network, x);
  for (const { change, loss } of others) {
    const rise = Math.abs(loss / given.loss - 1);
    assert(change === "rotation" ? rise < 1e-12 : rise > 1e-4, `${change}: ${rise}`);
  }
});

Deno.test("3 beyond D: a softmax of dot products does not see a vector added to all items, cosines do", () => {
  const { network } = trainNormalized(x, "none", small);
  const [given, ...others] = equivalentNetworks(network, x, { scalings: 0, rotations: 0 });
  const cosines = cosineSimilarity(given.network.items);
  for (const { network, loss } of others.filter(({ change }) => change === "translation")) {
    assert(Math.abs(loss / given.loss - 1) < 1e-12);
    assert(largestDifference(cosineSimilarity(network.items), cosines) > 0.1);
  }
});

Deno.test("3 layer normalization: D changes the loss, unless there is a gain that takes it", () => {
  const scales = Array.from({ length: 8 }, (_, i) => 2 ** (i - 4));
  const rises = [false, true].map((gain) => {
    const { network } = trainAutoencoder(x, {
      hidden: [8],
      activation: "linear",
      biases: { hidden: false },
      layerNormalization: { users: true, items: false, gain },
      learningRate: 0.02,
      batchSize: 100,
      epochs: 3,
    });
    const rescaled = rescaleHidden(network, scales, { through: gain ? "gain" : "weights" });
    const loss = (of: typeof network) => networkLoss(of, x, { precision: "float64" });
    return Math.abs(loss(rescaled) / loss(network) - 1);
  });
  assert(rises[0] > 1e-4 && rises[1] < 1e-12, `${rises}`);
});

Deno.test("3 original space: neither items' nor users' cosines depend on D, while cosSim(B, B) does", () => {
  const views = choices.map((e) => ({
    embedded: cosineSimilarity(e.B),
    items: cosineSimilarity(canonicalItems(e.B, userEmbeddings(x, e), { exponent: 1 })),
    users: cosineSimilarity(canonicalItems(userEmbeddings(x, e), e.B, { exponent: 1 })),
  }));
  const [given, ...others] = views;
  for (const { embedded, items, users } of others) {
    assert(largestDifference(embedded, given.embedded) > 0.1);
    assert(largestDifference(items, given.items) < 1e-12);
    assert(largestDifference(users, given.users) < 1e-12);
  }
});

Deno.test("3 standardizing, centering, propensities: D stays free in Eq. 1, and in Eq. 2 it never was", () => {
  for (const way of ["standardized", "less means", "item propensity"] as const) {
    const { gram: g } = prepareData(x, way);
    const svd = svdOfGram(g, rank);
    const one = denoisingEmbeddings(svd, { lambda: lambda.denoising });
    const product = one.A.mmul(one.B.transpose());
    for (const { A, B } of equivalentEmbeddings(one).slice(1)) {
      assert(largestDifference(A.mmul(B.transpose()), product) < 1e-10, way);
      assert(largestDifference(cosineSimilarity(B), cosineSimilarity(one.B)) > 0.1, way);
    }
    const two = weightDecayEmbeddings(svd, { lambda: lambda.weightDecay });
    const penalty = ({ A, B }: Embeddings) => A.transpose().mmul(g).mmul(A).trace() + B.norm() ** 2;
    const d = Array.from({ length: rank }, (_, i) => 1 + i / rank);
    assert(penalty(rescale(two, d)) > 1.01 * penalty(two), way);
  }
});

Deno.test("3 negative sampling: D changes no loss of skip-gram, and moves its cosines", () => {
  const { inputs: B, outputs: A } = trainSkipGram(x, { rank: 8, epochs: 6 });
  const loss = (e: Embeddings) => skipGramLoss(x, { inputs: e.B, outputs: e.A });
  const moved = equivalentEmbeddings({ A, B }).slice(1).map((e) => {
    assert(Math.abs(loss(e) / loss({ A, B }) - 1) < 1e-9);
    return largestDifference(cosineSimilarity(e.B), cosineSimilarity(B));
  });
  assert(Math.max(...moved) > 0.1, `${moved}`);
});

Deno.test("3 original space: it is a D of Eq. 1, and with whitening and the even split what no M moves", () => {
  const svd = truncatedSVD(x, { rank });
  const at = (sigma: number, dMat: number) =>
    cosineSimilarity(planeItems(svd, { lambda: lambda.denoising, sigma, dMat }));
  const P = userEmbeddings(x, model);
  for (const { A, B } of equivalentEmbeddings(model, { mixtures: 2 })) {
    for (const exponent of [0, 0.5, 1]) {
      const items = canonicalItems(B, { A, gram: gram(x) }, { exponent });
      assert(largestDifference(cosineSimilarity(items), at(exponent, exponent)) < 1e-9);
    }
    assert(largestDifference(cosineSimilarity(whitenItems(B)), at(0, 0)) < 1e-9);
  }
  const columns = P.mmul(model.B.transpose()).transpose();
  assert(largestDifference(cosineSimilarity(columns), at(1, 1)) < 1e-12);
  const [white, original] = [at(0, 0), at(1, 1)].map((s) => sameClusterAuc(s, clusters));
  assert(original > white + 0.1, `${original} and ${white}`);
});

Deno.test("3 normalization after training closes nothing", () => {
  const unit = (B: Matrix) =>
    B.clone().divColumnVector(B.to2DArray().map((row) => Math.hypot(...row)));
  const [given, ...others] = choices.map(({ B }) => ({ before: B, after: unit(B) }));
  for (const { before, after } of [given, ...others]) {
    assert(largestDifference(cosineSimilarity(after), cosineSimilarity(before)) < 1e-12);
  }
  for (const { after } of others) {
    assert(largestDifference(cosineSimilarity(after), cosineSimilarity(given.after)) > 0.1);
  }
});

Deno.test("Abstract: cosine of user and item ranks with an accuracy that D decides, the dot product does not", () => {
  const { train, test } = splitUsers(x, { validation: 1, test: 300, seed: "cosine" });
  const { given, heldOut } = holdOutItems(test, { share: 0.2, seed: "cosine" });
  const svd = truncatedSVD(train, { rank });
  const ranked = (e: Embeddings, normalized: boolean) => {
    const lengths = e.B.to2DArray().map((row) => normalized ? Math.hypot(...row) : 1);
    const items = e.B.clone().divColumnVector(lengths);
    return evaluateRanking({ A: e.A, B: items }, given, heldOut).ndcgAt100.mean;
  };
  const all = equivalentEmbeddings(denoisingEmbeddings(svd, { lambda: lambda.denoising }));
  const [dots, cosines] = [false, true].map((normalized) => all.map((e) => ranked(e, normalized)));
  assert(Math.max(...dots) - Math.min(...dots) < 1e-9, `${dots}`);
  assert(Math.max(...cosines) - Math.min(...cosines) > 0.02, `${cosines}`);
  assert(Math.max(...cosines) < dots[0], `${cosines} and ${dots[0]}`);
});

Deno.test("3 beyond D: a translation makes any two items of a softmax opposite, or all alike", () => {
  const { network } = trainNormalized(x, "none", small);
  const [first, second] = [network.items.getRow(3), network.items.getRow(50)];
  const cosine = (c: number[]) => {
    const moved = translateItems(network, c);
    assert(Math.abs(networkLoss(moved, x) / networkLoss(network, x) - 1) < 1e-5);
    return cosineSimilarity(moved.items).get(3, 50);
  };
  assert(cosine(first.map((entry, i) => -(entry + second[i]) / 2)) < -1 + 1e-12);
  assert(cosine(first.map(() => 1000)) > 1 - 1e-5);
});

Deno.test("3 mutual information: UΣ^e fits the same for every e, and has other cosines", () => {
  const counts = cooccurrenceCounts(x);
  const [zero, half, one] = [0, 0.5, 1].map((exponent) =>
    pmiEmbeddings(counts, { rank, exponent })
  );
  const product = ({ A, B }: typeof zero) => B.mmul(A.transpose());
  for (const other of [zero, one]) {
    assert(largestDifference(product(other), product(half)) < 1e-10);
    assert(largestDifference(cosineSimilarity(other.B), cosineSimilarity(half.B)) > 0.1);
  }
});

Deno.test("3 removing the top direction leaves the cosines of Eq. 1 as arbitrary as they were", () => {
  // B = V, the second choice, varies alike in all directions: none is the top one.
  const aucs = choices.filter((_, choice) => choice !== 1).map(({ B }) =>
    sameClusterAuc(cosineSimilarity(removeTopDirections(B)), clusters)
  );
  assert(Math.max(...aucs) - Math.min(...aucs) > 0.05, `${aucs}`);
});
