import assert from "node:assert/strict";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  neighborOverlap,
  sameClusterAuc,
  truncatedSVD,
  weightDecayEmbeddings,
} from "cosine-lab";
import { labeledInteractions } from "cosine-lab/datasets";
import { bootstrapMean, evaluateRanking, holdOutItems, splitUsers } from "cosine-lab/evaluation";
import { planeItems } from "cosine-lab/remedies";

const rank = 100;
const { interactions, groups } = await labeledInteractions("debian");
const split = splitUsers(interactions, { validation: 400, test: 600, seed: "claims" });
const svd = truncatedSVD(split.train, { rank });
const { sigma: [first] } = svd;

Deno.test("2.1 real data: Eq. 1 predicts held-out data better than Eq. 2, each at its best λ", () => {
  const models = [
    [denoisingEmbeddings, [0.2, 0.4, 0.8].map((m) => (m * first) ** 2)],
    [weightDecayEmbeddings, [0.06, 0.12, 0.24].map((m) => m * first)],
  ] as const;
  const choosing = holdOutItems(split.validation, { share: 0.3, seed: "claims" });
  const judging = holdOutItems(split.test, { share: 0.3, seed: "claims" });
  const [one, two] = models.map(([model, lambdas]) => {
    const accuracy = (lambda: number, users: typeof judging) =>
      evaluateRanking(model(svd, { lambda, rank }), users.given, users.heldOut).ndcgAt100;
    const means = lambdas.map((lambda) => accuracy(lambda, choosing).mean);
    return accuracy(lambdas[means.indexOf(Math.max(...means))], judging).values;
  });
  assert(bootstrapMean(one.map((value, u) => value - two[u]), { seed: "claims" }).low > 0);
});

Deno.test("2.1 real data: one model has many cosines, at a λ that predicts well", () => {
  const lambda = (0.4 * first) ** 2;
  const [v, identity, original] = [[0, 0], [0, 0.5], [1, 1]].map(([sigma, dMat]) =>
    cosineSimilarity(planeItems(svd, { lambda, sigma, dMat }))
  );
  assert(neighborOverlap(v, original, 10) < 0.6);
  const auc = [v, identity, original].map((s) => sameClusterAuc(s, groups));
  assert(auc[0] < 0.65 && auc[2] > 0.85 && auc[1] > auc[0] && auc[1] < auc[2]);
});
