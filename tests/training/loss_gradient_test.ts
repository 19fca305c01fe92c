import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { denoisingLoss, type Embeddings, Interactions, weightDecayLoss } from "cosine-lab";
import { lossGradient } from "cosine-lab/training";
import { matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";

const x = Interactions.fromDense([[1, 2, 0], [0, -1, 3], [1, 0, 0.5]]);
const losses = { denoising: denoisingLoss, weightDecay: weightDecayLoss } as const;

for (const objective of ["denoising", "weightDecay"] as const) {
  Deno.test(`lossGradient(), ${objective}: it is what central differences of the loss say`, () => {
    const lambda = 0.7;
    const step = 1e-4;
    fc.assert(
      fc.property(matrices(3, 2), matrices(3, 2), (a, b) => {
        const e: Embeddings = { A: a.div(5), B: b.div(5) };
        const gradient = lossGradient(x, e, { objective, lambda });
        for (const factor of ["A", "B"] as const) {
          const differences = e[factor].clone();
          for (let i = 0; i < 3; i++) {
            for (let j = 0; j < 2; j++) {
              const at = (move: number) => {
                const moved = { A: e.A.clone(), B: e.B.clone() };
                moved[factor].set(i, j, e[factor].get(i, j) + move);
                return losses[objective](x, moved, lambda);
              };
              differences.set(i, j, (at(step) - at(-step)) / (2 * step));
            }
          }
          // The loss is a polynomial of degree 2 in one factor: central differences only round.
          assertClose(gradient[factor], differences, 1e-6);
        }
      }),
      { numRuns: 30 },
    );
  });
}

Deno.test("lossGradient() names what is of the wrong kind", () => {
  const e = { A: x.toDense(), B: x.toDense() };
  const options = { objective: "denoising", lambda: 1 } as const;
  assert.throws(
    () => lossGradient(x.toDense() as never, e, options),
    /TypeError.*x must be an Interactions .*current value is a Matrix/,
  );
  assert.throws(() => lossGradient(x, null as never, options), /TypeError.*A must be/);
  assert.throws(() => lossGradient(x, e, null as never), /TypeError.*options must be an object/);
  assert.throws(
    () => lossGradient(x, e, { objective: "other" as never, lambda: 1 }),
    /RangeError.*objective must be "denoising" or "weightDecay"/,
  );
  assert.throws(() => lossGradient(x, e, { ...options, lambda: -1 }), RangeError);
});
