/**
 * One point of the growth chart, in a process of its own so that its peak of memory is its own.
 * Prints seconds, and the peak of resident memory, as one line of JSON.
 *
 * Usage: growth_point.ts gram|lanczos USERS ITEMS RANK [NONZEROS]
 *
 * @module
 */
import { simulateInteractions, truncatedSVD } from "cosine-lab";
import { powerLawInteractions } from "./power_law_interactions.ts";
import { peakMemory, resetPeakMemory } from "./processes.ts";

/** What a point costs. */
export interface Cost {
  nonzeros: number;
  seconds: number;
  /** Of resident memory at its peak, X included. */
  megabytes: number;
}

if (import.meta.main) {
  const method = Deno.args[0] as "gram" | "lanczos";
  const [users, items, rank, nonzeros] = Deno.args.slice(1).map(Number);
  const sparse = method === "lanczos" ? powerLawInteractions(users, items, nonzeros) : null;
  // What drawing the sparse matrix took does not count.
  resetPeakMemory();
  const start = performance.now();
  const x = sparse ?? simulateInteractions({ users, items }).interactions;
  const { sigma } = truncatedSVD(x, { rank, method, tolerance: 1e-6 });
  const cost: Cost = {
    nonzeros: x.nonzeros,
    seconds: (performance.now() - start) / 1000,
    megabytes: peakMemory(),
  };
  if (!(sigma[rank - 1] > 0)) throw new Error("The spectrum is shorter than the rank");
  console.log(JSON.stringify(cost));
}
