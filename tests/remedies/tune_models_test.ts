import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import {
  centeredGram,
  denoisingSpectrum,
  gram,
  Interactions,
  simulateInteractions,
  svdOfGram,
} from "cosine-lab";
import { holdOutItems, rankingAccuracy, splitUsers } from "cosine-lab/evaluation";
import {
  inversePropensityScaling,
  type Preparation,
  prepareData,
  searchLambda,
  spectralRanking,
  standardizedGram,
  tuneModels,
} from "cosine-lab/remedies";
import { assertClose } from "../assert_close.ts";

const { interactions } = simulateInteractions({ users: 400, items: 50, seed: "tune" });
const { train, validation } = splitUsers(interactions, { validation: 80, test: 20, seed: "s" });
const held = holdOutItems(validation, { share: 0.2, seed: "s" });
const preparations: Preparation[] = [
  "as it is",
  "standardized",
  "less means",
  "item propensity",
  "item and user propensity",
];

Deno.test("prepareData: the Gram matrices are those of the functions that prepare", () => {
  const of = (preparation: Preparation) => prepareData(train, preparation).gram;
  const scaled = (userExponent: number) =>
    gram(inversePropensityScaling(train, { itemExponent: 0.5, userExponent }));
  assertClose(of("as it is"), gram(train), 0);
  assertClose(of("standardized"), standardizedGram(train), 0);
  assertClose(of("less means"), centeredGram(train, "both"), 0);
  assertClose(of("item propensity"), scaled(0), 1e-8);
  assertClose(of("item and user propensity"), scaled(0.5), 0);
});

Deno.test("prepareData: scale, offset and row means make the columns of Y, up to a factor", () => {
  const X = train.toDense();
  for (const preparation of preparations.slice(0, 4)) {
    const { gram: g, scale, offset, rowMeans } = prepareData(train, preparation);
    const Y = new Matrix(
      X.to2DArray().map((row) => {
        const r = rowMeans ? row.reduce((a, b) => a + b) / row.length : 0;
        return row.map((value, i) => (value - offset[i] - r) * scale[i]);
      }),
    );
    const found = Y.transpose().mmul(Y);
    const unit = g.trace() / found.trace();
    assertClose(found.mul(unit), g, 1e-8);
  }
});

Deno.test("spectralRanking: V·dMat·Vᵀ of the prepared row, brought back to X, by dense matrices", () => {
  for (const preparation of preparations.slice(0, 4)) {
    const data = prepareData(train, preparation);
    const svd = svdOfGram(data.gram, 6);
    const spectrum = denoisingSpectrum(svd, 100);
    const model = svd.V.clone().mulRowVector([...spectrum]).mmul(svd.V.transpose());
    const X = held.given.toDense();
    const expected = rankingAccuracy(
      (u, scores) => {
        const x = X.getRow(u);
        const r = data.rowMeans ? x.reduce((a, b) => a + b) / x.length : 0;
        const y = x.map((value, i) => (value - data.offset[i] - r) * data.scale[i]);
        const predicted = Matrix.rowVector(y).mmul(model).getRow(0);
        predicted.forEach((value, i) => scores[i] = value / data.scale[i] + data.offset[i]);
      },
      held.given,
      held.heldOut,
    ).ndcgAt100.values as number[];
    const found = spectralRanking(data, svd, held.given, held.heldOut)(spectrum);
    assertClose(found.ndcgAt100.values as number[], expected, 1e-12);
  }
});

Deno.test("searchLambda: finds the maximum of the grid, from either side, and tries no λ twice", () => {
  for (const [peak, start] of [[100, 3], [100, 20_000], [0.02, 0.02]]) {
    const seen: number[] = [];
    const accuracy = (lambda: number) => {
      seen.push(lambda);
      return -Math.abs(Math.log(lambda / peak));
    };
    const { lambda, accuracy: best, tried } = searchLambda(accuracy, { start });
    const grid = Array.from({ length: 121 }, (_, j) => 10 ** ((j - 60) / 12));
    const expected = grid.reduce((a, b) =>
      Math.abs(Math.log(b / peak)) < Math.abs(Math.log(a / peak)) ? b : a
    );
    assertClose(lambda / expected, 1, 1e-12);
    assert.equal(best, accuracy(lambda));
    assert.equal(new Set(seen.slice(0, -1)).size, seen.length - 1);
    assert.deepEqual(
      tried.map((one) => one.lambda),
      tried.map((one) => one.lambda).sort((a, b) => a - b),
    );
  }
  // Of two maxima a scan finds the higher one, far from the start.
  const two = (lambda: number) =>
    Math.max(1 - Math.log10(lambda / 1000) ** 2, 2 - Math.log10(lambda) ** 2);
  const alone = searchLambda(two, { start: 1000 }),
    scanned = searchLambda(two, { start: 1000, scan: 9 });
  assertClose([alone.lambda, scanned.lambda], [1000, 1], 1e-9);
  // Of an accuracy without any order the best that was tried is kept.
  for (let seed = 0; seed < 20; seed++) {
    const random = seedrandom.alea(`${seed}`);
    const { accuracy, tried } = searchLambda(() => random(), { start: 50, scan: 9 });
    assert.equal(accuracy, Math.max(...tried.map((one) => one.accuracy)));
  }
  const flat = searchLambda(() => 1, { start: 10, steps: 5 });
  assert(flat.lambda < 10 && flat.lambda > 10 * 10 ** (-6 / 12));
});

Deno.test("tuneModels: no neighbor on the grid ranks the validation users better", () => {
  for (const preparation of ["as it is", "standardized"] as const) {
    const tuned = tuneModels(train, held, { rank: 8, preparation });
    for (const model of [tuned.denoising, tuned.weightDecay]) {
      const { lambda, search } = model;
      assert.equal(model.rank(held).ndcgAt100.mean, search.accuracy);
      for (const factor of [10 ** (-1 / 12), 10 ** (1 / 12)]) {
        const next = search.tried.find((one) => Math.abs(one.lambda / lambda / factor - 1) < 1e-9);
        assert(next !== undefined && next.accuracy <= search.accuracy, model.name);
      }
    }
  }
});

Deno.test("prepareData, spectralRanking, searchLambda and tuneModels reject bad input", () => {
  assert.throws(() => prepareData(1 as never, "as it is"), TypeError);
  assert.throws(() => prepareData(train, "squared" as never), /RangeError.*"as it is" or/);
  const none = Interactions.fromDense([[0, 0], [0, 0]]);
  assert.throws(() => prepareData(none, "item propensity"), /at least one interaction/);
  const data = prepareData(train, "as it is");
  const svd = svdOfGram(data.gram, 3);
  const rank = spectralRanking(data, svd, held.given, held.heldOut);
  assert.throws(() => rank([1, 2]), /RangeError.*each of the 3 columns/);
  const other = { sigma: svd.sigma, V: svd.V.subMatrix(0, 9, 0, 2) };
  assert.throws(() => spectralRanking(data, other, held.given, held.heldOut), /same items/);
  assert.throws(() => searchLambda(1 as never, { start: 1 }), TypeError);
  assert.throws(() => searchLambda(() => 1, { start: 0 }), RangeError);
  assert.throws(() => searchLambda(() => NaN, { start: 1 }), /RangeError.*must be a number/);
  assert.throws(() => searchLambda(() => 1, { start: 1, factor: 2 } as never), TypeError);
  assert.throws(() => tuneModels(train, held, { rank: 51 }), RangeError);
  assert.throws(() => tuneModels(train, held, { k: 3 } as never), /no option "k"/);
});
