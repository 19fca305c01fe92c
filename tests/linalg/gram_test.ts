import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { gram, Interactions, simulateInteractions } from "cosine-lab";
import { gramFromRows } from "../../lib/linalg/gram_from_rows.ts";
import { interactions, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import { matrix, reference, referenceX } from "../reference/small.ts";

Deno.test("gram() of the reference is NumPy's, exactly", () => {
  assert.deepEqual(gram(referenceX).to2DArray(), reference.gram);
});

Deno.test("gram() is XᵀX, of binary and of weighted data", () => {
  fc.assert(fc.property(fc.oneof(interactions, matrices(5, 4).map(Interactions.fromDense)), (x) => {
    const dense = x.toDense();
    assertClose(gram(x), dense.transpose().mmul(dense), 1e-12 * 1e3);
  }));
});

Deno.test("gram() gives a copy that can be changed without harm", () => {
  const x = Interactions.fromDense([[1, 1]]);
  gram(x).set(0, 0, 99);
  assert.equal(gram(x).get(0, 0), 1);
});

Deno.test("gram() counts the same on either path, also where rows do not fill a word", () => {
  for (const users of [1, 31, 32, 33, 500]) {
    const { interactions } = simulateInteractions({ users, items: 40, seed: `${users}` });
    assert.deepEqual(gram(interactions).to2DArray(), gramFromRows(interactions).to2DArray());
  }
});

Deno.test("gram() of data without interactions is zero", () => {
  assert.deepEqual(
    gram(Interactions.fromDense([[0, 0]])).to2DArray(),
    matrix([[0, 0], [0, 0]]).to2DArray(),
  );
});
