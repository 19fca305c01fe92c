import assert from "node:assert/strict";
import { denoisingEmbeddings, simulateInteractions, truncatedSVD } from "cosine-lab";
import { chooseLambda, evaluateRanking, holdOutItems, splitUsers } from "cosine-lab/evaluation";

const { interactions } = simulateInteractions({ users: 400, items: 60, seed: "lambda" });
const { train, validation } = splitUsers(interactions, { validation: 100, test: 10, seed: "s" });
const parts = holdOutItems(validation, { share: 0.3, seed: "s" });
const svd = truncatedSVD(train);

Deno.test("chooseLambda() takes the largest λ that is as good as the best", () => {
  for (const objective of ["denoising", "weightDecay"] as const) {
    const lambdas = [1e5, 0.1, 10, 1e9, 100];
    const { lambda, accuracies } = chooseLambda(svd, parts, { objective, lambdas, rank: 20 });
    assert.deepEqual(accuracies.map((row) => row.lambda), [0.1, 10, 100, 1e5, 1e9]);
    const best = Math.max(...accuracies.map((row) => row.accuracy));
    for (const row of accuracies) {
      assert(Math.abs(row.behind - (best - row.accuracy)) < 1e-15);
      assert.equal(row.asGood, row.behind <= row.standardError);
      assert(row.lambda <= lambda || !row.asGood);
    }
    assert(accuracies.find((row) => row.lambda === lambda)!.asGood);
  }
});

Deno.test("chooseLambda() measures what evaluateRanking() does", () => {
  const { accuracies } = chooseLambda(svd, parts, { objective: "denoising", lambdas: [5] });
  const model = denoisingEmbeddings(svd, { lambda: 5 });
  const { ndcgAt100 } = evaluateRanking(model, parts.given, parts.heldOut);
  assert.deepEqual(accuracies, [
    { lambda: 5, accuracy: ndcgAt100.mean, behind: 0, standardError: 0, asGood: true },
  ]);
});

Deno.test("chooseLambda() rejects bad options", () => {
  const choose = (options: object) => () =>
    chooseLambda(svd, parts, { objective: "denoising", lambdas: [1], ...options });
  assert.throws(choose({ lambdas: [] }), /there must be at least one to choose from/);
  assert.throws(choose({ lambdas: [-1] }), /lambda must be a finite number of at least 0/);
  assert.throws(choose({ objective: "both" }), /objective must be "denoising" or "weightDecay"/);
  assert.throws(() => chooseLambda(svd, null as never, null as never), /TypeError.*users/);
  assert.throws(() => chooseLambda(svd, parts, null as never), /TypeError.*options/);
});
