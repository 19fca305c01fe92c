import {
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingLoss,
  denoisingSpectrum,
  modelingChoices,
  rescale,
  rotate,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { balancedFactors, equivalentEmbeddings } from "cosine-lab/remedies";
import { Matrix, SingularValueDecomposition, solve } from "ml-matrix";
import assert from "node:assert/strict";
import { diagonals, matrices, rotations } from "../arbitraries.ts";
import { assertClose } from "../assert_close.ts";
import fc from "../fast_check.ts";

const { interactions: x } = simulateInteractions({ users: 300, items: 30, seed: "equivalent" });
const svd = truncatedSVD(x);
const model = denoisingEmbeddings(svd, { lambda: 100, rank: 5 });

Deno.test("balancedFactors(): the same product, evenly split", () => {
  const pairs = fc.tuple(matrices(6, 3), matrices(6, 3))
    .filter(([A, B]) => A.mmul(B.transpose()).norm() > 1e-3);
  fc.assert(fc.property(pairs, ([A, B]) => {
    const { embeddings, spectrum } = balancedFactors({ A, B });
    const scale = A.norm() * B.norm();
    const product = A.mmul(B.transpose());
    assertClose(
      embeddings.A.mmul(embeddings.B.transpose()).div(scale),
      product.div(scale),
      1e-12,
    );
    const expected = Matrix.diag([...spectrum]).div(scale);
    for (const m of [embeddings.A, embeddings.B]) {
      assertClose(m.transpose().mmul(m).div(scale), expected, 1e-12);
    }
  }));
});

Deno.test("balancedFactors() forgets how the product was split: D and R", () => {
  const expected = balancedFactors(model);
  assertClose(expected.spectrum, denoisingSpectrum(svd, 100).subarray(0, 5), 1e-12);
  assertClose(cosineSimilarity(expected.embeddings.B), cosineSimilarity(model.B), 1e-10);
  fc.assert(
    fc.property(diagonals(5), rotations(5), (d, r) => {
      const found = balancedFactors(rotate(rescale(model, d), r));
      assertClose(found.spectrum, expected.spectrum, 1e-10);
      assertClose(
        cosineSimilarity(found.embeddings.B),
        cosineSimilarity(expected.embeddings.B),
        1e-8,
      );
    }),
    { numRuns: 20 },
  );
});

Deno.test("balancedFactors() drops dimensions that the product does not have", () => {
  const doubled = (m: Matrix) => new Matrix(m.to2DArray().map((row) => [...row, 0, row[0]]));
  const { embeddings, spectrum } = balancedFactors({ A: doubled(model.A), B: doubled(model.B) });
  assert.equal(spectrum.length, 5);
  assert.equal(embeddings.A.columns, 5);
});

Deno.test("equivalentEmbeddings(): for Eq. 1 they are the D of section 2.2, and random ones", () => {
  const found = equivalentEmbeddings(model, { scalings: 2 });
  const { root, identity, inverse } = modelingChoices(svd, { denoising: 100, rank: 5 });
  assert.equal(found.length, 5);
  [identity, root, inverse].forEach(({ embeddings }, i) =>
    assertClose(cosineSimilarity(found[i].B), cosineSimilarity(embeddings.B), 1e-10)
  );
  const loss = denoisingLoss(x, model, 100);
  for (const e of found) assertClose(denoisingLoss(x, e, 100) / loss, 1, 1e-12);
});

Deno.test("equivalentEmbeddings(): random D have at most the condition, and follow the seed", () => {
  const { embeddings } = balancedFactors(model);
  const options = { scalings: 20, condition: 4 };
  const found = equivalentEmbeddings(model, options).slice(3);
  for (const { B } of found) {
    // BD⁻¹ over B, column by column.
    const d = embeddings.B.transpose().to2DArray()
      .map((column, j) => Math.hypot(...column) / Math.hypot(...B.getColumn(j)));
    assert(Math.max(...d) / Math.min(...d) <= 4 * (1 + 1e-10));
    assert(Math.max(...d) / Math.min(...d) > 1.1);
  }
  assertClose(equivalentEmbeddings(model, options)[3].B, found[0].B, 0);
  const other = equivalentEmbeddings(model, { ...options, seed: "other" })[3].B;
  assert(Matrix.sub(other, found[0].B).norm() > 1e-3);
});

Deno.test("equivalentEmbeddings() rejects bad input", () => {
  const wide = { A: Matrix.ones(2, 3), B: Matrix.ones(2, 3) };
  assert.throws(() => equivalentEmbeddings(wide), /RangeError.*at most as many columns as rows/);
  const zero = { A: Matrix.zeros(3, 2), B: Matrix.ones(3, 2) };
  assert.throws(() => equivalentEmbeddings(zero), /RangeError.*must not be 0/);
  assert.throws(() => equivalentEmbeddings(model, { scalings: -1 }), RangeError);
  assert.throws(() => equivalentEmbeddings(model, { condition: 0.5 }), RangeError);
  assert.throws(() => equivalentEmbeddings(model, { seed: 1 as never }), TypeError);
  assert.throws(() => equivalentEmbeddings(null as never), TypeError);
});

Deno.test("equivalentEmbeddings(): mixtures are invertible M that are not diagonal, of bounded condition", () => {
  const all = equivalentEmbeddings(model, { scalings: 0, mixtures: 2, condition: 4 });
  assert.equal(all.length, 5);
  const product = model.A.mmul(model.B.transpose());
  const { embeddings: even } = balancedFactors(model);
  for (const { A, B } of all.slice(3)) {
    assertClose(A.mmul(B.transpose()), product, 1e-12);
    // B = even.B·M, with M from a least-squares fit.
    const M = solve(even.B, B);
    const { diagonal } = new SingularValueDecomposition(M);
    assert(diagonal[0] / diagonal[4] <= 4 + 1e-9);
    const off = M.clone().sub(Matrix.diag(M.diag()));
    assert(off.norm() > 0.1 * M.norm());
  }
  assert.throws(() => equivalentEmbeddings(model, { mixtures: -1 }), RangeError);
  assert.throws(() => equivalentEmbeddings(model, { mixture: 1 } as never), /no option "mixture"/);
});
