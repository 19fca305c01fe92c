import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import {
  denoisingEmbeddings,
  denoisingLoss,
  gram,
  truncatedSVD,
  weightDecayEmbeddings,
  weightDecayLoss,
} from "cosine-lab";
import {
  alternatingLeastSquares,
  dropoutLoss,
  lossGradient,
  trainEmbeddings,
} from "cosine-lab/training";
import { interactions } from "../arbitraries.ts";

Deno.test("models, losses and training give the same of G alone as of X", () => {
  fc.assert(
    fc.property(interactions, fc.double({ min: 0.1, max: 10, noNaN: true }), (x, lambda) => {
      const g = { gram: gram(x) };
      assert.deepEqual(truncatedSVD(g, { rank: 1 }), truncatedSVD(x, { rank: 1 }));
      const svd = truncatedSVD(g);
      for (const model of [denoisingEmbeddings, weightDecayEmbeddings]) {
        const e = model(svd, { lambda });
        assert.equal(denoisingLoss(g, e, lambda), denoisingLoss(x, e, lambda));
        assert.equal(weightDecayLoss(g, e, lambda), weightDecayLoss(x, e, lambda));
        assert.equal(dropoutLoss(g, e, { rate: 0.3 }), dropoutLoss(x, e, { rate: 0.3 }));
        const objective = { objective: "denoising", lambda } as const;
        assert.deepEqual(lossGradient(g, e, objective), lossGradient(x, e, objective));
      }
      const training = { objective: "weightDecay", lambda, rank: 1, maxSteps: 20 } as const;
      assert.deepEqual(trainEmbeddings(g, training), trainEmbeddings(x, training));
      const options = { lambda, rank: 1, maxRounds: 5 };
      assert.deepEqual(alternatingLeastSquares(g, options), alternatingLeastSquares(x, options));
    }),
    { numRuns: 50 },
  );
});
