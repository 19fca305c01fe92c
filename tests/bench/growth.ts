/**
 * Measures how time and memory grow with n, p, the number of nonzeros and k, and draws it.
 *
 * Usage: `deno task growth [FILE.png]`; prints the data as JSON.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { fileURLToPath } from "node:url";
import { chart } from "cosine-lab";
import type { Cost } from "./growth_point.ts";
import { runJson } from "./run_json.ts";

const POINT = fileURLToPath(new URL("growth_point.ts", import.meta.url));

/** Each series varies one thing, by doubling; the others stay as in the paper or the benchmark. */
const SERIES: Record<string, string[][]> = {
  "users n": [5, 10, 20, 40, 80].map((k) => ["gram", `${k}000`, "1000", "50"]),
  "items p": [250, 500, 1000, 2000].map((p) => ["gram", "20000", `${p}`, "50"]),
  "rank k": [25, 50, 100, 200].map((k) => ["gram", "20000", "1000", `${k}`]),
  "nonzeros, sparse": [1, 2, 4, 8].map((m) => {
    return ["lanczos", `${m * 25}000`, "20000", "50", `${m * 1_250_000}`];
  }),
  "rank k, sparse": [12, 25, 50, 100].map((k) => ["lanczos", "50000", "20000", `${k}`, "2500000"]),
};

interface Point extends Cost {
  series: string;
  /** How many times the smallest. */
  factor: number;
}

function measure(): Point[] {
  return Object.entries(SERIES).flatMap(([series, settings]) =>
    settings.map((args, i) => {
      const cost = runJson<Cost>(Deno.execPath(), ["run", "-A", POINT, ...args]);
      return { series, factor: 2 ** i, ...cost };
    })
  );
}

function draw(points: Point[]) {
  const long = points.flatMap((point) => [
    { ...point, what: "seconds", value: point.seconds },
    { ...point, what: "MB, at the peak", value: point.megabytes },
  ]);
  return chart({
    title: "How time and memory grow",
    caption: "Simulation and factorization of dense data (n = 20,000, p = 1,000, k = 50) and " +
      "factorization of sparse data (p = 20,000, residual 1e-6), each with one size doubled.",
    height: 320,
    x: { type: "log", base: 2, label: "times the smallest size", ticks: [1, 2, 4, 8, 16] },
    y: { type: "log", label: "seconds, and MB" },
    fx: { label: null },
    color: { legend: true },
    marks: [
      Plot.frame({ strokeOpacity: 0.2 }),
      Plot.lineY(long, { x: "factor", y: "value", stroke: "series", fx: "what", marker: true }),
    ],
  });
}

if (import.meta.main) {
  const points = measure();
  console.log(JSON.stringify(points, null, 1));
  if (Deno.args[0]) Deno.writeFileSync(Deno.args[0], draw(points).toPNG());
}
