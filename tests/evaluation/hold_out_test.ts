import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Interactions } from "cosine-lab";
import { holdOutItems, splitUsers } from "cosine-lab/evaluation";
import { interactions } from "../arbitraries.ts";

/** The rows of X as text, sorted: users without regard to their order. */
function rows(...parts: Interactions[]): string[] {
  return parts.flatMap((x) => x.toDense().to2DArray().map((row) => row.join())).sort();
}

Deno.test("splitUsers() puts every user in one part", () => {
  const large = interactions.filter((x) => x.users >= 3);
  fc.assert(fc.property(large, fc.nat(), fc.nat(), fc.string(), (x, a, b, seed) => {
    const validation = 1 + a % (x.users - 2);
    const test = 1 + b % (x.users - validation - 1);
    const parts = splitUsers(x, { validation, test, seed });
    assert.deepEqual([parts.validation.users, parts.test.users], [validation, test]);
    assert.equal(parts.train.users, x.users - validation - test);
    assert.deepEqual(rows(parts.train, parts.validation, parts.test), rows(x));
    assert.equal(parts.train.items, x.items);
  }));
});

Deno.test("holdOutItems() holds out some of each user's items, and not all of them", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const some = interactions.filter((x) =>
    x.rowStarts.some((start, u) => u > 0 && start - x.rowStarts[u - 1] >= 2)
  );
  fc.assert(fc.property(some, share, fc.string(), (x, share, seed) => {
    const { given, heldOut } = holdOutItems(x, { share, seed });
    const sum = given.toDense().add(heldOut.toDense()).to2DArray();
    const kept = x.toDense().to2DArray().filter((row) => row.reduce((a, b) => a + b) >= 2);
    // Every entry is in one of the two: a user's rows add up to what they were.
    assert.deepEqual(sum, kept);
    for (let u = 0; u < given.users; u++) {
      const size = kept[u].reduce((a, b) => a + b);
      const count = heldOut.rowStarts[u + 1] - heldOut.rowStarts[u];
      assert.equal(count, Math.min(size - 1, Math.max(1, Math.round(share * size))));
    }
  }));
});

Deno.test("splitUsers() and holdOutItems() keep values, and are the same for the same seed", () => {
  const x = Interactions.fromDense(
    Array.from({ length: 8 }, (_, u) => [u + 1, 2 * u + 1, 0, 3, 4, 5, 6]),
  );
  const split = (seed: string) => splitUsers(x, { validation: 2, test: 3, seed });
  assert.deepEqual(rows(...Object.values(split("a"))), rows(x));
  assert.deepEqual(rows(split("a").test), rows(split("a").test));
  assert.notDeepEqual(rows(split("a").test), rows(split("b").test));
  const hold = (seed: string) => holdOutItems(x, { share: 0.4, seed });
  assert.deepEqual(hold("a").heldOut.toDense().add(hold("a").given.toDense()), x.toDense());
  assert.notDeepEqual(rows(hold("a").heldOut), rows(hold("b").heldOut));
});

Deno.test("splitUsers() and holdOutItems() reject bad input", () => {
  const x = Interactions.fromDense([[1, 0], [0, 1], [1, 0], [0, 1]]);
  const split = (...input: unknown[]) => splitUsers(...input as Parameters<typeof splitUsers>);
  const hold = (...input: unknown[]) => holdOutItems(...input as Parameters<typeof holdOutItems>);
  assert.throws(
    () => split(x, { validation: 3, test: 1, seed: "s" }),
    /RangeError.*between 1 and 2/,
  );
  assert.throws(
    () => split(x, { validation: 1, test: 3, seed: "s" }),
    /RangeError.*between 1 and 2/,
  );
  assert.throws(() => split(x, { validation: 1, test: 1 }), /TypeError.*seed must be a string/);
  assert.throws(() => hold(x, { share: 0.5, seed: "s" }), /RangeError.*no user has two items/);
  assert.throws(() => hold(x, { share: 2, seed: "s" }), /RangeError.*between 0 and 1/);
  assert.throws(() => hold(x, { share: 0.5 }), /TypeError.*seed must be a string/);
  for (const run of [split, hold]) {
    assert.throws(() => run([[1]], { seed: "s" }), /TypeError.*x must be an Interactions/);
    assert.throws(() => run(x), /TypeError.*options must be an object, current value is undefined/);
  }
});
