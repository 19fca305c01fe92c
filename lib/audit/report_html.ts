import { assertString } from "../check.ts";
import { escapeHtml } from "../html.ts";
import { numbersOf } from "./measures/measures.ts";
import {
  type ChangeKey,
  decimal,
  type NeighborChange,
  percent,
  percentWithin,
  rounded,
} from "./measures/measure.ts";
import { assertReport, type AuditReport, openingOf, sectionsOf } from "./report.ts";
import type { VerdictLevel } from "./verdict.ts";

/** What the first lines of a page hold that this makes: such a page may be replaced by the next. */
export const HTML_MARKER = '<meta name="generator" content="cosine-lab audit">';

/**
 * Makes a report into a page of its own: no script, no network, figures inside.
 *
 * @param report What {@linkcode auditEmbeddings} returns.
 * @param name What the embeddings are called.
 * @returns The page, HTML.
 * @throws {TypeError} If it is no report, or name is not a string.
 */
export function auditHtml(report: AuditReport, name: string): string {
  assertReport("make a page", report);
  assertString("make a page", "name", name);
  const { read, title, found, next, conclusion, flags } = openingOf(report);
  const { level } = report.verdict;
  const sections = sectionsOf<string>(report, (sentences) => card(htmlList(sentences)), {
    neighbors: neighborTable,
    numbers: numberFigures,
    labels: labelTable,
    examples: exampleTables,
    method: howMeasured,
  });
  const paragraph = (text: string, label = "") =>
    text === "" ? "" : `<p>${label}${htmlSentence(text)}</p>`;
  return htmlPage(
    `Audit of ${name}`,
    HTML_MARKER,
    `<h1>Can cosine be trusted on ${escapeHtml(name)}?</h1>
${read.map((text) => `<p class="soft">${htmlSentence(text)}</p>`).join("\n")}
<section class="card verdict" style="--accent: var(--${ACCENTS[level]})">
<div class="level">${escapeHtml(title)}</div>
<p class="headline">${htmlSentence(found.join(" "))}</p>
${paragraph(next, "<strong>Next:</strong> ")}
${paragraph(conclusion, "<strong>Apart from that:</strong> ")}
${
      [{ name: level, means: "level" }, ...flags].map(({ name, means }) =>
        `<span class="flag">${name} <span class="soft">${means}</span></span>`
      ).join("\n")
    }
</section>
${sections.map(({ title, content }) => `<h2>${title}</h2>\n${content}`).join("\n")}`,
  );
}

const card = (content: string) => `<section class="card">${content}</section>`;

/** A page of its own around what a report says; no script, no network. */
export function htmlPage(title: string, marker: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${marker}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}

/** The colors of the levels, from the page's own. */
const ACCENTS: Record<VerdictLevel, string> = {
  "data-fault": "orange",
  "too-small": "grey",
  noise: "grey",
  arbitrary: "orange",
  undetermined: "purple",
  "regularization-dependent": "blue",
  flagged: "orange",
  "no-warning": "green",
};

function howMeasured({ sample, items, zeroRows, verdict: { thresholds } }: AuditReport): string {
  const all = sample.items === items - zeroRows;
  return card(
    `<p>Norms and duplicates are of all items. Neighbors are of ${sample.anchors} items among ${
      all ? "all" : `${sample.items.toLocaleString("en")} random ones`
    }, and cosines of ${sample.pairs.toLocaleString("en")} random pairs (seed “${
      escapeHtml(sample.seed)
    }”). ± is a 95 % interval for the choice of items. “Stretched up to κ times” means a random
rotation followed by scales between 1 and κ: M = R·D. The page on reading the report, docs/audit.md,
explains each number.</p>
<details><summary>Where lines were drawn</summary>${
      htmlTable(
        ["threshold", "value", "why there"],
        thresholds.map(({ name, value, source }) => [name, String(value), source].map(escapeHtml)),
      )
    }</details>`,
  );
}

/** What the kinds of change are called, in the order of the table. */
const KINDS: [NeighborChange["kind"], string][] = [
  ["measure", "Another similarity"],
  ["member", "Equally good models"],
  ["invariant", "The same in every equally good model"],
  ["correction", "Corrections"],
  ["storage", "A coarser storage"],
];

/** What each change leaves of the neighbors, as bars with their errors. */
function neighborTable({ neighbors, group, sample }: AuditReport): string {
  const rows = KINDS.flatMap(([kind, name]) => {
    const own = neighbors.filter((change) => change.kind === kind);
    const condition = kind === "member" && group === null ? ", if dot products were fitted" : "";
    return own.length === 0 ? [] : [
      `<tr class="group"><td colspan="3">${name}${condition}</td></tr>`,
      ...own.map(({ change, overlap, error }) =>
        barRow(escapeHtml(change), percentWithin(overlap, error), [
          { kind, from: 0, to: overlap },
          { kind: "error", from: overlap - 1.96 * error, to: overlap + 1.96 * error },
        ])
      ),
    ];
  });
  return card(barTable(["after", `of the ${sample.neighbors} nearest`, "stay"], rows));
}

/** A part of a bar, from and to between 0 and 1; what it looks like is the style's. */
interface BarPart {
  kind: string;
  from: number;
  to: number;
}

/** A row with a bar: a label, the bar, a number; HTML. */
function barRow(label: string, number: string, parts: readonly BarPart[]): string {
  const within = (share: number) => 100 * Math.max(0, Math.min(1, share));
  const bars = parts.map(({ kind, from, to }) =>
    `<div class="${kind}" style="left: ${within(from).toFixed(1)}%; width: ${
      (within(to) - within(from)).toFixed(1)
    }%"></div>`
  );
  return `<tr><td>${label}</td><td class="bar"><div class="track">${bars.join("")}</div></td>` +
    `<td class="number">${number}</td></tr>`;
}

function barTable(head: readonly string[], rows: readonly string[]): string {
  return `<div class="wide"><table class="bars"><thead>${cells("th", head)}</thead><tbody>
${rows.join("\n")}</tbody></table></div>`;
}

/** How well each similarity agrees with the labels. */
function labelTable({ labels }: AuditReport): string | null {
  if (labels === null) return null;
  const rows = labels.changes.map(({ change, auc, precision }) => [
    escapeHtml(change),
    decimal(auc, 3),
    percent(precision),
  ]);
  return card(
    `<p class="soft">AUC: how often a pair with one label is more similar than a pair with two; 0.5 is
chance. Precision: the share of the nearest neighbors with the item's own label; chance is ${
      percent(labels.chance)
    }.</p>
${htmlTable(["similarity", "AUC", "precision"], rows)}`,
  );
}

/** Changes whose neighbors are worth seeing. */
const SHOWN = new Set<ChangeKey>(
  ["cosine", "dot", "stretched-2", "stretched-10", "center", "whitening", "canonical-1"],
);

/** The nearest neighbors of three items under several similarities. */
function exampleTables({ examples }: AuditReport): string {
  const tables = examples.map(({ item, choice, lists }) => {
    const rows = lists.filter(({ key }) => SHOWN.has(key))
      .map(({ change, neighbors }) => [change, neighbors.join(", ")].map(escapeHtml));
    return card(
      `<h3>${escapeHtml(String(item))} <span class="soft">(${escapeHtml(choice)})</span></h3>${
        htmlTable(["by", "nearest first"], rows)
      }`,
    );
  });
  return two(tables);
}

const two = (cards: readonly string[]) => `<div class="two">${cards.join("\n")}</div>`;

/** The numbers of a report: figures, and all of them in a table. */
function numberFigures(report: AuditReport): string {
  const { norms, anisotropy: { spectrum }, attainable, group, dimensions } = report;
  const figures = [
    figure(
      "Norms: what cosine divides out",
      columnChart(norms.histogram.map(({ from, to, count }) => ({ from, to, value: count })), {
        x: "norm",
        y: "items",
        format: (value) => Number.isInteger(value) ? value.toLocaleString("en") : "",
      }),
      `Items by the norm of their vector, which varies by ${percent(norms.variation)} of its mean.`,
    ),
    figure(
      "Anisotropy: where the variance is",
      columnChart(spectrum.map((value, i) => ({ from: i + 0.5, to: i + 1.5, value })), {
        x: "principal direction" +
          (spectrum.length < dimensions ? `, the first ${spectrum.length}` : ""),
        y: "share of the variance",
        ticks: [...new Set([1, Math.ceil(spectrum.length / 2), spectrum.length])],
        format: percent,
      }),
      "The share of the variance in each direction, the strongest first.",
    ),
    ...(attainable.length === 0 ? [] : [
      figure(
        "At worst: how far a cosine can be moved",
        intervalChart(
          attainable.map(({ condition, width, flippable }) => ({
            label: `${condition}×`,
            low: width.p5,
            middle: width.p50,
            high: width.p95,
            note: percent(flippable),
          })),
          2,
          "largest minus smallest cosine of a pair",
        ),
        "Over all equally good models whose axes are stretched up to so many times, each pair on its " +
          "own: median (line), 5th to 95th percentile (bar). At the right, the share of pairs that " +
          "can be given either sign." +
          (group === null ? " It holds if dot products alone were fitted." : ""),
      ),
    ]),
  ];
  const rows = numbersOf(report).map(([name, ...values]) => [
    escapeHtml(name),
    values.map((value) => typeof value === "number" ? rounded(value) : value).join(" · "),
  ]);
  return two([...figures.map(card), card(htmlTable(["number", "value"], rows))]);
}

function figure(title: string, chart: string, caption: string): string {
  return `<figure><h3>${escapeHtml(title)}</h3>${chart}<figcaption>${
    escapeHtml(caption)
  }</figcaption></figure>`;
}

/** A list of sentences. */
function htmlList(sentences: readonly string[]): string {
  return `<ul>${sentences.map((sentence) => `<li>${htmlSentence(sentence)}</li>`).join("")}</ul>`;
}

/** A sentence in which what stands between backticks is code, and numbers stay with their units. */
function htmlSentence(sentence: string): string {
  return escapeHtml(sentence).replace(/`([^`]*)`/g, "<code>$1</code>")
    .replace(/(?<=\d) %/g, "&nbsp;%").replaceAll("± ", "±&nbsp;");
}

/** A table; its cells are HTML already. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<div class="wide"><table><thead>${cells("th", head)}</thead><tbody>${
    rows.map((row) => cells("td", row)).join("\n")
  }</tbody></table></div>`;
}

const cells = (tag: string, row: readonly string[]) =>
  `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;

/** How the page looks: it follows the reader's choice of light or dark, and any width. */
const REPORT_STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --page: #f6f8fa; --card: #fff;
  --line: #d1d9e0; --blue: #0072b2; --orange: #b84a00; --green: #00795a; --purple: #a3417f;
  --sky: #3d93c7; --grey: #818b98; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9da7b3; --page: #0d1117;
  --card: #161b22; --line: #3d444d; --blue: #56b4e9; --orange: #f08a3c; --green: #2fbf95;
  --purple: #e08abf; --sky: #7cc4ee; --grey: #818b98; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
  color: var(--text); background: var(--page); overflow-wrap: break-word; }
main { max-width: 1000px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 36px 0 8px; }
h3 { font-size: 16px; margin: 0 0 6px; }
p { margin: 4px 0 10px; }
ul { margin: 4px 0; padding-left: 20px; }
li { margin: 4px 0; }
.soft, figcaption { color: var(--soft); font-size: 14px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: 14px 18px; }
.verdict { border-left: 8px solid var(--accent); margin: 16px 0; }
.verdict .headline { font-size: 20px; line-height: 1.4; margin: 6px 0; }
.level { color: var(--accent); font-weight: 700; letter-spacing: 0.02em; }
.level::first-letter { text-transform: uppercase; }
.flag { display: inline-block; border: 1px solid var(--line); border-radius: 99px; padding: 1px 10px;
  margin: 2px 4px 2px 0; font-size: 14px; }
.two { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); }
code { white-space: nowrap; }
.group td { color: var(--soft); padding-top: 12px; }
figure { margin: 0; }
.chart { display: grid; grid-template: 170px auto auto / auto 1fr; gap: 2px 8px; font-size: 13px; }
.scale, .ticks { display: flex; justify-content: space-between; }
.scale { flex-direction: column; text-align: right; line-height: 1; }
.columns { display: flex; align-items: flex-end; gap: 1px; border: 1px solid var(--line);
  border-width: 1px 0; background: linear-gradient(var(--line), var(--line)) 0 50% / 100% 1px no-repeat; }
.columns i { flex: 1; background: var(--blue); }
.chart .ticks, .chart > .soft { grid-column: 2; } .chart > .soft { text-align: center; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 5px 10px 5px 0; text-align: left;
  vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
td.number { text-align: right; white-space: nowrap; }
.bars td { vertical-align: middle; }
.bars .bar { min-width: 120px; width: 55%; }
.track { position: relative; height: 14px; background: var(--page); border-radius: 3px; }
.track > * { position: absolute; height: 100%; border-radius: 3px; }
.track > .error { top: 6px; height: 2px; background: var(--text); opacity: 0.65; }
.track > .middle { border-left: 3px solid var(--text); } .interval { background: var(--orange); opacity: 0.6; }
.measure { background: var(--grey); } .member { background: var(--orange); }
.correction { background: var(--sky); } .invariant { background: var(--green); }
.storage { background: var(--purple); }
details { margin-top: 14px; } summary { cursor: pointer; font-weight: 600; }
@media (max-width: 700px) { .two { display: block; } .two > * { margin-bottom: 14px; } }
@media (max-width: 420px) { .card { padding: 12px; }
  h1 { font-size: 23px; } .verdict .headline { font-size: 18px; } .bars .bar { min-width: 70px; } }
@media print { body { background: #fff; } .card { break-inside: avoid; }
  .track, .track > *, .columns, .columns i { print-color-adjust: exact; } }
`;

/** What stands at the axes of a chart. */
interface ChartLabels {
  x: string;
  y: string;
  /** The numbers below the axis, at even distances; by default its ends and its middle. */
  ticks?: readonly number[];
  /** How to write a value of the y axis. */
  format: (value: number) => string;
}

/** A histogram, or a spectrum: columns of even width, in the page's colors. */
export function columnChart(
  columns: readonly { from: number; to: number; value: number }[],
  { x, y, ticks, format }: ChartLabels,
): string {
  const least = columns[0].from, most = columns[columns.length - 1].to;
  const top = niceTop(Math.max(...columns.map(({ value }) => value)));
  const below = ticks ?? (most > least ? [least, (least + most) / 2, most] : [least]);
  const spans = (values: readonly string[]) =>
    values.map((value) => `<span>${escapeHtml(value)}</span>`).join("");
  const bars = columns.map(({ value }) =>
    `<i style="height: ${(100 * value / top).toFixed(1)}%"></i>`
  );
  return `<div class="chart" role="img" aria-label="${escapeHtml(`${y} by ${x}`)}">
<div class="scale">${spans([top, top / 2, 0].map(format))}</div><div class="columns">${
    bars.join("")
  }</div><div class="ticks">${spans(below.map(short))}</div><div class="soft">${
    escapeHtml(x)
  }</div></div>`;
}

/** A row of a chart of intervals. */
interface IntervalRow {
  label: string;
  low: number;
  middle: number;
  high: number;
  note: string;
}

/** Intervals between 0 and `most`, one below the other. */
export function intervalChart(rows: readonly IntervalRow[], most: number, label: string): string {
  const ends = `<div class="ticks">${
    [0, most / 2, most].map((value) => `<span>${short(value)}</span>`).join("")
  }</div>`;
  const bars = rows.map(({ label, low, middle, high, note }) =>
    barRow(escapeHtml(label), escapeHtml(note), [
      { kind: "interval", from: low / most, to: high / most },
      { kind: "middle", from: middle / most, to: middle / most },
    ])
  );
  return barTable(["", `${escapeHtml(label)}${ends}`, ""], bars);
}

/** The next of 1, 2, 4, 5, 10 times a power of ten. */
function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = Number(value.toExponential().replace(/^.*e/, "1e"));
  return power * [1, 2, 4, 5, 10].find((step) => value <= step * power * (1 + 1e-12))!;
}

function short(value: number): string {
  return value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}
