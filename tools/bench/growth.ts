/**
 * Measures how time and memory grow with n, p, the number of nonzeros and k, and draws it.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { writeFilesAtomically } from "../../lib/io/files.ts";
import { fileURLToPath } from "node:url";
import { commandLine, runProgram } from "../../lib/io/program.ts";
import { document, figure, palette } from "cosine-lab/notebook";
import type { Cost } from "./growth_point.ts";
import { assertChart } from "./bench.ts";
import { runJson } from "./processes.ts";

const USAGE = "Usage: deno task growth [FILE.png]; prints the data as JSON, the file gets a chart";

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

/** How often each point is measured; the fastest counts, which other work disturbed least. */
const ROUNDS = 3;

interface Point extends Cost {
  series: string;
  /** How many times the smallest. */
  factor: number;
}

function measure(): Point[] {
  return Object.entries(SERIES).flatMap(([series, settings]) =>
    settings.map((args, i) => {
      const costs = Array.from(
        { length: ROUNDS },
        () => runJson<Cost>(Deno.execPath(), ["run", "-A", POINT, ...args]),
      );
      const seconds = Math.min(...costs.map((cost) => cost.seconds));
      return { series, factor: 2 ** i, ...costs[0], seconds };
    })
  );
}

function draw(points: Point[]) {
  const smallest = new Map(
    points.filter(({ factor }) => factor === 1).map((point) => [point.series, point]),
  );
  const long = points.flatMap((point) => {
    const first = smallest.get(point.series)!;
    return [
      { ...point, what: "time", growth: point.seconds / first.seconds },
      { ...point, what: "memory", growth: point.megabytes / first.megabytes },
    ];
  });
  const costs = [...smallest.values()].map(({ series, seconds, megabytes }) =>
    `${series} ${seconds.toFixed(2)} s and ${Math.round(megabytes)} MB`
  );
  const plot = Plot.plot({
    document,
    width: 900,
    marginLeft: 56,
    height: 360,
    x: { type: "log", base: 2, label: "times the smallest size", ticks: [1, 2, 4, 8, 16] },
    y: { type: "log", base: 2, label: "times the smallest's cost", ticks: [1, 2, 4, 8, 16] },
    fx: { label: null, domain: ["time", "memory"] },
    color: { legend: true, range: palette, domain: [...smallest.keys()] },
    marks: [
      Plot.frame({ strokeOpacity: 0.2 }),
      Plot.line([[1, 1], [16, 16]], { stroke: "currentColor", strokeDasharray: "3 5" }),
      Plot.lineY(long, { x: "factor", y: "growth", stroke: "series", fx: "what", marker: true }),
    ],
  });
  return figure(plot, {
    title: "How time and memory grow",
    caption: "Each with one size doubled, relative to the smallest. " +
      "Simulation and factorization of dense data (n = 20,000, p = 1,000, k = 50), and " +
      "factorization of sparse data (p = 20,000, k = 50, residual 1e-6). Dashed: in proportion. " +
      `The smallest take: ${costs.join("; ")}.`,
  });
}

function growth(args: string[]): number {
  const { values: { help }, positionals: [chart] } = commandLine(args, {}, 1);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  if (chart !== undefined) assertChart(chart);
  const points = measure();
  console.log(JSON.stringify(points, null, 1));
  if (chart !== undefined) writeFilesAtomically([{ path: chart, content: draw(points).toPNG() }]);
  return 0;
}

if (import.meta.main) Deno.exitCode = await runProgram("growth", () => growth(Deno.args));
