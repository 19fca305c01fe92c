import assert from "node:assert/strict";
import {
  denoisingEmbeddings,
  gram,
  randomRotation,
  rescale,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { compareEmbeddings } from "cosine-lab/audit";
import { alternatingLeastSquares, randomNormal, trainEmbeddings } from "cosine-lab/training";
import fc from "../../fast_check.ts";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { comparisonSize } from "../../../lib/audit/compare/compare_embeddings.ts";

function noise(n: number, k: number, seed: string): Matrix {
  const normal = randomNormal(seedrandom.alea(seed));
  return new Matrix(Array.from({ length: n }, () => Float64Array.from({ length: k }, normal)));
}
const rotation = (k: number, seed: string) => randomRotation(k, seedrandom.alea(seed));
const mapped = (m: Matrix, change: (x: number) => number) =>
  new Matrix(m.to2DArray().map((row) => row.map(change)));
const quantized = (m: Matrix, levels: number) => {
  const step = Math.max(m.max(), -m.min()) / levels;
  return mapped(m, (x) => Math.round(x / step));
};
const relation = (a: Matrix, b: Matrix) => compareEmbeddings(a, b).relation;

const data = ["one", "two"].map((seed) =>
  simulateInteractions({ users: 1500, items: 240, seed }).interactions
);

Deno.test("compareEmbeddings: two seeds of Eq. 2 are a rotation of each other", () => {
  for (const x of data) {
    const g = { gram: gram(x) };
    const [a, b] = ["a", "b"].map((seed) =>
      alternatingLeastSquares(g, { lambda: 25, rank: 12, seed }).embeddings.B
    );
    const report = compareEmbeddings(a, b);
    assert.equal(report.relation, "rotation");
    assert(report.overlap.mean > 0.99 && report.cosineDifference < 1e-4);
    assert.match(report.summary, /cosines agree/);
  }
});

Deno.test("compareEmbeddings: two seeds of Eq. 1 are linear once converged, and are not before", () => {
  const g = {
    gram: gram(simulateInteractions({ users: 800, items: 60, seed: "one" }).interactions),
  };
  const train = (seed: string, maxSteps: number) =>
    trainEmbeddings(g, {
      objective: "denoising",
      lambda: 500,
      rank: 4,
      startScale: 0.3,
      optimizer: "momentum",
      tolerance: 1e-9,
      seed,
      maxSteps,
    }).embeddings.B;
  const report = compareEmbeddings(train("a", 20_000), train("b", 20_000));
  assert.equal(report.relation, "linear");
  assert(report.alignment!.residual.linear < 1e-6 && report.alignment!.residual.rotation > 0.3);
  assert(report.overlap.high < 0.95);
  assert.equal(relation(train("a", 10), train("b", 10)), "different");
});

Deno.test("compareEmbeddings: runs of Eq. 1 that differ by D or M are linear, and cosines a choice", () => {
  for (const [i, x] of data.entries()) {
    const e = denoisingEmbeddings(truncatedSVD(x, { rank: 12 }), { lambda: 1000 });
    const random = seedrandom.alea(`D ${i}`);
    const d = Array.from({ length: 12 }, () => 10 ** (4 * random() - 2));
    for (const other of [rescale(e, d).B, e.B.mmul(noise(12, 12, `M ${i}`))]) {
      const report = compareEmbeddings(e.B, other);
      assert.equal(report.relation, "linear");
      assert(report.alignment!.residual.linear < 1e-8);
      assert(report.alignment!.residual.rotation > 0.1);
      assert(report.overlap.high < 0.9);
      assert.match(report.summary, /cosines are a choice/);
    }
  }
});

Deno.test("compareEmbeddings: models of other data, and noise, are different", () => {
  const [a, b] = data.map((x) =>
    denoisingEmbeddings(truncatedSVD(x, { rank: 12 }), { lambda: 1000 }).B
  );
  assert.equal(relation(a, b), "different");
  for (const k of [8, 64]) {
    const report = compareEmbeddings(noise(500, k, "a"), noise(500, k, "b"));
    assert.equal(report.relation, "different");
    // The best M on the items that it was fitted on would explain k/250 of the directions.
    assert(report.alignment!.linear.ofB < 0.05 * k);
    assert(Math.abs(report.overlap.mean - report.floor.overlap) < 0.02);
    assert.match(report.summary, /matched row by row/);
  }
});

Deno.test("compareEmbeddings: rounding to float32 or int8 leaves cosines, rounding to int4 is no M", () => {
  const a = noise(1500, 32, "quantized").mmul(noise(32, 32, "spectrum"));
  assert.equal(relation(a, mapped(a, Math.fround)), "rotation");
  assert.equal(relation(a, quantized(a.mmul(rotation(32, "int8")), 127)), "rotation");
  const coarse = compareEmbeddings(a, quantized(a, 5));
  assert.equal(coarse.relation, "different");
  assert.match(coarse.summary, /by noise or coarse rounding: a rotation leaves/);
});

Deno.test("compareEmbeddings: a translation is affine, however large or hidden in many dimensions", () => {
  const a = noise(1200, 64, "affine");
  const c = noise(1, 64, "translation");
  for (const size of [1, 100]) {
    const moved = a.mmul(noise(64, 64, "mix")).add(
      Matrix.ones(1200, 1).mmul(Matrix.mul(c, 8 * size)),
    );
    const report = compareEmbeddings(a, moved);
    assert.equal(report.relation, "affine");
    assert(report.alignment!.residual.affine < 1e-8);
  }
});

Deno.test("compareEmbeddings: a common mean that hides all else does not make models agree", () => {
  const mean = Matrix.ones(800, 1).mmul(noise(1, 16, "mean").mul(200));
  const [a, b] = ["a", "b"].map((seed) => noise(800, 16, seed).add(mean));
  const report = compareEmbeddings(a, b);
  assert(report.cosineDifference < 1e-3);
  assert.equal(report.relation, "different");
});

Deno.test("compareEmbeddings: coordinates that hold nearly all variance do not hide the others", () => {
  const [a, b] = ["a", "b"].map((seed) => noise(800, 32, seed));
  for (let i = 0; i < 800; i++) {
    for (let c = 0; c < 3; c++) {
      a.set(i, c, 200 * a.get(i, c));
      b.set(i, c, a.get(i, c));
    }
  }
  const report = compareEmbeddings(a, b);
  assert(report.alignment!.residual.rotation < 0.05);
  assert.notEqual(report.relation, "linear");
});

Deno.test("compareEmbeddings: sides of different dimensions", () => {
  const a = noise(900, 12, "narrow");
  const wide = new Matrix(900, 20).setSubMatrix(a, 0, 0);
  assert.equal(relation(a, wide.clone().mmul(rotation(20, "wide"))), "rotation");
  assert.equal(relation(wide.clone().mmul(rotation(20, "wide")), a), "rotation");
  assert.equal(relation(a, a.mmul(noise(12, 20, "M"))), "linear");
  const part = compareEmbeddings(a, a.subMatrix(0, 899, 0, 5));
  assert.equal(part.relation, "truncated");
  assert.match(
    part.summary,
    /B is A cut to its first 6 coordinates, and lacks what the others hold/,
  );
  const last = compareEmbeddings(a, a.subMatrix(0, 899, 6, 11));
  assert.equal(last.relation, "different");
  assert.match(last.summary, /B is a linear function of A, and lacks part of it/);
});

Deno.test("compareEmbeddings: with fewer items than an M takes, it tells rotations alone", () => {
  const a = noise(90, 128, "few");
  assert.equal(relation(a, a.mmul(rotation(128, "few"))), "rotation");
  const report = compareEmbeddings(a, noise(90, 128, "others"));
  assert.deepEqual([report.relation, report.alignment], [null, null]);
  assert.match(report.summary, /Too few items/);
});

Deno.test("compareEmbeddings: items are matched by ids, in any order, and of those that both have", () => {
  const a = noise(400, 8, "ids");
  const ids = Array.from({ length: 400 }, (_, i) => `item ${i}`);
  const rows = Array.from({ length: 300 }, (_, i) => (7 * i + 50) % 400);
  const b = new Matrix(rows.map((row) => a.getRow(row))).mmul(rotation(8, "ids"));
  const report = compareEmbeddings(a, b, { idsOfA: ids, idsOfB: rows.map((row) => ids[row]) });
  assert.deepEqual(report.matched, { by: "ids", items: 300 });
  assert.equal(report.relation, "rotation");
  assert.equal(report.overlap.mean, 1);
  assert(report.items.every(({ id }) => rows.includes(Number(String(id).split(" ")[1]))));
});

Deno.test("compareEmbeddings: no rotation of either side, nor scale, changes what it says", () => {
  const a = noise(150, 4, "property"), b = Matrix.add(a, noise(150, 4, "more").mul(0.5));
  const plain = compareEmbeddings(a, b);
  const settings = fc.tuple(fc.string(), fc.double({ min: 1e-3, max: 1e3, noNaN: true }));
  fc.assert(
    fc.property(settings, ([seed, scale]) => {
      const turned = compareEmbeddings(
        a.mmul(rotation(4, `${seed} a`)),
        b.mmul(rotation(4, `${seed} b`)).mul(scale),
      );
      assert.equal(turned.relation, plain.relation);
      assert(Math.abs(turned.overlap.mean - plain.overlap.mean) < 1e-9);
      assert(Math.abs(turned.cka - plain.cka) < 1e-10);
      const { residual, linear } = turned.alignment!;
      assert(Math.abs(residual.rotation - plain.alignment!.residual.rotation) < 1e-8);
      assert(Math.abs(residual.linear - plain.alignment!.residual.linear) < 1e-8);
      assert(Math.abs(linear.ofB - plain.alignment!.linear.ofB) < 1e-8);
    }),
    { numRuns: 10 },
  );
});

Deno.test("compareEmbeddings: agreement by popularity, and the same report for the same seed", () => {
  const a = noise(300, 6, "popular");
  const popularity = Float64Array.from({ length: 300 }, (_, i) => i);
  // Rare items alone are drawn again.
  const b = new Matrix(a.to2DArray().map((row, i) => i < 60 ? noise(1, 6, `${i}`).getRow(0) : row));
  const report = compareEmbeddings(a, b, { popularity });
  const [rarest, ...others] = report.popularity!.groups;
  assert.deepEqual([rarest.from, rarest.to, rarest.items], [0, 59, 60]);
  assert(others.every(({ low }) => low > rarest.high));
  assert(report.popularity!.correlation! > 0.3);
  assert.deepEqual(compareEmbeddings(a, b, { popularity }), report);
});

Deno.test("compareEmbeddings: what cannot be compared is refused in a sentence", () => {
  const a = noise(30, 3, "a");
  const ids = (n: number) => Array.from({ length: n }, (_, i) => i);
  const cases: [() => unknown, RegExp][] = [
    [
      () => compareEmbeddings(a, noise(29, 3, "b")),
      /A has 30 rows and B has 29, and there are no ids/,
    ],
    [
      () => compareEmbeddings(a, a, { idsOfA: ids(29), idsOfB: ids(30) }),
      /each of the 30 items, there are 29/,
    ],
    [
      () => compareEmbeddings(a, a, { idsOfA: ids(30), idsOfB: ids(30).map((i) => i + 50) }),
      /no id is in both/,
    ],
    [
      () => compareEmbeddings(a, a, { idsOfA: ids(30).map((i) => i % 20), idsOfB: ids(30) }),
      /the id "0" stands for rows 0 and 20 of A/,
    ],
    [() => compareEmbeddings(a, a, { neighbors: 40 }), /at least 42 items in both/],
    [() => compareEmbeddings(a, a, { neighbors: 0 }), /neighbors must be an integer of at least 1/],
    [() => compareEmbeddings(a, mapped(a, () => NaN)), /must be finite/],
    [() => compareEmbeddings(a, a, { neighbours: 3 } as object), /no option "neighbours"/],
  ];
  for (const [run, message] of cases) assert.throws(run, message);
});

Deno.test("comparisonSize(): maps take memory where there are items to fit and to measure them", () => {
  const size = (rows: number) =>
    comparisonSize({ rows, columns: 799 }, { rows, columns: 500 }, 5000);
  assert.deepEqual(size(1009), { needed: 1000, drawn: 5000, bytes: 8 * 3 * 1009 * 1299 });
  assert.equal(size(1010).bytes, 8 * (3 * 1010 * 1299 + 32 * 799 ** 2));
  // No more than are drawn.
  assert.equal(size(1e6).bytes, size(5000).bytes);
});
