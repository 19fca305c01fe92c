import assert from "node:assert/strict";
import { cosineSimilarity, randomRotation } from "cosine-lab";
import { applyCorrection, fitCorrection } from "cosine-lab/audit";
import { canonicalItems, removeTopDirections } from "cosine-lab/remedies";
import { randomNormal } from "cosine-lab/training";
import { inverse, Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { foldInUsers } from "../../../lib/audit/fix/fit_and_apply.ts";
import { rowsOfMatrix } from "../../../lib/audit/rows.ts";
import { assertClose } from "../../assert_close.ts";

function noise(n: number, k: number, seed: string): Matrix {
  const normal = randomNormal(seedrandom.alea(seed));
  return new Matrix(Array.from({ length: n }, () => Float64Array.from({ length: k }, normal)));
}

const items = noise(80, 5, "items").mmul(noise(5, 5, "mix")).add(2);
const users = noise(60, 5, "users");
const corrected = (name: string, m = items, p?: Matrix) =>
  applyCorrection(fitCorrection(m, name, { users: p }), m);

Deno.test("fitCorrection: each correction is what it says", () => {
  assertClose(corrected("as-is"), items, 0);
  assertClose(corrected("center").mean("column"), new Float64Array(5));
  assertClose(corrected("remove-top-2"), removeTopDirections(items, { directions: 2 }));
  const scores = corrected("z-scores");
  assertClose(scores.mean("column"), new Float64Array(5));
  assertClose(scores.variance("column", { unbiased: false }), new Float64Array(5).fill(1));
  const white = corrected("whitening");
  const covariance = white.transpose().mmul(white).div(80);
  assertClose(covariance, Matrix.eye(5).mul(covariance.get(0, 0)));
  assert.equal(fitCorrection(items, "whitening").shrinkage, 0);
  const unit = applyCorrection(fitCorrection(items, "center", { normalize: true }), items);
  assertClose(unit.to2DArray().map((row) => Math.hypot(...row)), new Float64Array(80).fill(1));
});

Deno.test("fitCorrection: the canonical spectrum has the cosines of canonicalItems, whatever M is", () => {
  const M = noise(5, 5, "M").mulRowVector([1e3, 1, 1, 1, 1e-3]);
  const [mixedItems, mixedUsers] = [items.mmul(inverse(M).transpose()), users.mmul(M)];
  for (const exponent of [0, 0.5, 1]) {
    const expected = cosineSimilarity(canonicalItems(items, users, { exponent }));
    const name = `canonical-${exponent}`;
    assertClose(cosineSimilarity(corrected(name, items, users)), expected, 1e-9);
    assertClose(cosineSimilarity(corrected(name, mixedItems, mixedUsers)), expected, 1e-7);
  }
});

Deno.test("foldInUsers: of users that are combinations of items, it finds them, whatever M is", () => {
  // X = P Bᵀ with every entry given: least squares gives P back.
  const x = users.mmul(items.transpose());
  const all = x.to2DArray().flatMap((row, user) =>
    row.map((weight, item) => ({ user: `${user}`, item, weight }))
  );
  const interactions = {
    users: all.map(({ user }) => user),
    items: all.map(({ item }) => item),
    weights: all.map(({ weight }) => weight),
  };
  const folded = foldInUsers(rowsOfMatrix(items), interactions, "a seed");
  assertClose(folded, users, 1e-8);
});

Deno.test("fitCorrection: an ill-conditioned covariance is shrunk just enough, and it says by how much", () => {
  const flat = new Matrix(items.to2DArray().map((row) => [...row, row[0] + row[1]]));
  const correction = fitCorrection(flat, "whitening");
  assert(correction.shrinkage! > 0 && correction.shrinkage! < 1e-3);
  const white = applyCorrection(correction, flat);
  assert(white.to1DArray().every((x) => Math.abs(x) < 1e3));
});

Deno.test("fitCorrection: rotations of the items change no cosines but those of z-scores", () => {
  const turn = randomRotation(5, seedrandom.alea("turn"));
  for (const name of ["as-is", "center", "remove-top-1", "whitening"]) {
    const [one, other] = [items, items.mmul(turn)].map((m) => cosineSimilarity(corrected(name, m)));
    assertClose(one, other, 1e-8);
  }
});

Deno.test("fitCorrection: what cannot be fitted is refused in a sentence", () => {
  const cases: [() => unknown, RegExp][] = [
    [() => fitCorrection(items, "whiten"), /none called "whiten", there are as-is, center/],
    [() => fitCorrection(items, "remove-top-5"), /at most 4 can be removed, not 5/],
    [() => fitCorrection(items, "canonical-0.5"), /takes users or interactions/],
    [() => fitCorrection(items, "canonical-2", { users }), /none called "canonical-2"/],
    [
      () => fitCorrection(items, "canonical-1", { users: noise(9, 4, "u") }),
      /as many columns as items, they have 4 and 5/,
    ],
    [() => fitCorrection(items, "center", { unit: true } as object), /no option "unit"/],
    [() => fitCorrection(Matrix.ones(5, 2), "whitening"), /same vector/],
    [
      () => applyCorrection(fitCorrection(items, "center"), noise(3, 4, "x")),
      /fitted on vectors of 5 dimensions, these have 4/,
    ],
  ];
  for (const [run, message] of cases) assert.throws(run, message);
});
