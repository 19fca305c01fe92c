/**
 * The Figure 1 pipeline, once in a fresh process: what a reader of a notebook waits for. Prints the
 * seconds of each stage and the peak of resident memory as one line of JSON.
 *
 * @module
 */
import {
  cosineSimilarity,
  denoisingEmbeddings,
  denoisingSpectrum,
  gram,
  rescale,
  simulateInteractions,
  truncatedSVD,
  weightDecayEmbeddings,
} from "cosine-lab";
import assert from "node:assert/strict";
import { peakMemory } from "./processes.ts";

/** What a run of the pipeline prints. */
export interface PipelineRun {
  nonzeros: number;
  seconds: Record<"simulate" | "gram" | "eigen" | "similarity" | "total", number>;
  /** Of resident memory, at its peak. */
  megabytes: number;
}

function run(): PipelineRun {
  const seconds = { simulate: 0, gram: 0, eigen: 0, similarity: 0, total: 0 };
  const timed = <T>(name: keyof typeof seconds, f: () => T): T => {
    const start = performance.now();
    const result = f();
    seconds[name] += (performance.now() - start) / 1000;
    seconds.total += (performance.now() - start) / 1000;
    return result;
  };
  const { interactions } = timed("simulate", () => simulateInteractions());
  const g = timed("gram", () => gram(interactions));
  const svd = timed("eigen", () => truncatedSVD(interactions, { rank: 50 }));
  const similarities = timed("similarity", () => {
    const model = denoisingEmbeddings(svd, { lambda: 10_000 });
    const d = denoisingSpectrum(svd, 10_000);
    const embeddings = [
      svd.V,
      model.B,
      rescale(model, d.map((value) => value ** -0.5)).B,
      rescale(model, d.map((value, i) => (value * svd.sigma[i]) ** 0.25)).B,
      weightDecayEmbeddings(svd, { lambda: 100 }).B,
    ];
    return embeddings.map((e) => cosineSimilarity(e));
  });
  assert.equal(g.trace(), interactions.nonzeros);
  assert(largestResidual(g.mmul(svd.V).to2DArray(), svd.sigma, svd.V.to2DArray()) < 1e-9);
  for (const s of similarities) assert(s.rows === 1000 && s.isSymmetric());
  return {
    nonzeros: interactions.nonzeros,
    seconds,
    megabytes: peakMemory(),
  };
}

/** The largest ‖Gv − σ²v‖ relative to ‖G‖. */
function largestResidual(gv: number[][], sigma: Float64Array, v: number[][]): number {
  let largest = 0;
  for (let j = 0; j < sigma.length; j++) {
    const norm = Math.hypot(...gv.map((row, i) => row[j] - sigma[j] ** 2 * v[i][j]));
    largest = Math.max(largest, norm / sigma[0] ** 2);
  }
  return largest;
}

if (import.meta.main) console.log(JSON.stringify(run()));
