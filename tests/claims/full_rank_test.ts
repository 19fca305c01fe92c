import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import {
  closedFormCosines,
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingLoss,
  denoisingSpectrum,
  type Embeddings,
  largestDifference,
  randomRotation,
  rankCorrelation,
  rankingAgreement,
  rescale,
  rotate,
  selectUsers,
  simulateInteractions,
  truncatedSVD,
  userEmbeddings,
  weightDecayEmbeddings,
  weightDecayLoss,
} from "cosine-lab";
import { assertClose } from "../assert_close.ts";

const lambda = 20;
const { interactions: x, clusters } = simulateInteractions({
  users: 300,
  items: 30,
  seed: "claims",
});
const svd = truncatedSVD(x);
const dMat = denoisingSpectrum(svd, lambda);
const model = denoisingEmbeddings(svd, { lambda });
const product = model.A.mmul(model.B.transpose());

const random = seedrandom.alea("D");
const scalings = {
  root: dMat.map(Math.sqrt),
  identity: dMat.map(() => 1),
  inverse: dMat.map((entry) => 1 / Math.sqrt(entry)),
  arbitrary: dMat.map(() => 10 ** (2 * random() - 1)),
};
const root = rescale(model, scalings.root);
const inverse = rescale(model, scalings.inverse);

/** The cosines of section 2.1, from the embeddings themselves. */
function cosines(e: Embeddings) {
  const users = userEmbeddings(x, e);
  return {
    itemItem: cosineSimilarity(e.B),
    userUser: cosineSimilarity(users),
    userItem: cosineSimilarity(users, e.B),
  };
}

/** Ω·m: rows of unit length. */
function normalizedRows(m: Matrix): Matrix {
  return m.clone().mulColumnVector(m.to2DArray().map((row) => 1 / Math.hypot(...row)));
}

Deno.test("2.1 Eq. 3: the model ABᵀ and the loss of Eq. 1 are the same for every D", () => {
  const loss = denoisingLoss(x, model, lambda);
  for (const d of Object.values(scalings)) {
    const e = rescale(model, d);
    assertClose(e.A.mmul(e.B.transpose()), product);
    assertClose(denoisingLoss(x, e, lambda) / loss, 1, 1e-12);
  }
});

Deno.test("2.1 Eq. 4: the cosines of all three combinations depend on D", () => {
  const before = cosines(model);
  for (const d of [scalings.root, scalings.inverse, scalings.arbitrary]) {
    const after = cosines(rescale(model, d));
    assert(largestDifference(after.itemItem, before.itemItem) > 0.05);
    assert(largestDifference(after.userUser, before.userUser) > 0.05);
    assert(largestDifference(after.userItem, before.userItem) > 0.05);
  }
});

Deno.test("2.1 matrices do not commute: the best Ω leaves a part of what D does, and none for D = cI or one-hot items", () => {
  /** The sine of the angle by which D turns a row, root mean square: what no Ω can undo. */
  const left = (B: Matrix, d: ArrayLike<number>) => {
    const after = rescale({ A: B, B }, d).B;
    const sines = cosineSimilarity(B, after).diag().map((cosine) => Math.max(0, 1 - cosine ** 2));
    return Math.sqrt(sines.reduce((sum, sine) => sum + sine, 0) / B.rows);
  };
  for (const d of [scalings.root, scalings.inverse, scalings.arbitrary]) {
    assert(left(model.B, d) > 0.05, `${left(model.B, d)}`);
  }
  assert(left(model.B, dMat.map(() => -3)) < 1e-7);
  const oneHot = new Matrix(Array.from(clusters, (c) => [0, 1, 2, 3, 4].map((k) => +(k === c))));
  assert(left(oneHot, [1, 2, 3, 4, 5]) < 1e-7);
  assertClose(
    cosineSimilarity(rescale({ A: oneHot, B: oneHot }, [1, 2, 3, 4, 5]).B),
    cosineSimilarity(oneHot),
  );
});

Deno.test("2.2 full rank: D = dMat^(1/2), of no use to items, is better for users than I, and that than the raw data", () => {
  const { interactions, users } = simulateInteractions({ users: 2000, items: 100, seed: "users" });
  const svd = truncatedSVD(interactions);
  const dMat = denoisingSpectrum(svd, 1000);
  const model = denoisingEmbeddings(svd, { lambda: 1000 });
  const some = selectUsers(interactions, Array.from({ length: 300 }, (_, u) => u));
  const columns = [0, 1, 2, 3, 4].map((c) => users[`preference_${c}`]);
  const truth = cosineSimilarity(
    new Matrix(Array.from({ length: 300 }, (_, u) => columns.map((column) => column[u]))),
  );
  const [half, zero, minusHalf] = [0.5, 0, -0.5].map((t) => {
    const e = rescale(model, dMat.map((entry) => entry ** t));
    return rankCorrelation(cosineSimilarity(userEmbeddings(some, e)), truth);
  });
  assert(half > zero + 0.01 && zero > minusHalf + 0.01, `${half}, ${zero}, ${minusHalf}`);
  const product = model.A.mmul(model.B.transpose());
  const original = cosineSimilarity(userEmbeddings(some, { A: product, B: product }));
  assertClose(
    original,
    cosineSimilarity(userEmbeddings(some, rescale(model, dMat.map(Math.sqrt)))),
  );
});

for (const combination of ["itemItem", "userUser", "userItem"] as const) {
  Deno.test(`2.1 the closed formula of the ${combination} cosine is the cosine, for every D`, () => {
    for (const d of Object.values(scalings)) {
      assertClose(
        closedFormCosines(x, model, d)[combination],
        cosines(rescale(model, d))[combination],
      );
    }
  });
}

Deno.test("2.1 without the norms, item-item and user-user depend on D, user-item does not", () => {
  const users = userEmbeddings(x, model);
  for (const d of [scalings.root, scalings.inverse, scalings.arbitrary]) {
    const e = rescale(model, d);
    const rescaledUsers = userEmbeddings(x, e);
    const relative = (a: Matrix, b: Matrix) =>
      largestDifference(a, b) / largestDifference(b, Matrix.zeros(b.rows, b.columns));
    const gramOf = (m: Matrix) => m.mmul(m.transpose());
    assert(relative(gramOf(e.B), gramOf(model.B)) > 0.05);
    assert(relative(gramOf(rescaledUsers), gramOf(users)) > 0.02);
    assert(
      relative(rescaledUsers.mmul(e.B.transpose()), users.mmul(model.B.transpose())) < 1e-12,
    );
  }
});

Deno.test("2.1 rotations are solutions of both objectives, and change no cosine", () => {
  const R = randomRotation(30, seedrandom.alea("R"));
  const decay = weightDecayEmbeddings(svd, { lambda: 2 });
  for (const [e, loss] of [[model, denoisingLoss], [decay, weightDecayLoss]] as const) {
    const rotated = rotate(e, R);
    assertClose(loss(x, rotated, 2) / loss(x, e, 2), 1, 1e-12);
    const [before, after] = [cosines(e), cosines(rotated)];
    assertClose(after.itemItem, before.itemItem);
    assertClose(after.userUser, before.userUser);
    assertClose(after.userItem, before.userItem);
  }
});

Deno.test("2.1 Eq. 2 is not invariant to rescaling: its loss rises", () => {
  const decay = weightDecayEmbeddings(svd, { lambda: 2 });
  const loss = weightDecayLoss(x, decay, 2);
  for (const d of [scalings.root, scalings.inverse, scalings.arbitrary]) {
    assert(weightDecayLoss(x, rescale(decay, d), 2) > loss * 1.001);
  }
});

Deno.test("2.1 of all D, multiples of I and changes of sign alone leave the cosines", () => {
  const before = cosines(model);
  for (const d of [dMat.map(() => -3), dMat.map((_, i) => (-1) ** i)]) {
    assertClose(cosines(rescale(model, d)).itemItem, before.itemItem);
    assertClose(cosines(rescale(model, d)).userUser, before.userUser);
  }
});

Deno.test("2.2 full rank: ABᵀ is V dMat Vᵀ, and Eq. 5 has A = B = V dMat^(1/2)", () => {
  assertClose(product, svd.V.mmul(Matrix.diag([...dMat])).mmul(svd.V.transpose()));
  assertClose(model.A, svd.V.mmul(Matrix.diag([...scalings.root])));
  assertClose(model.B, model.A, 0);
});

Deno.test("2.2 full rank, D = dMat^(1/2): item-item cosine is the identity", () => {
  assertClose(root.B, svd.V);
  assertClose(cosineSimilarity(root.B), Matrix.eye(30));
});

Deno.test("2.2 full rank, D = dMat^(1/2): user-item cosine is Ω_A X ABᵀ", () => {
  const users = userEmbeddings(x, root);
  const omega = users.to2DArray().map((row) => 1 / Math.hypot(...row));
  const dots = userEmbeddings(x, { A: product, B: product });
  assertClose(cosineSimilarity(users, root.B), dots.mulColumnVector(omega));
});

Deno.test("2.2 full rank, D = dMat^(1/2): user-item cosine ranks as the dot product does", () => {
  const dots = userEmbeddings(x, { A: product, B: product });
  const { different } = rankingAgreement(dots, cosines(root).userItem);
  assert.equal(different, 0);
});

Deno.test("2.2 full rank, D = dMat^(-1/2): user-user cosine is that of the raw data", () => {
  assertClose(inverse.A, svd.V);
  assertClose(cosines(inverse).userUser, cosineSimilarity(x.toDense()));
});

Deno.test("2.2 full rank, D = dMat^(-1/2): item-item cosine is Ω_B V dMat² Vᵀ Ω_B", () => {
  const scaled = normalizedRows(svd.V.mmul(Matrix.diag([...dMat])));
  assertClose(cosineSimilarity(inverse.B), scaled.mmul(scaled.transpose()));
  assertClose(cosineSimilarity(inverse.B), cosineSimilarity(product));
});

Deno.test("2.2 full rank, D = dMat^(-1/2): user-item cosine is Ω_A X ABᵀ Ω_B, and ranks differently", () => {
  const dots = userEmbeddings(x, { A: product, B: product });
  const raw = normalizedRows(x.toDense());
  const omegaB = inverse.B.to2DArray().map((row) => 1 / Math.hypot(...row));
  const expected = raw.mmul(product).mulRowVector(omegaB);
  const { userItem } = cosines(inverse);
  assertClose(userItem, expected);
  assert(rankingAgreement(dots, userItem).different > 0.9 * x.users);
});
