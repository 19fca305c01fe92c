import { systemFolder } from "../../lib/io/files.ts";
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Interactions, type SVD, truncatedSVD } from "cosine-lab";
import { powerLawInteractions } from "./power_law_interactions.ts";
import { runJson } from "./run_json.ts";
import type { Table } from "./table.ts";
import { peakMemory } from "./peak_memory.ts";

interface Yardstick {
  seconds: number;
  residual: number;
  sigma: number[];
}

const USERS = 200_000, ITEMS = 20_000, NONZEROS = 11_000_000, RANK = 50;
const SCRIPT = fileURLToPath(new URL("sparse_svd_scipy.py", import.meta.url));

/** Times the truncated SVD of a sparse 200,000 x 20,000 matrix, and SciPy's and scikit-learn's. */
export function benchSparse(table: Table, python: string | null, rounds: number): void {
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
