import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { pairedDifference } from "cosine-lab/evaluation";
import { assertClose } from "../assert_close.ts";

Deno.test("pairedDifference() by hand", () => {
  const { mean, standardError } = pairedDifference({ values: [3, 5, 7] }, { values: [1, 4, 4] });
  assertClose(mean, 2, 1e-15);
  // The differences are 2, 1 and 3: variance 1.
  assertClose(standardError, Math.sqrt(1 / 3), 1e-15);
});

Deno.test("pairedDifference(): what all users have in common cancels, and the sign is that of the order", () => {
  const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(fc.property(values, values, values, (a, b, common) => {
    const add = (m: number[]) => ({ values: m.map((value, u) => value + 1000 * common[u]) });
    const plain = pairedDifference({ values: a }, { values: b });
    const shifted = pairedDifference(add(a), add(b));
    assertClose(shifted.mean, plain.mean, 1e-10);
    assertClose(shifted.standardError, plain.standardError, 1e-10);
    assertClose(pairedDifference({ values: b }, { values: a }).mean, -plain.mean, 1e-14);
  }));
});

Deno.test("pairedDifference() rejects what are not values of the same users", () => {
  assert.throws(() => pairedDifference({} as never, { values: [1, 2] }), TypeError);
  assert.throws(() => pairedDifference({ values: [1] }, { values: [1] }), /RangeError.*at least 2/);
  assert.throws(() => pairedDifference({ values: [1, 2] }, { values: [1, 2, 3] }), /2 and 3/);
});
