import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import {
  alignEmbeddings,
  applyCorrection,
  compareEmbeddings,
  openEmbeddings,
} from "cosine-lab/audit";
import { looseIds, looseMatches } from "../../../lib/audit/compare/matched_rows.ts";
import { unitRow } from "../../../lib/audit/neighbor_search.ts";
import { rowsAt } from "../../../lib/audit/rows.ts";
import { rowArrays } from "../../../lib/linalg/matrices.ts";
import { randomNormal } from "../../../lib/math/random.ts";
import { randomRotation } from "../../../lib/linalg/random_rotation.ts";
import { assertClose } from "../../assert_close.ts";
import { runCommand } from "../../reliability/hostile/trials.ts";
import { runTask } from "../../task.ts";
import { writeNpy } from "../write_npy.ts";
import { withTemporaryFolder } from "../../folder.ts";

const ITEMS = 240, DIMENSIONS = 12;

function vectors(seed: string, items = ITEMS): Matrix {
  const normal = randomNormal(seedrandom.alea(seed));
  return new Matrix(
    Array.from(
      { length: items },
      () => Array.from({ length: DIMENSIONS }, (_, c) => normal() / (1 + c)),
    ),
  );
}

const inOrder = (m: Matrix, order: number[]) => new Matrix(order.map((row) => m.getRow(row)));
const rows = Array.from({ length: ITEMS }, (_, row) => row);
const a = vectors("a");
const turn = randomRotation(DIMENSIONS, seedrandom.alea("turn"));

Deno.test("compareEmbeddings(): the same rows in another order are no other model", () => {
  const orders = {
    reversed: rows.toReversed(),
    "shifted by one": [...rows.slice(1), 0],
    "mixed in the second half": [...rows.slice(0, 120), ...rows.slice(120).toReversed()],
    "twelve exchanged": rows.map((row) => row < 12 ? 11 - row : row),
    "two exchanged": rows.map((row) => row < 2 ? 1 - row : row),
  };
  for (const [name, order] of Object.entries(orders)) {
    const { relation, rows: found, summary } = compareEmbeddings(a, inOrder(a, order));
    assert.equal(relation, "reordered", name);
    assert.equal(found.identical, order.filter((row, i) => row === i).length, name);
    assert.equal(found.moved, ITEMS - found.identical, name);
    assert.match(summary, /--ids/);
  }
});

Deno.test("compareEmbeddings(): names a shift by some rows, of the same numbers or of another run", () => {
  const shifted = (offset: number) => inOrder(a, rows.map((row) => (row - offset + ITEMS) % ITEMS));
  const noise = vectors("noise").mul(0.1);
  const turned = shifted(-2).mmul(randomRotation(DIMENSIONS, seedrandom.alea("shifted")));
  const cases: [Matrix, number, number][] = [
    [shifted(1), 1, ITEMS - 1],
    [shifted(-5), -5, ITEMS - 5],
    [Matrix.add(shifted(3), noise), 3, 0],
    [Matrix.add(turned, noise), -2, 0],
  ];
  for (const [b, offset, same] of cases) {
    const report = compareEmbeddings(a, b), { shift } = report.rows;
    assert.deepEqual([report.relation, shift?.offset, shift?.rows], ["reordered", offset, same]);
    assert.match(report.summary, new RegExp(`row i of A is row i [+−] ${Math.abs(offset)} of B`));
    assert.throws(() => alignEmbeddings(a, b, report), /they are reordered/);
  }
  const ids = rows.map((row) => `item ${row}`);
  for (const b of [shifted(1), shifted(1).mmul(turn)]) {
    const wrong = compareEmbeddings(a, b, { idsOfA: ids, idsOfB: ids });
    assert.equal(wrong.rows.shift?.offset, 1);
    assert.match(wrong.summary, /ids of one file are shifted by one row/);
  }
  for (const b of [vectors("unrelated"), inOrder(a, rows.toReversed()), Matrix.add(a, noise)]) {
    assert.equal(compareEmbeddings(a, b).rows.shift, null);
  }
});

Deno.test("compareEmbeddings(): identical files, and ids that make them so", () => {
  assert.equal(compareEmbeddings(a, a.clone()).relation, "identical");
  const order = rows.toReversed();
  const ids = rows.map((row) => `item ${row}`);
  const moved = { idsOfA: ids, idsOfB: order.map((row) => ids[row]) };
  assert.equal(compareEmbeddings(a, inOrder(a, order), moved).relation, "identical");
  // Ids that were written in the order of A beside vectors in another order.
  const wrong = compareEmbeddings(a, inOrder(a, order), { idsOfA: ids, idsOfB: ids });
  assert.equal(wrong.relation, "reordered");
  assert.match(wrong.summary, /ids in the wrong order/);
});

Deno.test("compareEmbeddings(): counts what was added, removed and changed, with ids", () => {
  const b = inOrder(a, rows.slice(20)).clone();
  b.setRow(0, b.getRow(0).map((entry) => entry + 1));
  const idsOfA = rows.map((row) => `item ${row}`), idsOfB = idsOfA.slice(20);
  const { rows: found } = compareEmbeddings(a, b, { idsOfA, idsOfB });
  assert.deepEqual(
    [found.identical, found.moved, found.changed, found.added, found.removed],
    [219, 0, 1, 0, 20],
  );
  assert.deepEqual(found.ids.changed, ["item 20"]);
  assert.deepEqual(found.ids.removed.slice(0, 2), ["item 0", "item 1"]);
});

Deno.test("compareEmbeddings(): copies of one row are no other order, and lost rows are said", () => {
  const copied = a.clone(), lost = a.clone();
  for (let row = 1; row <= 20; row++) {
    copied.setRow(row, a.getRow(0));
    lost.setRow(row, new Array(DIMENSIONS).fill(0));
  }
  const { relation, rows: found } = compareEmbeddings(a, copied);
  assert.deepEqual([relation, found.moved, found.changed], ["different", 0, 20]);
  assert.match(compareEmbeddings(a, lost).summary, /A has 0 rows of zeros and B 20/);
});

Deno.test("compareEmbeddings(): the first coordinates alone are a truncation, scaled or not", () => {
  const cut = a.subMatrixColumn([0, 1, 2, 3]);
  const unit = new Matrix(
    cut.to2DArray().map((row) => {
      const norm = Math.sqrt(row.reduce((sum, entry) => sum + entry ** 2, 0));
      return row.map((entry) => entry / norm);
    }),
  );
  for (const b of [cut, unit]) assert.equal(compareEmbeddings(a, b).relation, "truncated");
  assert.notEqual(compareEmbeddings(a, a.subMatrixColumn([4, 5, 6, 7])).relation, "truncated");
});

Deno.test("compareEmbeddings(): says when vectors of both files can be compared as they are", () => {
  const turned = a.mmul(randomRotation(DIMENSIONS, seedrandom.alea("turned")));
  const report = compareEmbeddings(a, turned);
  assert.equal(report.relation, "rotation");
  assert.match(report.summary, /must not be compared .* before alignment/);
  const rounded = new Matrix(a.to2DArray().map((row) => row.map(Math.fround)));
  const same = compareEmbeddings(a, rounded);
  assert.deepEqual([same.relation, same.comparable], ["rotation", true]);
  assert.match(same.summary, /same coordinates/);
});

const unitRows = (m: Matrix) => new Matrix(rowArrays(m).map(unitRow));

Deno.test("compareEmbeddings(): a file that was normalized has the same cosines", () => {
  for (const b of [unitRows(a), unitRows(a.mmul(turn))]) {
    const report = compareEmbeddings(a, b);
    assert.equal(report.relation, "rotation");
    assert.match(report.summary, /only lengths differ/);
    const map = alignEmbeddings(a, b, report);
    assert(map.normalize);
    assertClose(applyCorrection(map, a), b, 1e-9);
  }
});

Deno.test("compareEmbeddings(): says that rows were replaced, by another model or by edits", () => {
  const [replaced, edited] = [a.clone(), a.clone()];
  const other = vectors("another model");
  for (let row = 100; row < ITEMS; row++) {
    replaced.setRow(row, other.getRow(row));
    edited.setRow(row, a.getRow(row).map((x, c) => x + 0.5 * other.get(row, c)));
  }
  const ids = rows.map((row) => `item ${row}`);
  const report = compareEmbeddings(a, replaced, { idsOfA: ids, idsOfB: ids });
  assert.deepEqual([report.relation, report.rows.identical], ["different", 100]);
  assert.deepEqual(report.rows.changedRun, { first: "item 100", last: "item 239" });
  assert.match(
    report.summary,
    /Partly replaced: 100 of 240 .* 140 do not, from item 100 to item 239/,
  );
  assert.match(report.summary, /nothing to do with the old ones .* embed all items again/);
  const { summary, rows: { changedLikeness } } = compareEmbeddings(a, edited);
  assert.match(summary, /the new vectors resemble the old ones/);
  assert(changedLikeness!.cosine > 0.7 && Math.abs(changedLikeness!.chance) < 0.2);
  const turned = new Matrix([...rowArrays(a).slice(0, 100), ...rowArrays(a.mmul(turn)).slice(100)]);
  assert.match(compareEmbeddings(a, turned).summary, /are the old ones in other coordinates/);
});

Deno.test("compareEmbeddings(): ids that one file cut off are matched loosely, or said to be cut", () => {
  const long = (row: number) => `${row}/`.padEnd(40, "catalog/") + "product";
  const b = a.mmul(turn), idsOfA = rows.map(long), idsOfB = idsOfA.map((id) => id.slice(0, 40));
  assert.throws(
    () => compareEmbeddings(a, b, { idsOfA, idsOfB }),
    /240 would match without the end that one file cut off .*: --loose-ids/,
  );
  assert.deepEqual(looseIds(idsOfA, idsOfB), idsOfA);
  const numbers = rows.map((row) => `${row}`);
  for (const same of [rows.map((row) => `${row}.0`), rows.map((row) => `00${row}`)]) {
    assert.deepEqual(looseIds(numbers, same), numbers);
    assert.deepEqual(looseMatches(numbers, same)?.ignored, ["zeros"]);
  }
  const sameStart = rows.map((row) => `${"catalog/".repeat(5)}${row + 1000}`);
  assert.throws(
    () =>
      compareEmbeddings(a, b, {
        idsOfA: sameStart,
        idsOfB: sameStart.map((id) => id.slice(0, 40)),
      }),
    /stands for rows 0 and 1 of B, .* seem to be cut at 40 characters/,
  );
});

Deno.test("alignEmbeddings() takes A to B, as `audit fix --apply` does", () => {
  const rotated = a.mmul(randomRotation(DIMENSIONS, seedrandom.alea("map"))).mul(3);
  const sheared = a.mmul(Matrix.eye(DIMENSIONS).add(Matrix.eye(DIMENSIONS).mul(0).set(0, 3, 5)));
  const moved = sheared.clone().addRowVector(Array.from({ length: DIMENSIONS }, (_, c) => 3 + c));
  const cases = [
    [rotated, "map-rotation"],
    [sheared, "map-linear"],
    [moved, "map-affine"],
    [a.subMatrixColumn([0, 1, 2]), "map-truncated"],
    [unitRows(a.subMatrixColumn([0, 1, 2])), "map-truncated"],
  ] as const;
  for (const [b, kind] of cases) {
    const map = alignEmbeddings(a, b, compareEmbeddings(a, b));
    assert.equal(map.correction, kind);
    assertClose(applyCorrection(map, a), b, 1e-9);
  }
  const other = vectors("other");
  const refused: [Matrix, Matrix, RegExp][] = [
    [a, other, /^Cannot align embeddings: no map takes A to B, they are different/],
    [
      a.subMatrixColumn([0, 1, 2]),
      a,
      /no map takes A to B, A is B cut to 3 coordinates: map B to A/,
    ],
  ];
  for (const [from, to, message] of refused) {
    const run = () => alignEmbeddings(from, to, compareEmbeddings(from, to));
    assert.throws(run, { message });
  }
});

Deno.test("audit compare: a gate passes on nothing, and ids that nearly match are said", async () => {
  await withTemporaryFolder(async (folder) => {
    const write = (name: string, m: Matrix, idOf: (row: number) => string) => {
      const lines = m.to2DArray().map((row, i) => [idOf(i), ...row].join("\t"));
      Deno.writeTextFileSync(`${folder}/${name}`, lines.join("\n"));
      return `${folder}/${name}`;
    };
    const one = write("one.tsv", a, (i) => `item_${i}x`);
    const few = write("few.tsv", vectors("few"), (i) => i < 15 ? `item_${i}x` : `ITEM_${i}X `);
    const { code, stderr } = await runTask("audit", ["compare", one, few, "--min-overlap", "0.2"]);
    assert.equal(code, 1);
    assert.match(stderr, /15 of 240 items are in both, less than --min-coverage 0\.5/);
    assert.match(stderr, /240 would match without .*case.*: --loose-ids/);
    const loose = await runTask("audit", ["compare", one, few, "--loose-ids"]);
    assert.equal(loose.code, 0);
    assert.match(loose.stdout, /In both: 240 items, matched by their ids/);
    const map = `${folder}/map.json`;
    const turned = write(
      "turned.tsv",
      a.mmul(randomRotation(DIMENSIONS, seedrandom.alea("file"))),
      (i) => `item_${i}x`,
    );
    assert.equal((await runTask("audit", ["compare", one, turned, "--map", map])).code, 0);
    const fixed = await runTask("audit", ["fix", one, "--apply", map, "--out", `${folder}/b.npy`]);
    assert.equal(fixed.code, 0, fixed.stderr);
    const mapped = await openEmbeddings(`${folder}/b.npy`);
    const target = await openEmbeddings(turned);
    assert.deepEqual(
      Deno.readTextFileSync(`${folder}/b.ids.txt`).trimEnd().split("\n"),
      target.ids?.map(String),
    );
    const entries = (opened: typeof mapped) => new Matrix(rowsAt(opened.rows, rows));
    assertClose(entries(mapped), entries(target), 1e-6);
  });
});

Deno.test("audit compare: a gate's exit code and reason, whatever CI types", async () => {
  await withTemporaryFolder(async (folder) => {
    const write = (name: string, m: Matrix) =>
      writeNpy(`${folder}/${name}`, m.to2DArray(), { dtype: "f8" });
    write("a.npy", a);
    write("turned.npy", a.mmul(turn));
    write("other.npy", vectors("other"));
    const cases: [string, string[], number, RegExp][] = [
      ["turned.npy", ["--min-overlap", "0.8"], 0, /^$/],
      ["turned.npy", ["--min-overlap=1e-1", "--strict", "--min-coverage", "1"], 0, /^$/],
      [
        "other.npy",
        ["--min-overlap", "0.8"],
        1,
        /by 0\.0\d\d, less than --min-overlap 0\.8 \(relation: different\)$/,
      ],
      [
        "other.npy",
        ["--min-overlap", "0"],
        1,
        /by chance they do by 0\.0\d\d: it takes more than chance/,
      ],
      ["other.npy", [], 0, /^$/],
      ["other.npy", ["--map", `${folder}/map.json`], 2, /no map takes A to B, they are different$/],
      ["turned.npy", ["--min-overlap", "80"], 2, /between 0 and 1, current value is "80"$/],
      ["turned.npy", ["--min_overlap", "0.8"], 2, /did you mean --min-overlap\?$/],
      ["none.npy", ["--min-overlap", "0.8"], 2, /none\.npy does not exist$/],
    ];
    for (const [b, args, code, message] of cases) {
      const found = await runCommand(["compare", `${folder}/a.npy`, `${folder}/${b}`, ...args]);
      assert.deepEqual(
        [found.code, found.stderr.split("\n").length <= 2],
        [code, true],
        args.join(" "),
      );
      assert.match(found.stderr.trimEnd(), message);
    }
    assert.throws(() => Deno.statSync(`${folder}/map.json`), Deno.errors.NotFound);
  });
});

Deno.test("audit compare: rows without ids are matched by their records where others were left out", async () => {
  await withTemporaryFolder(async (folder) => {
    const lines = (without: number) =>
      a.to2DArray().map((row, i) => (i === without ? row.map(() => "nan") : row).join(","));
    Deno.writeTextFileSync(`${folder}/a.csv`, lines(5).join("\n"));
    Deno.writeTextFileSync(`${folder}/b.csv`, lines(9).join("\n"));
    const { code, stdout } = await runCommand(
      ["compare", `${folder}/a.csv`, `${folder}/b.csv`, "--json", "-"],
    );
    const { relation, matched, rows } = JSON.parse(stdout);
    assert.deepEqual([code, relation, matched.items], [0, "identical", ITEMS - 2]);
    assert.deepEqual([rows.ids.removed, rows.ids.added], [[9], [5]]);
  });
});
