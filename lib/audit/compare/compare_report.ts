import { printable } from "../../errors.ts";
import { escapeHtml } from "../../html.ts";
import { columnChart, htmlPage, htmlTable, intervalChart } from "../report_html.ts";
import { looseSentence } from "./matched_rows.ts";
import { type ComparisonReport, type ItemAgreement, rowsOf } from "./relation.ts";

/** How many items of the least agreement are shown. */
const SHOWN = 5;

/** A comparison as text for a terminal. */
export function compareSummary(report: ComparisonReport): string {
  const { a, b, matched, relation, summary, popularity } = report;
  const rows = [["", "found", "rows paired at random"], ...measuredRows(report)];
  const width = [0, 1].map((c) => Math.max(...rows.map((row) => row[c].length)));
  const table = rows.map((row) =>
    `  ${row[0].padEnd(width[0])}  ${row[1].padEnd(width[1])}  ${row[2]}`.trimEnd()
  );
  return [
    `A: ${count(a.items)} items x ${a.dimensions} dimensions, ` +
    `B: ${count(b.items)} x ${b.dimensions}; ` +
    `${count(matched.items)} in both, matched by ${matched.by}`,
    `Relation: ${relation ?? "cannot be told"}${shiftOf(report)}`,
    summary,
    rowsLine(report),
    ...(report.looseIds === null ? [] : [`Ids: ${looseSentence(report.looseIds)}`]),
    "",
    ...(relation === "reordered" ? ["The numbers below compare mismatched rows."] : []),
    ...table,
    "",
    ...(popularity === null ? [] : [
      "Overlap by popularity, from the least popular fifth on: " +
      popularity.groups.map(({ mean }) => fixed(mean)).join(", "),
    ]),
    `Least agreement: ${
      leastAgreeing(report).map(({ id, overlap }) => `${printable(String(id))} ${fixed(overlap)}`)
        .join(", ")
    }`,
  ].join("\n");
}

/** By how much a file that is shifted is, in brackets; empty where none is. */
function shiftOf({ rows: { shift } }: ComparisonReport): string {
  return shift === null ? "" : ` (shifted by ${rowsOf(shift)})`;
}

/** What became of the rows, on one line. */
function rowsLine({ rows }: ComparisonReport): string {
  const { shift } = rows;
  if (shift !== null && shift.rows > 0) {
    const others = (["identical", "changed", "added", "removed"] as const)
      .map((kind) => [kind, rows[kind]] as const);
    const parts = [["moved elsewhere", rows.moved - shift.rows] as const, ...others]
      .filter(([, size]) => size > 0).map(([kind, size]) => `, ${count(size)} ${kind}`);
    return `Rows: ${count(shift.rows)} shifted by ${rowsOf(shift)}${parts.join("")}`;
  }
  const parts = (["identical", "moved", "changed", "added", "removed"] as const)
    .filter((kind) => rows[kind] > 0)
    .map((kind) =>
      `${count(rows[kind])} ${kind}${examplesOf(kind === "identical" ? [] : rows.ids[kind])}`
    );
  return `Rows: ${parts.join(", ")}`;
}

function examplesOf(ids: readonly (string | number)[]): string {
  if (ids.length === 0) return "";
  return ` (${ids.slice(0, 3).map((id) => printable(String(id))).join(", ")}${
    ids.length > 3 ? ", …" : ""
  })`;
}

/** The items whose neighbors agree least; of equals, the first. */
function leastAgreeing({ items }: ComparisonReport, most = SHOWN): ItemAgreement[] {
  return items.toSorted((a, b) => a.overlap - b.overlap).slice(0, most);
}

function fixed(value: number): string {
  return value !== 0 && Math.abs(value) < 0.0005 ? value.toExponential(1) : value.toFixed(3);
}

const count = (value: number) => value.toLocaleString("en");

/** What the first lines of such a page hold: it may be replaced by the next. */
export const COMPARISON_MARKER = "<!-- cosine-lab comparison -->";

/** The color of each relation. */
const ACCENTS = {
  rotation: "--green",
  linear: "--orange",
  affine: "--orange",
  different: "--purple",
  untold: "--grey",
  identical: "--green",
  truncated: "--green",
  reordered: "--purple",
};

/** Makes a comparison into a page of its own: no script, no network, figures inside. */
export function compareHtml(report: ComparisonReport, a: string, b: string): string {
  const { relation, summary, sample, matched } = report;
  const title = `Do ${a} and ${b} agree?`;
  return htmlPage(
    title,
    COMPARISON_MARKER,
    `<h1>${escapeHtml(title)}</h1>
<p class="soft">A is ${escapeHtml(a)}: ${sizeOf(report.a)}. B is ${escapeHtml(b)}: ${
      sizeOf(report.b)
    }. ${matched.items.toLocaleString("en")} items in both, matched by ${matched.by}.</p>
<section class="card verdict" style="--accent: var(${ACCENTS[relation ?? "untold"]})">
<div class="level">${relation ?? "cannot be told"}${shiftOf(report)}</div>
<p class="headline">${escapeHtml(summary)}</p>
</section>
<h2>What was measured</h2><section class="card">${
      htmlTable(["", "found", "rows paired at random"], measuredRows(report))
    }</section>
<h2>Neighbors, item by item</h2>
<div class="two"><figure class="card">${overlapChart(report)}<figcaption>Of ${
      sample.anchors.toLocaleString("en")
    } items among ${sample.items.toLocaleString("en")}.</figcaption></figure>${
      popularityFigure(report)
    }</div>
<h2>Items whose neighbors agree least</h2><section class="card">${itemTable(report)}</section>
<h2>How it was measured</h2><section class="card">
<p>Maps from A to B were fitted on ${sample.fitted.toLocaleString("en")} items and measured on ${
      sample.heldOut.toLocaleString("en")
    } others. The residual is the share of B's deviation from its mean vector that is left; 0 means that the map
takes one to the other. Rows paired at random: the same numbers with the vectors of B given to other items. Seed “${
      escapeHtml(sample.seed)
    }”.</p>
${
      htmlTable(
        ["threshold", "value"],
        report.thresholds.map(({ name, value }) => [escapeHtml(name), String(value)]),
      )
    }</section>`,
  );
}

function sizeOf({ items, dimensions, zeroRows }: ComparisonReport["a"]): string {
  const zeros = zeroRows > 0 ? `, ${zeroRows} rows of zeros` : "";
  return `${items.toLocaleString("en")} items × ${dimensions} dimensions${zeros}`;
}

/** What was measured, and the same once B was shuffled: name, found, shuffled. */
function measuredRows(
  { overlap, floor, cosineDifference, cka, alignment, sample }: ComparisonReport,
): string[][] {
  const rows = [
    [
      `overlap of the ${sample.neighbors} nearest neighbors`,
      `${fixed(overlap.mean)} (${fixed(overlap.low)} to ${fixed(overlap.high)})`,
      fixed(floor.overlap),
    ],
    ["difference of cosines (RMS)", fixed(cosineDifference), fixed(floor.cosineDifference)],
    ["linear CKA", fixed(cka), fixed(floor.cka)],
  ];
  if (alignment === null) return rows;
  const { residual, affine } = alignment, chance = floor.alignment!;
  const left = (map: keyof typeof residual, name: string) => [
    `residual after ${name}${map === "rotation" ? " (0: the same)" : ""}`,
    fixed(residual[map]),
    fixed(chance.residual[map]),
  ];
  return [
    ...rows,
    left("rotation", "the best rotation"),
    left("linear", "the best M"),
    left("affine", "the best M and a translation"),
    [
      `directions of A that B gives, of ${affine.directionsOfA}`,
      affine.ofA.toFixed(1),
      chance.affine.ofA.toFixed(1),
    ],
    [
      `directions of B that A gives, of ${affine.directionsOfB}`,
      affine.ofB.toFixed(1),
      chance.affine.ofB.toFixed(1),
    ],
  ];
}

function overlapChart({ items, sample }: ComparisonReport): string {
  const counts = Array.from(
    { length: Math.min(10, sample.neighbors) },
    (_, i, bins = Math.min(10, sample.neighbors)) => ({
      from: i / bins,
      to: (i + 1) / bins,
      value: 0,
    }),
  );
  for (const { overlap } of items) {
    // An overlap on the border of two bins belongs to the lower one, but for 0.
    counts[Math.max(0, Math.ceil(overlap * counts.length - 1e-9) - 1)].value++;
  }
  return columnChart(counts, {
    x: "share of the neighbors that agree",
    y: "items",
    format: (value) => value.toLocaleString("en"),
  });
}

function popularityFigure({ popularity }: ComparisonReport): string {
  if (popularity === null) return "";
  const rows = popularity.groups.map(({ mean, low, high, items }, i) => ({
    label: i === 0 ? "rarest" : i === popularity.groups.length - 1 ? "popular" : "",
    low,
    middle: mean,
    high,
    note: `n = ${items}`,
  }));
  const correlation = popularity.correlation === null
    ? ""
    : ` Rank correlation with popularity: ${popularity.correlation.toFixed(2)}.`;
  return `<figure class="card">${
    intervalChart(rows, 1, "share of the neighbors that agree, with its 95 % interval")
  }<figcaption>By popularity, the least popular fifth first.${correlation}</figcaption></figure>`;
}

function itemTable(report: ComparisonReport): string {
  const names = (list: (string | number)[]) => escapeHtml(list.slice(0, 8).join(", "));
  return htmlTable(
    ["item", "agree", "nearest in A", "nearest in B"],
    leastAgreeing(report, 10).map(({ id, overlap, inA, inB }) => [
      escapeHtml(String(id)),
      fixed(overlap),
      names(inA),
      names(inB),
    ]),
  );
}
