/**
 * Times what the paper's pipeline takes, beside NumPy, SciPy and scikit-learn where a `python3` has
 * them: interleaved, with medians, ratios, and the correctness of every timed result asserted.
 *
 * @module
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { EigenvalueDecomposition } from "ml-matrix";
import { cosineSimilarity, gram, Interactions, simulateInteractions } from "cosine-lab";
import { assertChart } from "./assert_chart.ts";
import { InputError } from "../../lib/io/input_error.ts";
import { commandLine, runProgram } from "../../lib/io/program.ts";
import { symmetricEigen } from "../../lib/linalg/symmetric_eigen.ts";
import { writeFilesAtomically } from "../../lib/io/files.ts";
import { drawRatios } from "./draw_ratios.ts";
import type { PipelineRun } from "./pipeline.ts";
import { findPython, runJson } from "./run_json.ts";
import { benchSparse } from "./sparse.ts";
import { Table } from "./table.ts";

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

if (import.meta.main) Deno.exitCode = await runProgram("bench", () => benchmark(Deno.args));
