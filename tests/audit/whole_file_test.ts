import assert from "node:assert/strict";
import { randomRotation } from "cosine-lab";
import {
  auditEmbeddings,
  type AuditOptions,
  type AuditReport,
  type VerdictFlag,
} from "cosine-lab/audit";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import {
  clustered,
  type Draw,
  equation1,
  equation2,
  gaussianNoise,
  wordVectors,
} from "./table_files.ts";

/** Sizes and seeds; the second half was not looked at while thresholds were chosen. */
const DRAWS: Draw[] = [
  { items: 200, dimensions: 20, seed: "a" },
  { items: 600, dimensions: 24, seed: "c" },
  { items: 260, dimensions: 28, seed: "held out 3" },
  { items: 450, dimensions: 40, seed: "held out 4" },
];

const FAULTS: VerdictFlag[] = ["order-break", "islands", "collapsed", "packed-bits"];

const audit = (B: Matrix, options: AuditOptions = {}): AuditReport =>
  auditEmbeddings(B, { sample: 600, conditions: [2], ...options });

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const pick = (B: Matrix, rows: readonly number[]) => new Matrix(rows.map((row) => B.getRow(row)));

function shuffled(count: number, seed: string): number[] {
  const random = seedrandom.alea(`${seed}/order`);
  return range(count).map((row) => [random(), row]).sort(([a], [b]) => a - b).map(([, row]) => row);
}

/** The same vectors, some of them in another basis: what two models of one kind give. */
function twoModels(B: Matrix, second: (row: number) => boolean, seed = "second model"): Matrix {
  const turned = B.mmul(randomRotation(B.columns, seedrandom.alea(seed)));
  return new Matrix(range(B.rows).map((row) => (second(row) ? turned : B).getRow(row)));
}

/** Items of so many kinds, and the kind of each. */
function kinds({ items, dimensions, seed }: Draw, count: number) {
  const random = seedrandom.alea(`${seed}/kinds`);
  const labels = range(items).map(() => Math.floor(random() * count));
  const centers = gaussianNoise({ items: count, dimensions, seed: `${seed}/centers` });
  const noise = gaussianNoise({ items, dimensions, seed: `${seed}/noise` }).mul(0.8);
  const B = new Matrix(
    labels.map((label, i) => centers.getRow(label).map((center, c) => center + noise.get(i, c))),
  );
  const order = range(items).sort((a, b) => labels[a] - labels[b] || a - b);
  return { B, labels, sorted: pick(B, order), sortedLabels: order.map((i) => labels[i]) };
}

function oneHot({ items, dimensions, seed }: Draw): Matrix {
  const random = seedrandom.alea(seed);
  return new Matrix(
    range(items).map(() => {
      const row = new Array(dimensions).fill(0);
      for (let set = 0; set < 3; set++) row[Math.floor(random() * random() * dimensions)] = 1;
      return row;
    }),
  );
}

for (const draw of DRAWS) {
  const name = `${draw.items} x ${draw.dimensions}, ${draw.seed}`;

  Deno.test(`healthy files of many kinds are at no fault (${name})`, () => {
    const eq1 = equation1(draw, 0), eq2 = equation2(draw);
    const labels = Array.from(eq1.clusters), order = shuffled(draw.items, draw.seed);
    const some = kinds(draw, 5), many = kinds(draw, 12), two = kinds(draw, 2);
    const healthy: [string, Matrix, number[]?][] = [
      ["Eq. 1, by cluster and popularity", eq1.B, labels],
      ["Eq. 1, D = dMat^-½", equation1(draw, -0.5).B, labels],
      ["Eq. 1, in random order", pick(eq1.B, order), order.map((i) => labels[i])],
      ["Eq. 2, by cluster and popularity", eq2.B, labels],
      ["Eq. 2, in random order", pick(eq2.B, order), order.map((i) => labels[i])],
      ["words, by frequency", wordVectors(draw).B],
      ["five kinds", some.B, some.labels],
      ["five kinds, sorted", some.sorted, some.sortedLabels],
      ["twelve kinds, sorted", many.sorted, many.sortedLabels],
      ["twelve kinds under three labels", many.B, many.labels.map((label) => label % 3)],
      ["two kinds, sorted", two.sorted],
      ["one-hot", oneHot(draw)],
      ["thirty rows", clustered({ ...draw, items: 30 })],
      ["two dimensions", gaussianNoise({ ...draw, dimensions: 2 })],
    ];
    for (const [what, B, labels] of healthy) {
      const { verdict } = audit(B, { labels });
      const faults = verdict.flags.filter((flag) => FAULTS.includes(flag));
      assert.deepEqual(faults, [], what);
      assert(!verdict.flags.includes("two-scales") && !verdict.flags.includes("transposed"), what);
    }
  });

  Deno.test(`two models are found by the row where the second begins (${name})`, () => {
    const order = shuffled(draw.items, draw.seed);
    for (const B of [kinds(draw, 5).B, kinds(draw, 12).B, pick(equation2(draw).B, order)]) {
      for (const share of [0.5, 0.25]) {
        const seam = Math.round((1 - share) * B.rows);
        const { order, verdict } = audit(twoModels(B, (row) => row >= seam));
        assert.equal(verdict.level, "data-fault", JSON.stringify({ share, order }));
        assert(verdict.flags.includes("order-break"));
        assert(Math.abs(order.seam!.row - seam) <= 0.02 * B.rows, `${order.seam!.row}, ${seam}`);
        assert.match(
          verdict.headline,
          new RegExp(`two models in one: near row ${order.seam!.row}`),
        );
      }
    }
  });

  Deno.test(`two models are found by labels in any order, and by nothing without (${name})`, () => {
    const { B, labels } = kinds(draw, 5), chosen = shuffled(draw.items, "chosen");
    for (const share of [0.5, 0.3]) {
      const mixed = twoModels(B, (row) => chosen[row] < share * draw.items);
      const { islands, verdict } = audit(mixed, { labels });
      assert(verdict.flags.includes("islands"), JSON.stringify({ ...islands, smaller: null }));
      assert.equal(verdict.level, "data-fault");
      // The rows of the smaller parts are nearly all of one model.
      if (share === 0.3) {
        const second = islands!.smaller.rows.filter((row) => chosen[row] < share * draw.items);
        assert(second.length > 0.9 * islands!.smaller.rows.length);
      }
      const without = audit(mixed);
      assert.notEqual(without.verdict.level, "data-fault");
      assert.equal(without.islands, null);
    }
  });
}
