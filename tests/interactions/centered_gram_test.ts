import { centeredGram, gram, Interactions } from "cosine-lab";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { interactions, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";

/** YᵀY, with Y formed. */
function byDefinition(x: Matrix, means: "columns" | "both"): Matrix {
  const y = x.clone();
  if (means === "both") y.subColumnVector(x.mean("row"));
  y.subRowVector(y.mean("column"));
  return y.transpose().mmul(y);
}

for (const means of ["columns", "both"] as const) {
  Deno.test(`centeredGram(), ${means}: it is YᵀY, of binary and of weighted data`, () => {
    fc.assert(fc.property(interactions, (x) => {
      assertClose(centeredGram(x, means), byDefinition(x.toDense(), means), 1e-12);
    }));
    fc.assert(fc.property(matrices(5, 3), (x) => {
      assertClose(
        centeredGram(Interactions.fromDense(x), means),
        byDefinition(x, means),
        1e-10,
      );
    }));
  });
}

Deno.test("centeredGram() of the columns needs no more than G, the column sums and n", () => {
  fc.assert(fc.property(interactions, (x) => {
    const moments = {
      gram: gram(x),
      columnSums: x.toDense().sum("column"),
      users: x.users,
    };
    assertClose(centeredGram(moments, "columns"), centeredGram(x, "columns"), 0);
  }));
});

Deno.test("centeredGram() rejects bad input", () => {
  const moments = { gram: Matrix.eye(2), columnSums: [1, 1], users: 3 };
  assert.throws(() => centeredGram(moments, "both"), /RangeError.*knows no rows/);
  assert.throws(
    () => centeredGram({ ...moments, columnSums: [1] }, "columns"),
    /RangeError.*columnSums must have an entry for each of the 2 items, it has 1/,
  );
  assert.throws(
    () => centeredGram({ ...moments, columnSums: [1, NaN] }, "columns"),
    /RangeError.*columnSums must be finite, entry 1 is NaN/,
  );
  assert.throws(
    () => centeredGram({ ...moments, users: 0 }, "columns"),
    /RangeError.*users must be an integer of at least 1/,
  );
  assert.throws(
    () => centeredGram({ gram: Matrix.eye(2) } as never, "columns"),
    /TypeError/,
  );
  const x = Interactions.fromDense([[1, 0]]);
  assert.throws(() => centeredGram(x, "rows" as never), /RangeError.*"columns" or "both".*"rows"/);
  assert.throws(
    () => centeredGram(x.toDense() as never, "both"),
    /TypeError.*x must be an Interactions .*current value is a Matrix/,
  );
});
