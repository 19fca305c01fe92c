/**
 * Times what the paper's pipeline takes, beside NumPy, SciPy and scikit-learn where a `python3` has
 * them: interleaved, with medians, ratios, and the correctness of every timed result asserted.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import {
  cosineSimilarity,
  gram,
  Interactions,
  simulateInteractions,
  type SVD,
  truncatedSVD,
} from "cosine-lab";
import { EigenvalueDecomposition } from "ml-matrix";
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { document, figure, palette, type Picture } from "cosine-lab/notebook";
import { assertWritable } from "../../lib/audit/output.ts";
import { systemFolder, writeFilesAtomically } from "../../lib/io/files.ts";
import { InputError } from "../../lib/errors.ts";
import { commandLine, runProgram } from "../../lib/io/program.ts";
import { symmetricEigen } from "../../lib/linalg/symmetric_eigen.ts";
import type { PipelineRun } from "./pipeline.ts";
import { powerLawInteractions } from "./power_law_interactions.ts";
import { findPython, peakMemory, runJson } from "./processes.ts";

interface NumPyRun {
  seconds: PipelineRun["seconds"];
}

const USAGE = "Usage: deno task bench [rounds, 5] [FILE.png]; the file gets a chart of the ratios";

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
function timed<T>(table: Table, row: string, f: () => T): T {
  const start = performance.now();
  const result = f();
  table.add(row, (performance.now() - start) / 1000);
  return result;
}

/** glibc asks for huge pages, as NumPy does: what is left without the price of fresh memory. */
const HUGE_PAGES = { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" };

function freshPipeline(table: Table, name: string, env: Record<string, string> = {}): void {
  const run = runJson<PipelineRun>(Deno.execPath(), ["run", "-A", path("pipeline.ts")], env);
  table.add(`pipeline${name}`, run.seconds.total);
  table.addPeak(`pipeline${name}`, run.megabytes);
  table.add(`its five cosine matrices${name}`, run.seconds.similarity);
}

/** Times everything, prints it, and gives the ratios. */
function bench(rounds: number): { row: string; ratio: number }[] {
  const python = findPython();
  const table = new Table(rounds);
  const simulated = simulateInteractions();
  const counts = gram(simulated.interactions);
  const expected = new EigenvalueDecomposition(counts, { assumeSymmetric: true });
  const spectrum = Float64Array.from(expected.realEigenvalues).sort().reverse();

  const assertSpectrum = ({ values }: { values: Float64Array }) =>
    values.forEach((value, i) => assert(Math.abs(value - spectrum[i]) <= 1e-9 * spectrum[0]));

  for (let round = 0; round <= rounds; round++) {
    // The first round warms up.
    table.recording = round > 0;
    if (python !== null) {
      const { seconds } = runJson<NumPyRun>(python, [path("figure1_numpy.py")]);
      for (const [stage, time] of Object.entries(seconds)) table.add(`NumPy ${stage}`, time);
    }
    freshPipeline(table, "");
    freshPipeline(table, ", huge pages", HUGE_PAGES);
    const auc = timed(
      table,
      "start to a first AUC",
      () => runJson<number>(Deno.execPath(), ["run", "-A", path("startup.ts")]),
    );
    assert(auc > 0.5 && auc < 1);
    const { interactions } = timed(table, "simulate", () => simulateInteractions());
    assert.deepEqual(interactions.columnIndices, simulated.interactions.columnIndices);
    // Its Gram matrix is not known yet.
    const x = new Interactions(interactions);
    assert.deepEqual(timed(table, "gram", () => gram(x)), counts);
    assertSpectrum(timed(table, "all eigenpairs", () => symmetricEigen(counts)));
    const { vectors } = timed(table, "50 eigenpairs", () => symmetricEigen(counts, 50));
    const similarities = timed(
      table,
      "five cosine matrices, warm",
      () => Array.from({ length: 5 }, () => cosineSimilarity(vectors)),
    );
    assert(similarities.every((s) => s.isSymmetric() && s.max() === 1));
    if (round === 1) {
      timed(
        table,
        "all eigenpairs, ml-matrix",
        () => new EigenvalueDecomposition(counts, { assumeSymmetric: true }),
      );
    }
  }
  table.compare("pipeline", "NumPy total", 0.33);
  table.compare("its five cosine matrices", "NumPy similarity", 1.5);
  table.compare("pipeline, huge pages", "NumPy total");
  table.compare("its five cosine matrices, huge pages", "NumPy similarity");
  table.compare("simulate", "NumPy simulate", 0.17);
  table.compare("gram", "NumPy gram", 0.5);
  table.compare("all eigenpairs", "NumPy eigen", 2.5);
  table.compare("50 eigenpairs", "NumPy eigen", 1.2);
  table.compare("all eigenpairs, ml-matrix", "NumPy eigen");
  table.compare("five cosine matrices, warm", "NumPy similarity");
  console.log(table.toString());

  const sparse = new Table(rounds);
  benchSparse(sparse, python, rounds);
  console.log(sparse.toString());
  return [...table.ratios(), ...sparse.ratios()];
}

function benchmark(args: string[]): number {
  const { values: { help }, positionals: [rounds = "5", chart] } = commandLine(args, {}, 2);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  if (!(Number.isInteger(Number(rounds)) && Number(rounds) >= 1)) {
    throw new InputError(
      `The rounds must be an integer of at least 1, current value is "${rounds}"`,
    );
  }
  if (chart !== undefined) assertChart(chart);
  const ratios = bench(Number(rounds));
  if (chart !== undefined) {
    writeFilesAtomically([{ path: chart, content: drawRatios(ratios).toPNG() }]);
  }
  return 0;
}

interface Yardstick {
  seconds: number;
  residual: number;
  sigma: number[];
}

const USERS = 200_000, ITEMS = 20_000, NONZEROS = 11_000_000, RANK = 50;
const SCRIPT = fileURLToPath(new URL("sparse_svd_scipy.py", import.meta.url));

/** Times the truncated SVD of a sparse 200,000 x 20,000 matrix, and SciPy's and scikit-learn's. */
function benchSparse(table: Table, python: string | null, rounds: number): void {
  const x = powerLawInteractions(USERS, ITEMS, NONZEROS);
  using temporary = systemFolder();
  const folder = temporary.path;
  const files = [join(folder, "starts"), join(folder, "indices")];
  Deno.writeFileSync(files[0], new Uint8Array(x.rowStarts.buffer as ArrayBuffer));
  Deno.writeFileSync(files[1], new Uint8Array(x.columnIndices.buffer as ArrayBuffer));
  let reached = 1e-1;
  for (let round = 0; round < rounds; round++) {
    let theirs: { svds: Yardstick; randomized: Yardstick } | null = null;
    if (python !== null) {
      theirs = runJson(python, [SCRIPT, ...files, ...[USERS, ITEMS, RANK].map(String)]);
      table.add("SciPy svds", theirs!.svds.seconds);
      table.add("scikit-learn randomized", theirs!.randomized.seconds);
      reached = theirs!.randomized.residual;
    }
    const exact = solve(table, "sparse SVD, residual 1e-6", x, 1e-6);
    const rough = solve(table, "sparse SVD, residual of randomized", x, reached);
    if (round === 0) {
      assert(largestResidual(x, exact) <= 1e-6);
      assert(largestResidual(x, rough) <= reached);
      theirs?.svds.sigma.forEach((sigma, i) => {
        assert(Math.abs(sigma - exact.sigma[i]) <= 1e-6 * sigma);
      });
    }
  }
  table.addPeak("sparse SVD, residual 1e-6", peakMemory());
  table.compare("sparse SVD, residual 1e-6", "SciPy svds", 0.4);
  table.compare("sparse SVD, residual of randomized", "scikit-learn randomized", 0.12);
}

function solve(table: Table, row: string, x: Interactions, tolerance: number): SVD {
  const start = performance.now();
  const svd = truncatedSVD(x, { rank: RANK, tolerance });
  table.add(row, (performance.now() - start) / 1000);
  return svd;
}

/** The largest ‖XᵀXv − σ²v‖/σ², computed row by row. */
function largestResidual(x: Interactions, { sigma, V }: SVD): number {
  let largest = 0;
  for (let j = 0; j < sigma.length; j++) {
    const v = Float64Array.from(V.getColumn(j));
    const rest = v.map((entry) => -(sigma[j] ** 2) * entry);
    for (let u = 0; u < x.users; u++) {
      let sum = 0;
      for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) sum += v[x.columnIndices[t]];
      for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) rest[x.columnIndices[t]] += sum;
    }
    largest = Math.max(largest, Math.hypot(...rest) / sigma[j] ** 2);
  }
  return largest;
}

interface Row {
  row: string;
  yardstick: string;
  target?: number;
}

/** Seconds by row, and what is made of them: medians, and ratios to a yardstick. */
class Table {
  /** Whether what is added counts. */
  recording = true;
  readonly #seconds = new Map<string, number[]>();
  readonly #peaks = new Map<string, number[]>();
  readonly #rows: Row[] = [];

  /** @param rounds How many rounds there will be, for the title. */
  constructor(readonly rounds: number) {}

  add(row: string, seconds: number): void {
    if (this.recording) push(this.#seconds, row, seconds);
  }

  /** Notes the peak of resident memory of a process. */
  addPeak(row: string, megabytes: number): void {
    if (this.recording) push(this.#peaks, row, megabytes);
  }

  /** Makes a line that compares a row with its yardstick. */
  compare(row: string, yardstick: string, target?: number): void {
    this.#rows.push({ row, yardstick, target });
  }

  /** The ratio to the yardstick, of each row that has one. */
  ratios(): { row: string; ratio: number }[] {
    return this.#rows.flatMap(({ row, yardstick }) => {
      const [own, others] = [this.#seconds.get(row), this.#seconds.get(yardstick)];
      return own && others ? [{ row, ratio: median(own) / median(others) }] : [];
    });
  }

  toString(): string {
    const lines = this.#rows.filter(({ row }) => this.#seconds.has(row)).map((line) => {
      const own = median(this.#seconds.get(line.row)!);
      const others = this.#seconds.get(line.yardstick);
      const peaks = this.#peaks.get(line.row);
      return [
        line.row.padEnd(44),
        `${own.toFixed(3)} s`.padStart(10),
        (others ? `${median(others).toFixed(3)} s` : "").padStart(10),
        (others ? (own / median(others)).toFixed(2) : "").padStart(6),
        (line.target ? `≤ ${line.target}` : "").padStart(7),
        (peaks ? `${median(peaks).toFixed(0)} MB` : "").padStart(8),
      ].join(" ");
    });
    const title = [
      `medians of ${this.rounds} rounds`.padEnd(44),
      "ours".padStart(10),
      "yardstick".padStart(10),
      "ratio".padStart(6),
      "target".padStart(7),
      "peak".padStart(8),
    ].join(" ");
    return [title, ...lines].join("\n");
  }
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  map.set(key, [...map.get(key) ?? [], value]);
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/**
 * Draws the times of a benchmark relative to those of NumPy, SciPy and scikit-learn.
 *
 * @param ratios The ratio of each row.
 * @returns The chart; to the left of 1 is faster.
 */
function drawRatios(ratios: readonly { row: string; ratio: number }[]): Picture {
  const plot = Plot.plot({
    document,
    width: 900,
    height: 30 * ratios.length + 50,
    marginLeft: 240,
    marginRight: 60,
    marginTop: 10,
    x: { type: "log", domain: [0.03, 30] },
    y: { label: null, tickSize: 0, domain: ratios.map(({ row }) => row) },
    marks: [
      // A logarithmic scale leaves labels out, unless they are given as texts.
      Plot.axisX([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20], { label: "ratio", text: String }),
      Plot.barX(ratios, {
        x1: 1,
        x2: "ratio",
        y: "row",
        fill: ({ ratio }) => ratio < 1 ? palette[0] : palette[1],
        insetTop: 3,
        insetBottom: 3,
      }),
      Plot.text(ratios, {
        x: "ratio",
        y: "row",
        text: ({ ratio }) => ratio.toFixed(2),
        dx: 20,
        filter: ({ ratio }) => ratio >= 1,
      }),
      Plot.text(ratios, {
        x: "ratio",
        y: "row",
        text: ({ ratio }) => ratio.toFixed(2),
        dx: -20,
        filter: ({ ratio }) => ratio < 1,
      }),
      Plot.ruleX([1]),
    ],
  });
  return figure(plot, {
    title: "Time relative to NumPy, SciPy and scikit-learn with OpenBLAS",
    caption:
      "Medians of interleaved runs on two cores; below 1 is faster. Pipelines: Figure 1 from the simulation to five cosine matrices, the first call of a fresh process. Sparse SVD: 200,000 x 20,000 with 10 million interactions, rank 50.",
  });
}

/**
 * Throws unless a chart can be written to a file, before the minutes that it takes to measure it.
 *
 * @throws {InputError} If its name does not end in .png, or it cannot be written.
 */
export function assertChart(path: string): void {
  if (!path.endsWith(".png")) throw new InputError(`${path} must end in .png`);
  assertWritable([path], { force: true });
}

if (import.meta.main) Deno.exitCode = await runProgram("bench", () => benchmark(Deno.args));
