import assert from "node:assert/strict";
import { determinant, Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { randomRotation } from "cosine-lab";
import { assertClose } from "../assert_close.ts";

Deno.test("randomRotation() is orthogonal, and the same for the same seed", () => {
  for (const k of [1, 2, 3, 12]) {
    const r = randomRotation(k, seedrandom.alea("one"));
    assertClose(r.transpose().mmul(r), Matrix.eye(k), 1e-14);
    assert.deepEqual(randomRotation(k, seedrandom.alea("one")).to2DArray(), r.to2DArray());
  }
});

Deno.test("randomRotation() takes a seed, or a generator, which draws the same", () => {
  const r = randomRotation(4, { seed: "one" }).to2DArray();
  assert.deepEqual(randomRotation(4, seedrandom.alea("one")).to2DArray(), r);
  assert.notDeepEqual(randomRotation(4, { seed: "two" }).to2DArray(), r);
  assert.deepEqual(
    randomRotation(4).to2DArray(),
    randomRotation(4, { seed: "rotation" }).to2DArray(),
  );
  assert.throws(() => randomRotation(4, { seed: 1 } as never), /TypeError.*seed must be a string/);
  assert.throws(() => randomRotation(4, { sead: "one" } as never), /TypeError.*no option "sead"/);
  assert.throws(() => randomRotation(4, "one" as never), TypeError);
});

Deno.test("randomRotation() is uniform: every entry has mean 0 and mean square 1/k, either sign of the determinant", () => {
  const [k, draws] = [3, 4000];
  const random = seedrandom.alea("uniform");
  const sum = Matrix.zeros(k, k), squares = Matrix.zeros(k, k);
  let positive = 0;
  for (let draw = 0; draw < draws; draw++) {
    const r = randomRotation(k, random);
    sum.add(r);
    squares.add(Matrix.mul(r, r));
    if (determinant(r) > 0) positive++;
  }
  // Five standard errors of a mean over this many draws.
  assertClose(sum.div(draws), Matrix.zeros(k, k), 5 * Math.sqrt(1 / k / draws));
  assertClose(squares.div(draws), Matrix.ones(k, k).div(k), 5 * 0.3 / Math.sqrt(draws));
  assertClose(positive / draws, 0.5, 5 * 0.5 / Math.sqrt(draws));
});

Deno.test("randomRotation() rejects a size that is none", () => {
  assert.throws(() => randomRotation(0, Math.random), /RangeError.*k must be an integer/);
  assert.throws(() => randomRotation("3" as never, Math.random), TypeError);
});
