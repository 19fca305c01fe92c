import assert from "node:assert/strict";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  largestDifference,
  sameClusterAuc,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { networkLoss, rescaleHidden, trainAutoencoder } from "cosine-lab/networks";
import {
  compareRemedies,
  cooccurrenceCounts,
  equivalentEmbeddings,
  equivalentNetworks,
  originalSpaceItems,
  originalSpaceUsers,
  pmiEmbeddings,
  type RemedyComparison,
  removeTopDirections,
  standardRemedies,
  trainNormalized,
} from "cosine-lab/remedies";

const data = ["1", "2"].map((seed) =>
  simulateInteractions({ users: 2000, items: 120, seed: `remedies ${seed}` })
);
const [{ interactions: x, clusters }] = data;
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
  const [given, ...others] = equivalentNetworks(network, x, { random: 0, rotations: 0 });
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
    items: cosineSimilarity(originalSpaceItems(x, e)),
    users: cosineSimilarity(originalSpaceUsers(x, e)),
  }));
  const [given, ...others] = views;
  for (const { embedded, items, users } of others) {
    assert(largestDifference(embedded, given.embedded) > 0.1);
    assert(largestDifference(items, given.items) < 1e-12);
    assert(largestDifference(users, given.users) < 1e-12);
  }
});

const compared = new Map(
  compareRemedies(
    standardRemedies({ ...lambda, rank, skipGram: { epochs: 10 } }),
    data,
  ).map((one): [string, RemedyComparison] => [one.name, one]),
);

Deno.test("3 standardizing, centering, propensities, negative sampling: D stays free, for Eq. 2 it never was", () => {
  const ways = ["standardized", "less both means", "inverse propensity of items"];
  const open = [...ways.map((way) => `${way}, Eq. 1`), "skip-gram, β = 0.75"];
  for (const name of ["Eq. 1", ...open, "mutual information, β = 0.75"]) {
    assert(compared.get(name)!.mean.largestChange > 0.1, name);
  }
  for (const name of ["Eq. 2", ...ways.map((way) => `${way}, Eq. 2`)]) {
    assert(compared.get(name)!.mean.largestChange < 1e-10, name);
  }
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
