import assert from "node:assert/strict";
import { Interactions, truncatedSVD, weightDecayEmbeddings, weightDecayLoss } from "cosine-lab";
import { alternatingLeastSquares } from "cosine-lab/training";
import { assertClose } from "../assert_close.ts";
import { referenceSVD, referenceX } from "../reference/small.ts";

Deno.test("alternatingLeastSquares() finds the product and the loss of Eq. 6", () => {
  const [lambda, rank] = [0.5, 3];
  const { embeddings: { A, B }, losses } = alternatingLeastSquares(referenceX, { lambda, rank });
  const exact = weightDecayEmbeddings(referenceSVD, { lambda, rank });
  assertClose(A.mmul(B.transpose()), exact.A.mmul(exact.B.transpose()), 1e-5);
  assertClose(losses.at(-1)!, weightDecayLoss(referenceX, exact, lambda), 1e-9);
  assertClose(weightDecayLoss(referenceX, { A, B }, lambda), losses.at(-1)!, 1e-9);
});

Deno.test("alternatingLeastSquares(): no round raises the loss", () => {
  const { losses } = alternatingLeastSquares(referenceX, { lambda: 1, rank: 2, maxRounds: 20 });
  losses.forEach((loss, round) => {
    assert(round === 0 || loss <= losses[round - 1] * (1 + 1e-12), `round ${round}`);
  });
});

Deno.test("alternatingLeastSquares() of one user, and with more dimensions than data", () => {
  const x = Interactions.fromDense([[1, 0, 1]]);
  const exact = weightDecayEmbeddings(truncatedSVD(x), { lambda: 0.3 });
  for (const rank of [1, 2]) {
    const { A, B } = alternatingLeastSquares(x, { lambda: 0.3, rank }).embeddings;
    assertClose(A.mmul(B.transpose()), exact.A.mmul(exact.B.transpose()), 1e-6);
  }
});

Deno.test("alternatingLeastSquares(): one seed, one result", () => {
  const run = (seed: string) =>
    alternatingLeastSquares(referenceX, { lambda: 1, rank: 2, seed, maxRounds: 3 })
      .embeddings.B.to2DArray();
  assert.deepEqual(run("a"), run("a"));
  assert.notDeepEqual(run("a"), run("b"));
});

Deno.test("alternatingLeastSquares() rejects λ = 0 and other bad input", () => {
  const good = { lambda: 1, rank: 2 };
  const run = (x: unknown, options: unknown) =>
    alternatingLeastSquares(x as never, options as never);
  assert.throws(
    () => run(referenceX, { ...good, lambda: 0 }),
    /RangeError.*lambda must be a finite number above 0, current value is 0/,
  );
  assert.throws(() => run(referenceX, { ...good, rank: 13 }), /RangeError.*between 1 and 12/);
  assert.throws(() => run(referenceX, { ...good, maxRounds: 0 }), RangeError);
  assert.throws(() => run(referenceX, { ...good, seed: 1 }), /TypeError.*seed/);
  assert.throws(() => run(referenceX.toDense(), good), /TypeError.*must be an Interactions/);
  assert.throws(() => run(referenceX, null), /TypeError.*options must be an object/);
});
