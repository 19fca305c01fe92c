import assert from "node:assert/strict";
import { Interactions } from "../../lib/mod.ts";
import { findLapack } from "../../lib/linalg/lapack.ts";
import { gramFromBlocks, prefersBlocks } from "../../lib/linalg/gram_from_blocks.ts";
import { gramFromRows } from "../../lib/linalg/gram_from_rows.ts";
import { assertClose } from "../assert_close.ts";

/** n x p, weighted, with a share of its entries that are not 0. */
function weighted(n: number, p: number, every: number): Interactions {
  return Interactions.fromDense(
    Array.from(
      { length: n },
      (_, u) => Array.from({ length: p }, (_, i) => (u * 7 + i * 3) % every ? 0 : 1 + (u + i) / n),
    ),
  );
}

Deno.test("gramFromBlocks(): blocks of dense rows add up to the sum over sparse rows", () => {
  for (const [n, p] of [[1, 1], [5, 3], [2048, 2], [2049, 4], [5000, 7]]) {
    const x = weighted(n, p, 2);
    const expected = gramFromRows(x);
    assertClose(gramFromBlocks(x), expected, 1e-12 * (1 + expected.max()));
  }
});

Deno.test("gramFromBlocks() takes the place of sparse rows only where there is a lot, and BLAS", () => {
  assert.equal(prefersBlocks(weighted(50, 40, 1)), false);
  assert.equal(prefersBlocks(weighted(6000, 140, 1)), Boolean(findLapack()?.dsyrk));
  assert.equal(prefersBlocks(weighted(6000, 140, 70)), false);
});
