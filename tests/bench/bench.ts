/**
 * Times what the paper's pipeline takes, beside NumPy, SciPy and scikit-learn where a `python3` has
 * them: interleaved, with medians, ratios, and the correctness of every timed result asserted.
 *
 * Usage: `deno task bench [rounds] [FILE.png]`; the file gets a chart of the ratios.
 *
 * @module
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { EigenvalueDecomposition } from "ml-matrix";
import { cosineSimilarity, gram, Interactions, simulateInteractions } from "cosine-lab";
import { symmetricEigen } from "../../lib/linalg/symmetric_eigen.ts";
import { drawRatios } from "./draw_ratios.ts";
import type { PipelineRun } from "./pipeline.ts";
import { findPython, runJson } from "./run_json.ts";
import { benchSparse } from "./sparse.ts";
import { Table } from "./table.ts";

interface NumPyRun {
  seconds: PipelineRun["seconds"];
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const rounds = Number(Deno.args[0] ?? 5);
const python = findPython();
const table = new Table(rounds);

function timed<T>(row: string, f: () => T): T {
  const start = performance.now();
  const result = f();
  table.add(row, (performance.now() - start) / 1000);
  return result;
}

function freshPipeline(row: string): void {
  const run = runJson<PipelineRun>(Deno.execPath(), ["run", "-A", path("pipeline.ts")]);
  table.add(row, run.seconds.total);
  table.addPeak(row, run.megabytes);
}

const simulated = simulateInteractions();
const counts = gram(simulated.interactions);
const expected = new EigenvalueDecomposition(counts, { assumeSymmetric: true });
const spectrum = Float64Array.from(expected.realEigenvalues).sort().reverse();

function assertSpectrum({ values }: { values: Float64Array }): void {
  values.forEach((value, i) => assert(Math.abs(value - spectrum[i]) <= 1e-9 * spectrum[0]));
}

for (let round = 0; round <= rounds; round++) {
  // The first round warms up.
  table.recording = round > 0;
  if (python !== null) {
    const { seconds } = runJson<NumPyRun>(python, [path("figure1_numpy.py")]);
    for (const [stage, time] of Object.entries(seconds)) table.add(`NumPy ${stage}`, time);
  }
  freshPipeline("pipeline");
  const auc = timed(
    "start to a first AUC",
    () => runJson<number>(Deno.execPath(), ["run", "-A", path("startup.ts")]),
  );
  assert(auc > 0.5 && auc < 1);
  const { interactions } = timed("simulate", () => simulateInteractions());
  assert.deepEqual(interactions.columnIndices, simulated.interactions.columnIndices);
  // Its Gram matrix is not known yet.
  const x = new Interactions(interactions);
  assert.deepEqual(timed("gram", () => gram(x)), counts);
  assertSpectrum(timed("all eigenpairs", () => symmetricEigen(counts)));
  const { vectors } = timed("50 eigenpairs", () => symmetricEigen(counts, 50));
  const similarities = timed(
    "five cosine matrices",
    () => Array.from({ length: 5 }, () => cosineSimilarity(vectors)),
  );
  assert(similarities.every((s) => s.isSymmetric() && s.max() === 1));
  if (round === 1) {
    timed(
      "all eigenpairs, ml-matrix",
      () => new EigenvalueDecomposition(counts, { assumeSymmetric: true }),
    );
  }
}
table.compare("pipeline", "NumPy total", 0.33);
table.compare("simulate", "NumPy simulate", 0.17);
table.compare("gram", "NumPy gram", 0.5);
table.compare("all eigenpairs", "NumPy eigen", 2.5);
table.compare("50 eigenpairs", "NumPy eigen", 1.2);
table.compare("all eigenpairs, ml-matrix", "NumPy eigen");
table.compare("five cosine matrices", "NumPy similarity", 1.5);
console.log(table.toString());

const sparse = new Table(rounds);
benchSparse(sparse, python, rounds);
console.log(sparse.toString());
if (Deno.args[1]) {
  Deno.writeFileSync(Deno.args[1], drawRatios([...table.ratios(), ...sparse.ratios()]).toPNG());
}
