import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { denoisingLoss, type Embeddings, Interactions } from "cosine-lab";
import { dropoutLoss, sampledDropoutLoss } from "cosine-lab/training";
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
