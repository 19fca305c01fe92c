import { rankCorrelation } from "cosine-lab";
import { spearman } from "cosine-lab/evaluation";
import { Matrix } from "ml-matrix";
import assert from "node:assert/strict";
import { assertClose } from "../assert_close.ts";
import { matrix, reference } from "../reference/small.ts";

Deno.test("spearman() averages ties", () => {
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 over √(4.5 · 5).
  assertClose(spearman([0, 7, 7, 9], [1, 2, 3, 4]), 4.5 / Math.sqrt(4.5 * 5), 1e-15);
});

Deno.test("spearman() rejects bad input", () => {
  assert.throws(() => spearman([1, 2], [1]), /they have 2 and 1/);
  assert.throws(() => spearman([1, NaN], [1, 2]), /finite/);
  assert.throws(() => spearman([1, 1], [1, 2]), /values must differ/);
  assert.throws(() => spearman(undefined as never, [1]), TypeError);
});

const { metrics } = reference;

const referenceCosines = matrix(metrics.similarity);

const t = matrix(metrics.other);

Deno.test("rankCorrelation() agrees with SciPy", () => {
  assertClose(rankCorrelation(referenceCosines, t), metrics.spearman);
});

Deno.test("rankCorrelation() knows only ranks", () => {
  const monotone = new Matrix(
    referenceCosines.to2DArray().map((row) => row.map((value) => Math.exp(5 * value))),
  );
  assertClose(rankCorrelation(referenceCosines, monotone), 1, 1e-15);
  assertClose(rankCorrelation(monotone, t), metrics.spearman, 1e-12);
});

Deno.test("rankCorrelation() averages ties, by hand", () => {
  // Above the diagonal 1, 1, 2 against 1, 2, 3: ranks 1.5, 1.5, 3 against 1, 2, 3.
  const a = matrix([[1, 1, 1], [1, 1, 2], [1, 2, 1]]);
  const b = matrix([[1, 1, 2], [1, 1, 3], [2, 3, 1]]);
  assertClose(rankCorrelation(a, b), Math.sqrt(3) / 2, 1e-15);
});

Deno.test("rankCorrelation() rejects bad input", () => {
  const wide = Matrix.zeros(2, 3);
  assert.throws(
    () => rankCorrelation(referenceCosines, Matrix.zeros(3, 3)),
    /RangeError.*of the same items/,
  );
  assert.throws(() => rankCorrelation(wide, wide), /RangeError.*must be square/);
  assert.throws(() => rankCorrelation(referenceCosines, null as never), TypeError);
  assert.throws(
    () => rankCorrelation(referenceCosines, Matrix.ones(12, 12)),
    /RangeError.*the same for all/,
  );
});
