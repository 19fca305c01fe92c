import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import { itemAuc } from "cosine-lab";

Deno.test("itemAuc() counts the pairs of one in the cluster and one outside", () => {
  const data = fc.integer({ min: 2, max: 9 }).chain((p) =>
    fc.tuple(
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: p * p, maxLength: p * p }),
      fc.array(fc.nat(2), { minLength: p, maxLength: p }),
    )
  );
  fc.assert(fc.property(data, ([entries, labels]) => {
    const p = labels.length;
    const s = Matrix.from1DArray(p, p, entries);
    itemAuc(s, labels).forEach((auc, i) => {
      let wins = 0, pairs = 0;
      for (let j = 0; j < p; j++) {
        for (let k = 0; k < p; k++) {
          if (j === i || k === i || labels[j] !== labels[i] || labels[k] === labels[i]) continue;
          wins += s.get(i, j) > s.get(i, k) ? 1 : s.get(i, j) === s.get(i, k) ? 0.5 : 0;
          pairs++;
        }
      }
      assert.equal(auc, wins / pairs);
    });
  }));
});

Deno.test("itemAuc() rejects bad input", () => {
  assert.throws(() => itemAuc(new Matrix(2, 3), [0, 1]), RangeError);
  assert.throws(() => itemAuc(new Matrix(2, 2), [0]), /a label for each of the 2 items/);
});
