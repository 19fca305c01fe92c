import assert from "node:assert/strict";
import fc from "fast-check";
import type { Matrix } from "ml-matrix";
import { centeredGram, Interactions } from "../../lib/mod.ts";
import { interactions, matrices } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";

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

Deno.test("centeredGram() rejects bad input", () => {
  const x = Interactions.fromDense([[1, 0]]);
  assert.throws(() => centeredGram(x, "rows" as never), /RangeError.*"columns" or "both".*"rows"/);
  assert.throws(
    () => centeredGram(x.toDense() as never, "both"),
    /TypeError.*x must be an Interactions .*current value is a Matrix/,
  );
});
