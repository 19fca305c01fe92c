import {
  denoisingEmbeddings,
  denoisingLoss,
  type Embeddings,
  gram,
  Interactions,
  largestDifference,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import {
  dropoutEmbeddings,
  dropoutLoss,
  sampledDropoutLoss,
  trainWithDropout,
} from "cosine-lab/training";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { assertClose } from "../assert_close.ts";
import { matrix } from "../reference/small.ts";

const x = Interactions.fromDense([[1, 2], [-1, 0.5]]);
const e = { A: matrix([[0.5, 1], [-1, 0.25]]), B: matrix([[1, 0.5], [0, 2]]) };

/** E‖X − X̃ABᵀ‖² over all 2⁴ masks, each with its probability. */
function byEnumeration(rate: number): number {
  const dense = x.toDense();
  const product = e.A.mmul(e.B.transpose());
  let expected = 0;
  for (let mask = 0; mask < 16; mask++) {
    const dropped = dense.clone();
    let probability = 1;
    for (let entry = 0; entry < 4; entry++) {
      const [u, i] = [entry >> 1, entry & 1];
      const drop = (mask >> entry & 1) === 1;
      probability *= drop ? rate : 1 - rate;
      dropped.set(u, i, drop ? 0 : dense.get(u, i) / (1 - rate));
    }
    const error = Matrix.sub(dense, dropped.mmul(product)).norm("frobenius") ** 2;
    expected += probability * error;
  }
  return expected;
}

Deno.test("dropoutLoss() is the mean over all masks, each with its probability", () => {
  for (const rate of [0, 0.2, 0.5, 0.9]) {
    assertClose(dropoutLoss(x, e, { rate }), byEnumeration(rate), 1e-10);
  }
});

Deno.test("dropoutLoss() without dropout is Eq. 1 without regularization", () => {
  assertClose(dropoutLoss(x, e, { rate: 0 }), denoisingLoss(x, e, 0), 1e-12);
});

Deno.test("sampledDropoutLoss() is within four standard errors of dropoutLoss()", () => {
  for (const rate of [0.2, 0.6]) {
    const options = { rate, samples: 4000, seed: "dropout" };
    const { mean, standardError } = sampledDropoutLoss(x, e, options);
    assert(standardError > 0 && standardError < 0.1 * mean);
    assert(Math.abs(mean - dropoutLoss(x, e, { rate })) < 4 * standardError);
    assert.deepEqual(sampledDropoutLoss(x, e, options), { mean, standardError });
  }
});

Deno.test("dropoutLoss() and sampledDropoutLoss() reject bad input", () => {
  const losses: ((x: Interactions, e: Embeddings, options: { rate: number }) => unknown)[] = [
    dropoutLoss,
    (x, e, o) => sampledDropoutLoss(x, e, o && { samples: 2, seed: "s", ...o }),
  ];
  for (const loss of losses) {
    assert.throws(() => loss(x, e, { rate: 1 }), /RangeError.*rate must be below 1/);
    assert.throws(() => loss(x, e, { rate: -0.1 }), RangeError);
    assert.throws(() => loss(x, e, {} as never), /TypeError.*rate/);
    assert.throws(() => loss(x, e, null as never), /TypeError.*options must be an object/);
    assert.throws(() => loss(x.toDense() as never, e, { rate: 0.5 }), /TypeError.*Interactions/);
    assert.throws(() => loss(x, null as never, { rate: 0.5 }), /TypeError.*A must be/);
  }
  assert.throws(
    () => sampledDropoutLoss(x, e, { rate: 0.5, samples: 1, seed: "s" }),
    /RangeError.*samples must be an integer of at least 2/,
  );
  assert.throws(
    () => sampledDropoutLoss(x, e, { rate: 0.5, samples: 2 } as never),
    /TypeError.*seed must be a string/,
  );
});

const { interactions } = simulateInteractions({
  users: 80,
  items: 10,
  clusters: 2,
  seed: "drop",
});
const norms = gram(interactions).diag().map(Math.sqrt);
const equalized = Interactions.fromDense(interactions.toDense().divRowVector(norms));

Deno.test("dropoutEmbeddings(): with equal second moments it is Eq. 1 with λ = q/(1 − q)", () => {
  for (const rate of [0.1, 0.5, 0.8]) {
    const { A, B } = dropoutEmbeddings(equalized, { rate, rank: 3 });
    const e = denoisingEmbeddings(truncatedSVD(equalized), { lambda: rate / (1 - rate), rank: 3 });
    assertClose(A.mmul(B.transpose()), e.A.mmul(e.B.transpose()), 1e-10);
  }
});

Deno.test("dropoutEmbeddings(): no step along A or B lowers the expected loss, also of unequal moments", () => {
  const options = { rate: 0.4 };
  const e = dropoutEmbeddings(interactions, { ...options, rank: 2 });
  const least = dropoutLoss(interactions, e, options);
  for (const side of ["A", "B"] as const) {
    for (let i = 0; i < 10; i++) {
      for (const step of [-1e-3, 1e-3]) {
        const moved = e[side].clone();
        moved.set(i, i % 2, moved.get(i, i % 2) + step);
        assert(dropoutLoss(interactions, { ...e, [side]: moved }, options) > least);
      }
    }
  }
  const saddle = denoisingEmbeddings(truncatedSVD(interactions), { lambda: 0.1, rank: 2 });
  assert(dropoutLoss(interactions, saddle, options) > 1.001 * least);
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
    assert.throws(() => solve(interactions, { rate: 1, rank: 2 }), /RangeError.*below 1/);
    assert.throws(() => solve(interactions, { rate: 0.5, rank: 11 }), RangeError);
    assert.throws(() => solve(interactions, null as never), TypeError);
  }
  assert.throws(() => trainWithDropout(interactions, { rate: 0.5, rank: 2, steps: 0 }), RangeError);
});
