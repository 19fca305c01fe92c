import { printable } from "../../errors.ts";
import { escapeHtml } from "../../html.ts";
import { columnChart, htmlPage, htmlTable, intervalChart } from "../report_html.ts";
import type { Alignment } from "./agreement.ts";
import { looseSentence } from "./matched_rows.ts";
import {
  type ComparisonReport,
  count,
  differsInLengths,
  isPartlyReplaced,
  type ItemAgreement,
  percent,
  RELATIONS,
  rowsOf,
} from "./relation.ts";

/** How many items of the least agreement are shown. */
const SHOWN = 5;

/** What the two sides are called. */
export interface SideLabels {
  a: string;
  b: string;
}

/** A comparison as text for a terminal. */
export function compareSummary(report: ComparisonReport, names: SideLabels): string {
  const { a, b, relation, summary, popularity, looseIds } = report;
  const rows = [["", "found", "by chance"], ...measuredRows(report)];
  const width = [0, 1].map((c) => Math.max(...rows.map((row) => row[c].length)));
  const table = rows.map((row) =>
    `  ${row[0].padEnd(width[0])}  ${row[1].padEnd(width[1])}  ${row[2]}`.trimEnd()
  );
  const least = leastAgreeing(report).map(({ id, overlap }) =>
    `${printable(String(id))} (${Math.round(overlap * report.sample.neighbors)})`
  );
  return [
    `A: ${printable(names.a)}, ${sizeOf(a)}`,
    `B: ${printable(names.b)}, ${sizeOf(b)}`,
    `In both: ${matchedOf(report)}`,
    `Relation: ${relationOf(report)}`,
    summary,
    `Rows: ${rowsLine(report)}`,
    ...(looseIds === null ? [] : [`Ids: ${looseSentence(looseIds)}`]),
    "",
    ...(relation === "reordered" ? ["The numbers below compare mismatched rows."] : []),
    ...table,
    ...(least.length === 0 ? [] : [
      "",
      `Fewest of the ${report.sample.neighbors} neighbors in common: ${least.join(", ")}`,
    ]),
    ...(popularity === null ? [] : [
      "",
      "Overlap by popularity, from the least popular fifth on: " +
      popularity.groups.map(({ mean }) => fixed(mean)).join(", "),
    ]),
  ].join("\n");
}

/** How many items are in both, and how they were matched. */
function matchedOf({ a, b, matched }: ComparisonReport): string {
  const parts = ([["A", a], ["B", b]] as const).filter(([, { items }]) => items > matched.items)
    .map(([side, { items }]) => `${percent(matched.items / items)} of ${side}`);
  const zeros = a.zeroRows + b.zeroRows > 0 ? ", rows of zeros left out" : "";
  return `${count(matched.items)} items${
    parts.length === 0 ? "" : ` (${parts.join(", ")})`
  }${zeros}, ` +
    `matched ${matched.by === "ids" ? "by their ids" : "row by row, without ids"}`;
}

/** The relation, and what it means in brackets. */
function relationOf(report: ComparisonReport): string {
  const { a, b, matched, relation, comparable, rows: { shift } } = report;
  if (relation === null) return "cannot be told";
  const means = shift !== null
    ? `shifted by ${rowsOf(shift)}`
    : isPartlyReplaced(report)
    ? "rows were replaced"
    : relation === "rotation"
    ? `the same cosines in ${comparable ? "the same" : "other"} coordinates`
    : relation === "different"
    ? "no rotation or matrix takes A to B"
    : relation === "identical" && matched.items < Math.min(a.items, b.items)
    ? "the same numbers, in the items that are in both alone"
    : RELATIONS[relation].means;
  return `${relation} (${means})`;
}

/** What became of the rows, on one line. */
function rowsLine(report: ComparisonReport): string {
  const { rows } = report, { shift, ids } = rows;
  if (shift !== null && shift.rows > 0) {
    const parts = [
      [shift.rows, `shifted by ${rowsOf(shift)}`] as const,
      [rows.moved - shift.rows, "moved elsewhere"] as const,
      ...KINDS.filter(([kind]) => kind !== "moved").map(([kind, is]) => [rows[kind], is] as const),
    ];
    return parts.filter(([size]) => size > 0).map(([size, is]) => `${count(size)} ${is}`).join(
      ", ",
    );
  }
  const all = rows.identical + rows.moved === 0;
  return KINDS.filter(([kind]) => rows[kind] > 0).map(([kind, is]) =>
    kind === "changed" && all
      ? `none has the same numbers in both${explanationOf(report)}`
      : `${count(rows[kind])} ${is}${kind === "identical" ? "" : examplesOf(ids[kind])}`
  ).join(", ");
}

/** What can become of rows, and how it is called. */
const KINDS = [
  ["identical", "identical"],
  ["moved", "moved to another item"],
  ["changed", "changed"],
  ["added", "in B alone"],
  ["removed", "in A alone"],
] as const;

/** What explains that no row has the same numbers. */
function explanationOf(report: ComparisonReport): string {
  const size = count(report.rows.changed);
  switch (report.relation) {
    case "truncated":
      return ", since one file has fewer coordinates";
    case "rotation":
      if (differsInLengths(report)) return `, but the directions of all ${size} agree`;
      return report.comparable
        ? `, but all ${size} agree up to rounding or scale`
        : `, but one rotation explains all ${size}`;
    case "linear":
      return `, but one matrix explains all ${size}`;
    case "affine":
      return `, but one matrix and translation explain all ${size}`;
    default:
      return "";
  }
}

function examplesOf(ids: readonly (string | number)[]): string {
  if (ids.length === 0) return "";
  return ` (${ids.slice(0, 3).map((id) => printable(String(id))).join(", ")}${
    ids.length > 3 ? ", …" : ""
  })`;
}

/** The items whose neighbors agree least, none where all agree; of equals, the first. */
function leastAgreeing({ items }: ComparisonReport, most = SHOWN): ItemAgreement[] {
  return items.filter(({ overlap }) => overlap < 1).sort((a, b) => a.overlap - b.overlap)
    .slice(0, most);
}

function fixed(value: number): string {
  return value !== 0 && Math.abs(value) < 0.0005 ? "< 0.001" : value.toFixed(3);
}

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
export function compareHtml(report: ComparisonReport, { a, b }: SideLabels): string {
  const { relation, summary, sample } = report;
  const title = `Do ${a} and ${b} agree?`;
  return htmlPage(
    title,
    COMPARISON_MARKER,
    `<h1>${escapeHtml(title)}</h1>
<p class="soft">A is ${escapeHtml(a)}: ${sizeOf(report.a)}. B is ${escapeHtml(b)}: ${
      sizeOf(report.b)
    }. In both: ${matchedOf(report)}.</p>
<section class="card verdict" style="--accent: var(${ACCENTS[relation ?? "untold"]})">
<div class="level">${relationOf(report)}</div>
<p class="headline">${escapeHtml(summary)}</p>
<p>Rows: ${escapeHtml(rowsLine(report))}.</p>
</section>
<h2>What was measured</h2><section class="card">${
      htmlTable(
        ["", "found", "by chance"],
        measuredRows(report).map((row) => row.map(escapeHtml)),
      )
    }</section>
<h2>Neighbors, item by item</h2>
<div class="two"><figure class="card">${overlapChart(report)}<figcaption>Of ${
      count(sample.anchors)
    } items among ${count(sample.items)}.</figcaption></figure>${popularityFigure(report)}</div>
${itemTable(report)}
<h2>How it was measured</h2><section class="card">
<p>Maps from A to B were fitted on ${count(sample.fitted)} items and measured on ${
      count(sample.heldOut)
    } others. What is left of B is a share of its deviation from its mean vector: 0 means that the map takes A
to B, 1 that the mean would do as well. By chance: the same numbers with the vectors of B given to other items. Seed “${
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
  const zeros = zeroRows > 0 ? `, ${count(zeroRows)} rows of zeros` : "";
  return `${count(items)} items x ${dimensions} dimensions${zeros}`;
}

/** What was measured, and the same once B was shuffled: name, found, shuffled. */
function measuredRows(
  { overlap, floor, cosineDifference, cka, alignment, sample }: ComparisonReport,
): string[][] {
  const rows = [
    [
      `share of the ${sample.neighbors} nearest neighbors in common`,
      `${fixed(overlap.mean)} (${fixed(overlap.low)} to ${fixed(overlap.high)})`,
      fixed(floor.overlap),
    ],
    [
      "difference of cosines (root mean square)",
      fixed(cosineDifference),
      fixed(floor.cosineDifference),
    ],
    ["linear CKA (1: the same but for a rotation)", fixed(cka), fixed(floor.cka)],
  ];
  if (alignment === null) return rows;
  const { residual, affine } = alignment, chance = floor.alignment!;
  const left = (map: keyof typeof residual, name: string) => [
    `left of B after ${name}`,
    fixed(residual[map]),
    fixed(chance.residual[map]),
  ];
  const directions = (
    of: string,
    by: string,
    all: number,
    found: (alignment: Alignment) => number,
  ) => [
    `dimensions of ${of} that ${by} determines, of ${all}`,
    ...[alignment, chance].map((sides) => found(sides).toFixed(1)),
  ];
  return [
    ...rows,
    left("rotation", "the best rotation (0: nothing)"),
    left("linear", "the best matrix M"),
    left("affine", "the best M and a translation"),
    directions("A", "B", affine.directionsOfA, ({ affine }) => affine.ofA),
    directions("B", "A", affine.directionsOfB, ({ affine }) => affine.ofB),
  ];
}

function overlapChart({ items, sample }: ComparisonReport): string {
  const bins = Math.min(10, sample.neighbors);
  const counts = Array.from({ length: bins }, (_, i) => ({
    from: i / bins,
    to: (i + 1) / bins,
    value: 0,
  }));
  for (const { overlap } of items) {
    // An overlap on the border of two bins belongs to the lower one, but for 0.
    counts[Math.max(0, Math.ceil(overlap * bins - 1e-9) - 1)].value++;
  }
  return columnChart(counts, {
    x: "share of the neighbors that agree",
    y: "items",
    format: count,
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
  const rows = leastAgreeing(report, 10).map(({ id, overlap, inA, inB }) => [
    escapeHtml(String(id)),
    fixed(overlap),
    names(inA),
    names(inB),
  ]);
  if (rows.length === 0) return "";
  return `<h2>Items whose neighbors agree least</h2><section class="card">${
    htmlTable(["item", "agree", "nearest in A", "nearest in B"], rows)
  }</section>`;
}
