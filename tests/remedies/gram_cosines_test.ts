import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import { cosineSimilarity, gram } from "cosine-lab";
import { gramCosines } from "cosine-lab/remedies";
import { interactions } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";

Deno.test("gramCosines() are the cosines of the columns of X", () => {
  fc.assert(fc.property(interactions, (x) => {
    assertClose(gramCosines(gram(x)), cosineSimilarity(x.toDense().transpose()), 1e-12);
  }));
});

Deno.test("gramCosines() rejects what is no Gram matrix", () => {
  assert.throws(() => gramCosines(new Matrix(2, 3)), RangeError);
  assert.throws(() => gramCosines([[1]] as never), TypeError);
});
