import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import {
  denoisingEmbeddings,
  gram,
  Interactions,
  largestDifference,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { dropoutEmbeddings, dropoutLoss, trainWithDropout } from "cosine-lab/training";
import { assertClose } from "../assert_close.ts";

const { interactions: x } = simulateInteractions({
  users: 80,
  items: 10,
  clusters: 2,
  seed: "drop",
});
const norms = gram(x).diag().map(Math.sqrt);
const equalized = Interactions.fromDense(x.toDense().divRowVector(norms));

Deno.test("dropoutEmbeddings(): with equal second moments it is Eq. 1 with λ = q/(1 − q)", () => {
  for (const rate of [0.1, 0.5, 0.8]) {
    const { A, B } = dropoutEmbeddings(equalized, { rate, rank: 3 });
    const e = denoisingEmbeddings(truncatedSVD(equalized), { lambda: rate / (1 - rate), rank: 3 });
    assertClose(A.mmul(B.transpose()), e.A.mmul(e.B.transpose()), 1e-10);
  }
});

Deno.test("dropoutEmbeddings(): no step along A or B lowers the expected loss, also of unequal moments", () => {
  const options = { rate: 0.4 };
  const e = dropoutEmbeddings(x, { ...options, rank: 2 });
  const least = dropoutLoss(x, e, options);
  for (const side of ["A", "B"] as const) {
    for (let i = 0; i < 10; i++) {
      for (const step of [-1e-3, 1e-3]) {
        const moved = e[side].clone();
        moved.set(i, i % 2, moved.get(i, i % 2) + step);
        assert(dropoutLoss(x, { ...e, [side]: moved }, options) > least);
      }
    }
  }
  const saddle = denoisingEmbeddings(truncatedSVD(x), { lambda: 0.1, rank: 2 });
  assert(dropoutLoss(x, saddle, options) > 1.001 * least);
});

Deno.test("trainWithDropout() finds the minimum of the expected loss from every start, and a D by chance", () => {
  const [rate, rank] = [0.3, 2];
  const options = { rate, rank, steps: 3000 };
  const exact = dropoutEmbeddings(equalized, { rate, rank });
  const runs = ["1", "2"].map((seed) => trainWithDropout(equalized, { ...options, seed }));
  const product = exact.A.mmul(exact.B.transpose());
  for (const run of runs) {
    assert(dropoutLoss(equalized, run, { rate }) < 1.002 * dropoutLoss(equalized, exact, { rate }));
    const difference = Matrix.sub(run.A.mmul(run.B.transpose()), product);
    assert(difference.norm() < 0.1 * product.norm());
  }
  assert(largestDifference(runs[0].B, runs[1].B) > 0.01);
  assert.deepEqual(runs[0], trainWithDropout(equalized, { ...options, seed: "1" }));
});

Deno.test("dropoutEmbeddings() and trainWithDropout() reject bad options", () => {
  const empty = Interactions.fromDense([[1, 0], [1, 0]]);
  assert.throws(
    () => dropoutEmbeddings(empty, { rate: 0.5, rank: 1 }),
    /item 1 has no interactions/,
  );
  for (const solve of [dropoutEmbeddings, trainWithDropout]) {
    assert.throws(() => solve(x, { rate: 1, rank: 2 }), /RangeError.*below 1/);
    assert.throws(() => solve(x, { rate: 0.5, rank: 11 }), RangeError);
    assert.throws(() => solve(x, null as never), TypeError);
  }
  assert.throws(() => trainWithDropout(x, { rate: 0.5, rank: 2, steps: 0 }), RangeError);
});
