import fc from "../fast_check.ts";
import assert from "node:assert/strict";
import { cosineSimilarity, nearestNeighbors } from "cosine-lab";
import { neighborReach } from "cosine-lab/arbitrariness";
import { Matrix } from "ml-matrix";

const embeddings = fc.integer({ min: 1, max: 4 }).chain((k) =>
  fc.array(
    fc.array(fc.integer({ min: -4, max: 4 }), { minLength: k, maxLength: k }),
    { minLength: 2, maxLength: 8 },
  )
).filter((rows) => rows[0].some((entry) => entry !== 0)).map((rows) => new Matrix(rows));
const condition = fc.constantFrom(1, 1.5, 4);

const scaled = (B: Matrix, d: ArrayLike<number>) => {
  const copy = B.clone();
  for (let i = 0; i < d.length; i++) copy.mulColumn(i, 1 / d[i]);
  return cosineSimilarity(copy);
};

Deno.test("neighborReach certifies each reachable item by a D within κ", () => {
  fc.assert(fc.property(embeddings, condition, (B, kappa) => {
    for (const { item, d, margin } of neighborReach(B, 0, { condition: kappa }).reachable) {
      assert(Math.min(...d) >= 1 && Math.max(...d) <= kappa);
      const s = scaled(B, d);
      const others = s.getRow(0).filter((_, j) => j !== 0 && j !== item);
      const lead = s.get(0, item) - Math.max(...others, -Infinity);
      assert(margin > 0 && (lead === margin || Math.abs(lead - margin) < 1e-13));
    }
  }));
});

Deno.test("neighborReach calls no item unreachable that a D can make the nearest", () => {
  const exponents = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(fc.property(embeddings, condition, exponents, (B, kappa, x) => {
    const { unreachable } = neighborReach(B, 0, { condition: kappa });
    const s = scaled(B, x.slice(0, B.columns).map((exponent) => kappa ** exponent));
    for (const item of unreachable) {
      const rivals = s.getRow(0).filter((_, j) => j !== 0 && j !== item);
      assert(s.get(0, item) < Math.max(...rivals));
    }
  }));
});

Deno.test("neighborReach puts every other item in exactly one list, ascending", () => {
  fc.assert(fc.property(embeddings, condition, (B, kappa) => {
    const { reachable, unreachable, undecided } = neighborReach(B, 0, { condition: kappa });
    const lists = [reachable.map(({ item }) => item), unreachable, undecided];
    for (const list of lists) assert.deepEqual(list, [...list].sort((x, y) => x - y));
    assert.deepEqual(
      lists.flat().sort((x, y) => x - y),
      Array.from({ length: B.rows - 1 }, (_, j) => j + 1),
    );
  }));
});

Deno.test("neighborReach finds all that a fine grid over D finds in two dimensions", () => {
  const B = new Matrix([[3, 2], [2, 3], [5, 1], [1, 1], [0, 1], [-1, 4], [4, -1]]);
  const onGrid = new Set<number>();
  for (let step = -50; step <= 50; step++) {
    onGrid.add(nearestNeighbors(scaled(B, [4 ** (step / 50), 1]), 1)[0][0]);
  }
  const { reachable, nearest } = neighborReach(B, 0, { condition: 4 });
  assert.deepEqual(reachable.map(({ item }) => item), [...onGrid].sort((x, y) => x - y));
  assert.equal(nearest, nearestNeighbors(cosineSimilarity(B), 1)[0][0]);
});

Deno.test("neighborReach reaches the nearest neighbor alone for κ = 1", () => {
  const B = new Matrix([[3, 2], [2, 3], [5, 1], [1, 1]]);
  const reach = neighborReach(B, 0, { condition: 1 });
  assert.deepEqual(reach.reachable.map(({ item }) => item), [reach.nearest]);
  assert.deepEqual(reach.undecided, []);
});

Deno.test("neighborReach gives the same answer for the same seed, and reports progress", () => {
  const B = new Matrix(
    Array.from({ length: 30 }, (_, i) => [1, 2, 3, 4].map((c) => Math.sin(i * c + c))),
  );
  const reports: number[] = [];
  const run = () =>
    neighborReach(B, 3, {
      condition: 3,
      seed: "s",
      onProgress: (done, total) => reports.push(done / total),
    });
  assert.deepEqual(run(), run());
  assert.equal(reports[29], 1);
});

Deno.test("neighborReach says what is wrong with its input", () => {
  const B = new Matrix([[1, 2], [0, 0]]);
  assert.throws(() => neighborReach(B, 1, { condition: 2 }), /row 1 is zero/);
  assert.throws(
    () => neighborReach(B, 2, { condition: 2 }),
    /i must be an integer between 0 and 1/,
  );
  assert.throws(() => neighborReach(B, 0, { condition: Infinity }), /must be a finite number/);
  assert.throws(
    () => neighborReach(new Matrix([[1]]), 0, { condition: 2 }),
    /B must have at least 2 rows, it has 1/,
  );
});
