import assert from "node:assert/strict";
import { cosineSimilarity, neighborOverlap, randomRotation } from "cosine-lab";
import {
  type AuditedFile,
  auditEmbeddings,
  type AuditOptions,
  type AuditReport,
  type VerdictFlag,
} from "cosine-lab/audit";
import { FLAGS, RULES } from "../../lib/audit/measures/measures.ts";
import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import {
  clustered,
  type Draw,
  equation1,
  equation2,
  gaussianNoise,
  normalized,
  wordVectors,
} from "./table_files.ts";

/** Sizes and seeds; the second half was not looked at while thresholds were chosen. */
const DRAWS: Draw[] = [
  { items: 200, dimensions: 20, seed: "a" },
  { items: 600, dimensions: 24, seed: "c" },
  { items: 260, dimensions: 28, seed: "held out 3" },
  { items: 450, dimensions: 40, seed: "held out 4" },
];

const FAULTS = FLAGS.filter((flag) => RULES[flag].kind === "fault");

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

/** Columns of mean 0 and variance 1. */
function zScores(B: Matrix): Matrix {
  return B.clone().center("column").scale("column");
}

/** Rows at even places, and behind them the others: a sorted file in two parts. */
function twice(B: Matrix): Matrix {
  const rows = range(B.rows);
  return pick(B, [...rows.filter((row) => row % 2 === 0), ...rows.filter((row) => row % 2 === 1)]);
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
      ["three kinds, sorted", kinds(draw, 3).sorted],
      ["four kinds, sorted", kinds(draw, 4).sorted],
      ["two kinds, sorted, twice", twice(two.sorted)],
      ["three kinds, sorted, twice", twice(kinds(draw, 3).sorted)],
      ["one-hot", oneHot(draw)],
      ["z-scores", zScores(some.B)],
      ["of another unit", some.B.clone().mul(1e20)],
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
          new RegExp(`two models in one, and the second begins at row ${order.seam!.row}:`),
        );
      }
    }
  });

  Deno.test(`models are found that change more than once (${name})`, () => {
    const n = draw.items;
    let off = 0;
    for (const B of [kinds(draw, 5).B, kinds(draw, 12).B]) {
      const middle = twoModels(B, (row) => row >= 0.3 * n && row < 0.6 * n);
      const files: [Matrix, number, number[]][] = [
        [middle, 2, [0.3, 0.6]],
        [twoModels(B, (row) => Math.floor(5 * row / n) % 2 === 1), 2, [0.2, 0.4, 0.6, 0.8]],
      ];
      for (const [file, models, places] of files) {
        const { modelBlocks, verdict } = audit(file);
        assert(
          verdict.flags.includes("model-blocks"),
          JSON.stringify({ name, places, modelBlocks }),
        );
        assert.equal(verdict.level, "data-fault");
        const { changes } = modelBlocks!;
        assert.equal(modelBlocks!.models, models);
        assert.equal(changes.length, places.length);
        changes.forEach(({ row }, i) => {
          const truth = Math.ceil(places[i] * n - 1e-9);
          assert(Math.abs(row - truth) <= 1, `${row}`);
          if (row !== truth) off++;
        });
        const { blocks } = modelBlocks!;
        assert.deepEqual(blocks.map(({ model }) => model), blocks.map((_, i) => i % 2));
        assert.deepEqual(blocks.slice(1).map(({ from }) => from), changes.map(({ row }) => row));
        assert.equal(blocks.at(-1)!.to, n - 1);
      }
    }
    // Neighbors alone tell a row at a change; by votes of the rows about it 8 and more are off by one.
    assert(off <= 2, `${off} of 12 changes are not at their row`);
    const three = twoModels(
      twoModels(kinds(draw, 5).B, (row) => row >= n / 3),
      (row) => row >= 2 * n / 3,
      "third model",
    );
    assert.equal(audit(three).modelBlocks?.models, 3);
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

const healthy = kinds({ items: 300, dimensions: 24, seed: "flags" }, 6);
const gaussian = (items: number, dimensions: number, seed: string) =>
  gaussianNoise({ items, dimensions, seed });

/** Replaces some rows. */
function withRows(
  B: Matrix,
  rows: readonly number[],
  row: (i: number) => ArrayLike<number>,
): Matrix {
  const changed = B.clone();
  for (const i of rows) changed.setRow(i, Array.from(row(i)));
  return changed;
}

/** The signs of coordinates, eight to a byte. */
function packed(B: Matrix, offset: number): Matrix {
  return new Matrix(
    B.to2DArray().map((row) =>
      range(row.length / 8).map((c) =>
        row.slice(8 * c, 8 * c + 8).reduce((byte, x) => 2 * byte + Number(x > 0), 0) - offset
      )
    ),
  );
}

/** Vectors of which some have 16 dimensions, and zeros after them. */
function cut(B: Matrix, which: (row: number) => boolean): Matrix {
  return new Matrix(
    B.to2DArray().map((row, i) => row.map((x, c) => which(i) && c >= 16 ? 0 : x)),
  );
}

/** Vectors as float32, whose bytes are read as another type, or in the other order. */
function misread(
  B: Matrix,
  { type, littleEndian }: { type: "float32" | "float64"; littleEndian: boolean },
): Matrix {
  const rows = B.to2DArray().map((row) => {
    const bytes = new DataView(new ArrayBuffer(4 * row.length));
    row.forEach((x, c) => bytes.setFloat32(4 * c, x, true));
    return type === "float32"
      ? row.map((_, c) => bytes.getFloat32(4 * c, littleEndian))
      : range(row.length / 2).map((c) => bytes.getFloat64(8 * c, littleEndian));
  });
  return new Matrix(rows.filter((row) => row.every(Number.isFinite)));
}

function float16(leftOut: AuditedFile["leftOut"] = []): AuditedFile {
  return { format: ".npy", dtype: "float16", taken: "302 rows", records: 302, leftOut };
}

/** What raises each flag: a small file, and what is declared of it. */
const FILES: [VerdictFlag, Matrix, AuditOptions?][] = [
  [
    "collapsed",
    new Matrix(
      gaussian(200, 16, "rounding").to2DArray().map((row) => row.map((x) => 1 + 1e-6 * x)),
    ),
  ],
  ["collapsed", withRows(healthy.B, range(180), () => healthy.B.getRow(299))],
  ["packed-bits", packed(kinds({ items: 300, dimensions: 256, seed: "bits" }, 6).B, 0)],
  ["packed-bits", packed(kinds({ items: 300, dimensions: 384, seed: "bits" }, 6).B, 128)],
  ["two-scales", withRows(healthy.B, range(120), (i) => healthy.B.getRow(i).map((x) => 30 * x))],
  [
    "two-scales",
    withRows(
      healthy.B,
      [3, 50, 51, 120, 200, 210, 299],
      (i) => healthy.B.getRow(i).map((x) => 0.01 * x),
    ),
  ],
  [
    "transposed",
    normalized(kinds({ items: 300, dimensions: 60, seed: "turned" }, 6).B).transpose(),
  ],
  ["transposed", gaussian(64, 210, "wide")],
  ["transposed", kinds({ items: 600, dimensions: 64, seed: "turned" }, 6).B.transpose()],
  ["padded-rows", cut(healthy.B, (row) => row >= 150)],
  ["padded-rows", cut(healthy.B, (row) => row % 5 === 2)],
  ["misread-numbers", misread(healthy.B, { type: "float32", littleEndian: false })],
  ["misread-numbers", misread(healthy.B, { type: "float64", littleEndian: true })],
  ["misread-numbers", healthy.B.clone().mul(1e-35)],
  ["float16-underflow", healthy.B.clone().mul(1e-6), { file: float16() }],
  ["few-numbers", new Matrix(healthy.B.to2DArray().map((row) => row.map(Math.trunc)))],
  ["long-rows", withRows(healthy.B, [299], (i) => healthy.B.getRow(i).map((x) => 1e6 * x))],
  ["lost-dimensions", gaussian(300, 3, "few").mmul(gaussian(3, 24, "directions"))],
  ["orthogonal", Matrix.eye(100)],
  ["zero-rows", withRows(healthy.B, [0, 7], () => new Array(24).fill(0))],
  ["repeated-ids", healthy.B, { ids: range(300).map((i) => `item ${i === 250 ? 3 : i}`) }],
  ["duplicates", withRows(healthy.B, [9], () => healthy.B.getRow(8))],
  [
    "near-duplicates",
    withRows(healthy.B, [9, 19], (i) => healthy.B.getRow(i - 1).map((x) => x * (1 + 1e-7))),
  ],
  ["constant-columns", new Matrix(healthy.B.to2DArray().map((row) => [...row, 0, 0, 0]))],
  ["constant-columns", new Matrix(healthy.B.to2DArray().map((row) => [...row, ...row]))],
  ["float16-overflow", healthy.B, {
    file: float16([{ reason: "not-finite", count: 2, rows: [4, 5], ids: [] }]),
  }],
];

Deno.test("each flag of a file is up where it should be, names its rows, and not elsewhere", () => {
  const raised = (B: Matrix, options?: AuditOptions) =>
    audit(B, { trained: "cosine", ...options }).verdict;
  const own = new Set(FILES.map(([flag]) => flag));
  assert.deepEqual(raised(healthy.B).flags.filter((flag) => own.has(flag)), []);
  const noWarning: VerdictFlag[] = [
    ...["repeated-ids", "duplicates", "near-duplicates", "constant-columns"] as const,
  ];
  for (const [flag, B, options] of FILES) {
    const { flags, level, headline } = raised(B, options);
    assert(flags.includes(flag), `${flag}: ${flags}`);
    if (!noWarning.includes(flag)) {
      // The columns of a file that is turned around are as good as noise.
      const levels = FAULTS.includes(flag) ? ["data-fault"] : ["flagged", "noise"];
      assert(levels.includes(level), `${flag}: ${level}`);
      assert.doesNotMatch(headline, /No warning/);
    }
  }
  const zeros = audit(withRows(healthy.B, [0, 7], () => new Array(24).fill(0)), {
    ids: range(300).map((i) => `item ${i}`),
  });
  assert.deepEqual(zeros.zeros, {
    count: 2,
    rows: [0, 7],
    ids: ["item 0", "item 7"],
    last: 7,
  });
  const unnamed = range(300).map((i) => i < 5 ? "" : i === 250 ? "item 9" : `item ${i}`);
  assert.deepEqual(audit(healthy.B, { ids: unnamed }).repeatedIds?.rows, [250]);
  const two = audit(FILES.find(([flag]) => flag === "two-scales")![1]).twoScales!;
  assert.deepEqual([two.seam, two.fewer.count], [120, 120]);
  const padded = audit(cut(healthy.B, (row) => row >= 150)).paddedRows!;
  assert.deepEqual([padded.zeros, padded.found.count, padded.found.rows[0]], [8, 150, 150]);
  const long = withRows(healthy.B, [299], (i) => healthy.B.getRow(i).map((x) => 1e6 * x));
  assert.deepEqual(audit(long).longRows.rows, [299]);
  const halves = audit(new Matrix(healthy.B.to2DArray().map((row) => [...row, ...row])));
  assert.equal(halves.constantColumns.halves, true);
});

Deno.test("nothing says to use a file of which much is repeated or left out, or that may hold two models", () => {
  const say = (B: Matrix, options: AuditOptions = {}) =>
    audit(B, { trained: "cosine", ...options }).verdict;
  const twice = new Matrix([...healthy.B.to2DArray(), ...healthy.B.to2DArray()]);
  const file = (count: number): AuditOptions["file"] => ({
    ...{ format: ".json", dtype: "text", taken: "400 rows", records: 300 + count },
    leftOut: [{ reason: "wrong-length", count, rows: [0, 1], ids: [] }],
  });
  for (
    const [found, first] of [
      [say(twice), "300 of 600 rows are exact copies of an earlier one"],
      [say(healthy.B, { file: file(100) }), "25 % of the records could not be used"],
    ] as const
  ) {
    assert.equal(found.level, "flagged");
    assert.equal(found.title.split(";")[0], "1 problem found");
    assert(found.headline.startsWith(first), found.headline);
    assert.doesNotMatch(found.advice[0], /^Use them/);
  }
  // A few are told of, and no more.
  const few = withRows(healthy.B, range(5), () => healthy.B.getRow(299));
  assert.equal(say(few).level, "no-warning");
  assert.match(say(few).title, /^no serious problem found/);
  assert.deepEqual(say(healthy.B, { file: file(3) }).found, say(healthy.B).found);
  // Kinds one after the other may be models one after the other.
  const { title, found, headline, advice } = say(
    kinds({ items: 300, dimensions: 24, seed: "order" }, 6).sorted,
  );
  assert.match(title, /^no clear problem found/);
  assert.match(found[0], /sorted by kind, .* or several models/);
  assert.doesNotMatch(headline, /No warning/);
  assert.match(advice[0], /^If this is as it should be, use them/);
});

Deno.test("a fault is named by its rows, its column or its type", () => {
  const found = (B: Matrix, options: AuditOptions = {}) => audit(B, options).verdict;
  const padded = found(cut(healthy.B, (row) => row >= 150));
  assert.match(padded.headline, /^150 rows \(rows 150 to 299\) end in 8 zeros/);
  const some = found(cut(healthy.B, (row) => row % 3 === 0));
  assert.match(some.headline, /^100 rows \(rows 0, 3, 6 and 97 more\) end in 8 zeros/);
  const same = found(withRows(healthy.B, range(60).map((i) => 5 * i), () => healthy.B.getRow(0)));
  assert.match(
    same.headline,
    /^60 of 300 rows are the same vector \(rows 0, 5, 10 and 57 more\), and a search/,
  );
  // A number beside the coordinates is the fault, and no collapse of the vectors.
  const counted = new Matrix(
    healthy.B.to2DArray().map((row, i) => [...row, 1e4 + 10 * i]),
  );
  const { level, flags, headline, advice } = found(counted, { trained: "cosine" });
  assert.equal(level, "data-fault");
  assert.deepEqual(flags.filter((flag) => ["collapsed", "rogue-dimensions"].includes(flag)), [
    "rogue-dimensions",
  ]);
  assert.match(headline, /^Column 24 \(counted from 0\) is far larger .* 100 % of every cosine/);
  assert.match(advice[0], /np\.delete\(x, \[24\], axis=1\)/);
  const one = new Matrix(
    healthy.B.to2DArray().map((row) => row.map((x, c) => Math.sin(c + 1) + 1e-4 * x)),
  );
  assert.deepEqual(found(one).flags.includes("collapsed"), true);
  assert.match(found(one).headline, /all rows have a cosine of 0\.999 or more with row/);
  // Single precision in pairs, read as double precision.
  const pairs = new Matrix(
    healthy.B.to2DArray().map((row) => [...new Float64Array(Float32Array.from(row).buffer)]),
  );
  const file: AuditOptions["file"] = {
    ...{ format: "NumPy array", dtype: "float64", taken: "300 rows", records: 300 },
    leftOut: [],
  };
  const misread = audit(pairs, { file });
  assert.deepEqual([misread.numbers.meant, misread.verdict.flags], ["<f4", ["misread-numbers"]]);
  assert.match(misread.verdict.advice[0], /np\.frombuffer\(x\.tobytes\(\), '<f4'\)/);
  const wide = found(clustered({ items: 600, dimensions: 64, seed: "wide" }).transpose());
  assert.match(wide.title, /^1 question about this file;/);
});

Deno.test("numbers that were rounded to bytes are no packed bits", () => {
  const rounded = (B: Matrix, scale: number, offset: number) =>
    new Matrix(
      B.to2DArray().map((row) =>
        row.map((x) => Math.max(-128, Math.min(127, Math.round(scale * x))) + offset)
      ),
    );
  for (const [scale, offset] of [[40, 0], [40, 128], [90, 0], [3, 0]]) {
    assert.equal(audit(rounded(healthy.B, scale, offset)).packedBits, null);
  }
  const random = seedrandom.alea("bytes");
  const even = new Matrix(range(300).map(() => range(24).map(() => Math.floor(256 * random()))));
  assert.equal(audit(even).packedBits, null);
});

Deno.test("a scale for scores is that of the pairs, and its cutoff holds on the other half", () => {
  const { scores } = audit(healthy.B, { labels: healthy.labels });
  const rows = healthy.B.to2DArray(), norms = rows.map((row) => Math.hypot(...row));
  const all = rows.flatMap((a, i) =>
    rows.slice(i + 1).map((b, j) =>
      a.reduce((sum, x, c) => sum + x * b[c], 0) / norms[i] / norms[i + 1 + j]
    )
  ).sort((a, b) => a - b);
  const below = (cosine: number) => all.filter((other) => other < cosine).length / all.length;
  assert(Math.abs(below(scores.random.p95) - 0.95) < 0.01);
  assert(Math.abs(below(scores.random.p999) - 0.999) < 0.001);
  assert(scores.nearest.p50 > scores.random.p95);
  const { cutoff } = scores;
  assert(cutoff!.precision > 0.9 && cutoff!.recall > 0.9 && cutoff!.chance < 0.25);
});

Deno.test("queries of another place or of another model lie apart from the items, and others do not", () => {
  const { B } = kinds({ items: 300, dimensions: 24, seed: "queries" }, 6);
  const noise = gaussian(60, 24, "asked").mul(0.4);
  const like = Matrix.add(pick(B, range(60).map((i) => 5 * i)), noise);
  const apart = (queries: Matrix) => {
    const report = audit(B, { queries });
    const raised = report.verdict.flags.includes("queries-apart");
    assert.equal(raised, report.queries!.apart.reason !== null);
    assert.equal(/^Queries lie apart/.test(report.verdict.headline), raised);
    return report.queries!.apart.reason;
  };
  assert.equal(apart(like), null);
  const offset = gaussian(1, 24, "prefix").mul(1.2).getRow(0);
  assert.equal(apart(like.clone().addRowVector(offset)), "direction");
  // Without a common mean there is no direction that tells another model's queries.
  const centered = B.clone().center("column");
  const turned = pick(twoModels(centered, () => true), range(60).map((i) => 5 * i));
  const other = audit(centered, { queries: turned }).queries!.apart;
  assert(other.queryNearest < other.itemNearest - 0.2);
  assert.equal(other.reason, "distance", JSON.stringify(other));
  const few = audit(B, {
    queries: new Matrix(
      range(60).map((i) => B.getRow(i % 2).map((x, c) => x + 0.1 * noise.get(i, c))),
    ),
  });
  assert(few.verdict.flags.includes("few-answers"));
  assert.equal(few.queries!.answers.half, 1);
  assert.match(few.verdict.headline, /^A few items answer most queries/);
  const declared = audit(B, { queries: like.clone().addRowVector(offset), trained: "cosine" });
  assert.equal(declared.verdict.level, "no-warning");
  assert.match(declared.verdict.headline, /lie apart from the items: .* Between items, cosine is/);
  assert.match(declared.verdict.advice[0], /prefixes/);
});

Deno.test("biases make one vector added to all items free, and the headline says what it moves", () => {
  const B = Matrix.add(healthy.B, 0).addRowVector(new Array(24).fill(0.8));
  for (const trained of ["sum", "product"] as const) {
    const plain = audit(B, { trained }), biased = audit(B, { trained, biases: true });
    const moved = biased.neighbors.find(({ key }) => key === "moved-by-mean")!;
    const center = biased.neighbors.find(({ key }) => key === "center")!;
    assert.equal(moved.overlap, center.overlap);
    assert(plain.neighbors.every(({ key }) => key !== "moved-by-mean"));
    assert(biased.verdict.theory.replaced! >= plain.verdict.theory.replaced!);
    assert.match(biased.verdict.headline, /(undetermined|Undetermined) in principle/);
  }
  const { theory, headline } = audit(B, { trained: "sum", biases: true }).verdict;
  assert.deepEqual([theory.change, theory.practice, theory.determined], [
    "moved-by-mean",
    "large",
    false,
  ]);
  assert.match(headline, /moving all vectors by their mean/);
  assert.throws(
    () => audit(B, { trained: "factors", biases: true }),
    /biases must come with trained/,
  );
});

Deno.test("to normalize after training removes no freedom: docs/audit.md has the number", () => {
  const draw = { items: 320, dimensions: 32, seed: "normalized afterwards" };
  const models = [0, -0.5].map((power) => equation1(draw, power));
  const [a, b] = models.map(({ B }) => normalized(B));
  // Both predict the same: D stands between the two sides.
  const predictions = models.map(({ users, B }) => users.mmul(B.transpose()));
  assert(Matrix.sub(predictions[0], predictions[1]).norm() < 1e-9 * predictions[0].norm());
  const overlap = neighborOverlap(cosineSimilarity(a), cosineSimilarity(b), 10);
  const [, said] = Deno.readTextFileSync("docs/audit.md").match(
    /keep\s+(\d+) % of the ten nearest/,
  )!;
  assert.equal(Number(said), Math.round(100 * overlap));
});
