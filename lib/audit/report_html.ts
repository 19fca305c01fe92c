import { assertString } from "../check.ts";
import { escapeHtml } from "../html.ts";
import { leftOutSentence } from "./measures/missing_rows.ts";
import { RULES } from "./measures/measures.ts";
import {
  type ChangeKey,
  counted,
  decimal,
  type NeighborChange,
  percent,
  percentWithin,
  rounded,
} from "./measures/measure.ts";
import { assertReport, type AuditReport, declaredIn } from "./report.ts";
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
  const { verdict, sample, trained } = report;
  const title = escapeHtml(name);
  const [next, ...advice] = verdict.advice;
  return htmlPage(
    `Audit of ${name}`,
    HTML_MARKER,
    `<h1>Can cosine be trusted on ${title}?</h1>
<p class="soft">${counted(report.items, "item")} × ${counted(report.dimensions, "dimension")}${
      report.zeroRows > 0 ? `, ${counted(report.zeroRows, "row")} of zeros` : ""
    }. ${trained === "unknown" ? "Training not declared." : `Declared training: ${trained}.`}</p>
${
      report.file === null
        ? ""
        : `<p class="soft">${escapeHtml(report.file.taken)}. ${
          htmlSentence(leftOutSentence(report.file))
        }</p>`
    }
<section class="card verdict" style="--accent: var(--${ACCENTS[verdict.level]})">
<div class="level">${verdict.level}</div>
<p class="headline">${htmlSentence(verdict.headline)}</p>
${
      verdict.flags.map((flag) => `<span class="flag" title="${RULES[flag].means}">${flag}</span>`)
        .join("")
    }
${next === undefined ? "" : `<p>Next: ${htmlSentence(next)}</p>`}
</section>
${
      verdict.file.length === 0
        ? ""
        : `<section class="card file"><h3>Is the file whole?</h3>${
          htmlList(verdict.file)
        }</section>`
    }
<div class="sides">
${
      declaredIn(report).length === 0
        ? ""
        : `<section class="card"><h3>What follows from what you declared</h3>${
          htmlList(declaredIn(report))
        }</section>`
    }
<section class="card measured"><h3>What was measured</h3>${htmlList(verdict.measured)}</section>
<section class="card"><h3>What cannot be known</h3>${htmlList(verdict.unknown)}</section>
</div>
${
      advice.length === 0
        ? ""
        : `<h2>What else to do</h2><section class="card">${htmlList(advice, "ol")}</section>`
    }
${correctionTable(report)}
<h2>What stays of the ${sample.neighbors} nearest neighbors by cosine</h2>
<section class="card">${neighborTable(report)}</section>
<h2>Measurements</h2>
<div class="two">${
      reportFigures(report).map((figure) => `<section class="card">${figure}</section>`).join("\n")
    }</div>
${labelTable(report)}
${exampleTables(report)}
<h2>How it was measured</h2>
<section class="card"><p>${howMeasured(report)}</p>
<details><summary>Where lines were drawn</summary>${
      htmlTable(
        ["threshold", "value", "why there"],
        verdict.thresholds.map(({ name, value, source }) =>
          [name, String(value), source].map(escapeHtml)
        ),
      )
    }</details></section>`,
  );
}

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

function howMeasured({ sample, items, zeroRows }: AuditReport): string {
  const all = sample.items === items - zeroRows;
  return `Norms and duplicates are of all items. Neighbors are of ${sample.anchors} items among ${
    all ? "all" : `${sample.items.toLocaleString("en")} random ones`
  }, and cosines of ${sample.pairs.toLocaleString("en")} random pairs (seed “${
    escapeHtml(sample.seed)
  }”). ± is a 95 % interval for the choice of items. “Stretched up to κ times” means a random ` +
    "rotation followed by scales between 1 and κ: M = R·D. The page on reading the report, " +
    "docs/audit.md, explains each number.";
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
function neighborTable({ neighbors, group }: AuditReport): string {
  const rows = KINDS.flatMap(([kind, name]) => {
    const own = neighbors.filter((change) => change.kind === kind);
    if (own.length === 0) return [];
    const condition = kind === "member" && group === null ? ", if dot products were fitted" : "";
    const head = `<tr class="group"><td colspan="3">${name}${condition}</td></tr>`;
    return [head, ...own.map(neighborRow)];
  });
  return `<div class="wide"><table class="bars"><thead><tr><th>after</th><th></th><th>stays</th></tr>
</thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

function neighborRow({ change, kind, overlap, error }: NeighborChange): string {
  const reach = (share: number) => `${(100 * Math.max(0, Math.min(1, share))).toFixed(1)}%`;
  const low = Math.max(0, overlap - 1.96 * error), high = Math.min(1, overlap + 1.96 * error);
  return `<tr><td>${escapeHtml(change)}</td><td class="bar"><div class="track">` +
    `<div class="fill ${kind}" style="width: ${reach(overlap)}"></div>` +
    `<div class="error" style="left: ${reach(low)}; width: ${
      reach(high - low)
    }"></div></div></td>` +
    `<td class="number">${percentWithin(overlap, error)}</td></tr>`;
}

/** The corrections that are worth trying. */
function correctionTable({ verdict: { corrections }, labels }: AuditReport): string {
  if (corrections.length === 0) return "";
  const head = [
    "correction",
    "<code>--correction</code>",
    "mean cosine",
    "neighbors kept",
    ...(labels ? ["AUC"] : []),
  ];
  const rows = corrections.map(({ correction, action, meanCosine, overlap, auc }) => [
    escapeHtml(action),
    `<code>${correction}</code>`,
    `${decimal(meanCosine.before)} → ${decimal(meanCosine.after)}`,
    percent(overlap),
    ...(auc === null ? [] : [`${decimal(auc.before, 3)} → ${decimal(auc.after, 3)}`]),
  ]);
  return `<h2>Corrections to try</h2><section class="card">
<p class="soft">Reasons to try, not recommendations: <code>audit fix</code> chooses by evidence.</p>
${htmlTable(head, rows)}</section>`;
}

/** How well each similarity agrees with the labels. */
function labelTable({ labels }: AuditReport): string {
  if (labels === null) return "";
  const rows = labels.changes.map(({ change, auc, precision }) => [
    escapeHtml(change),
    decimal(auc, 3),
    percent(precision),
  ]);
  const bounds = labels.extremes === null
    ? ""
    : ` A search over models whose axes are stretched up to ${labels.extremes.condition} times ` +
      `found AUC ${decimal(labels.extremes.worst, 3)} to ${decimal(labels.extremes.best, 3)}.`;
  return `<h2>Agreement with the labels</h2><section class="card">
<p class="soft">AUC: how often a pair with one label is more similar than a pair with two; 0.5 is
chance. Precision: the share of the nearest neighbors with the item's own label; chance is ${
    percent(labels.chance)
  }.${bounds}</p>
${htmlTable(["similarity", "AUC", "precision"], rows)}</section>`;
}

/** Changes whose neighbors are worth seeing. */
const SHOWN: ChangeKey[] = [
  ...[
    "cosine",
    "dot",
    "stretched-2",
    "stretched-10",
    "center",
    "whitening",
    "canonical-1",
  ] as const,
];

/** The nearest neighbors of three items under several similarities. */
function exampleTables({ examples }: AuditReport): string {
  const tables = examples.map(({ item, choice, lists }) => {
    const rows = lists.filter(({ key }) => SHOWN.includes(key))
      .map(({ change, neighbors }) => [change, neighbors.join(", ")].map(escapeHtml));
    return `<section class="card"><h3>${escapeHtml(String(item))} <span class="soft">(${
      escapeHtml(choice)
    })</span></h3>${htmlTable(["by", "nearest first"], rows)}</section>`;
  });
  return `<h2>Neighbors of three items</h2><div class="two">${tables.join("\n")}</div>`;
}

/** The figures of a report, HTML. */
function reportFigures(report: AuditReport): string[] {
  return [
    norms(report),
    spectrum(report),
    ...(report.attainable.length === 0 ? [] : [attainable(report)]),
  ];
}

function figure(title: string, svg: string, caption: string): string {
  return `<figure><h3>${escapeHtml(title)}</h3>${svg}<figcaption>${
    escapeHtml(caption)
  }</figcaption></figure>`;
}

function norms({ norms, popularity }: AuditReport): string {
  const columns = norms.histogram.map(({ from, to, count }) => ({ from, to, value: count }));
  const correlation = popularity?.normCorrelation ?? null;
  return figure(
    "Norms: what cosine divides out",
    columnChart(columns, {
      x: "norm",
      y: "items",
      format: (value) => Number.isInteger(value) ? value.toLocaleString("en") : "",
    }),
    `Items by the norm of their vector, which varies by ${percent(norms.variation)} of its mean.` +
      (correlation === null ? "" : ` Rank correlation with popularity: ${decimal(correlation)}.`),
  );
}

function spectrum({ anisotropy: a, dimensions, hubness, isoScoreRange }: AuditReport): string {
  const columns = a.spectrum.map((share, i) => ({ from: i + 0.5, to: i + 1.5, value: share }));
  const range = isoScoreRange === null
    ? ""
    : ` (${rounded(isoScoreRange.min)} to ${rounded(isoScoreRange.max)} in equally good models)`;
  const hubs = hubness.range === null
    ? ""
    : ` (${decimal(hubness.range.min, 1)} to ${decimal(hubness.range.max, 1)})`;
  return figure(
    "Anisotropy: where the variance is",
    columnChart(columns, {
      x: a.spectrum.length < dimensions
        ? `principal direction, the first ${a.spectrum.length}`
        : "principal direction",
      y: "share of the variance",
      ticks: [...new Set([1, Math.ceil(columns.length / 2), columns.length])],
      format: (value) => percent(value),
    }),
    `About ${rounded(a.effectiveDimensions)} of ${dimensions} dimensions count. Mean cosine of ` +
      `random pairs ${decimal(a.meanCosine)}; IsoScore ${rounded(a.isoScore)}${range}; hubness ` +
      `${decimal(hubness.skewness, 1)}${hubs}.`,
  );
}

function attainable({ attainable, group }: AuditReport): string {
  const rows = attainable.map(({ condition, width, flippable }) => ({
    label: `${condition}×`,
    low: width.p5,
    middle: width.p50,
    high: width.p95,
    note: percent(flippable),
  }));
  return figure(
    "At worst: how far a cosine can be moved",
    intervalChart(rows, 2, "largest minus smallest cosine of a pair"),
    "Over all equally good models whose axes are stretched up to so many times, each pair on its " +
      "own: median (line), 5th to 95th percentile (bar). At the right, the share of pairs that can " +
      `be given either sign.${
        group === null ? " It holds if dot products alone were fitted." : ""
      }`,
  );
}

/** A list of sentences. */
function htmlList(items: readonly string[], tag: "ul" | "ol" = "ul"): string {
  return `<${tag}>${items.map((item) => `<li>${htmlSentence(item)}</li>`).join("")}</${tag}>`;
}

/** A sentence in which what stands between backticks is code, and numbers stay with their units. */
function htmlSentence(sentence: string): string {
  return escapeHtml(sentence).replace(/`([^`]*)`/g, "<code>$1</code>")
    .replace(/(?<=\d) %/g, "&nbsp;%").replaceAll("± ", "±&nbsp;");
}

/** A table; its cells are HTML already. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  return `<div class="wide"><table><thead>${cells("th", head)}</thead><tbody>${
    rows.map((row) => cells("td", row)).join("\n")
  }</tbody></table></div>`;
}

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
.flag { display: inline-block; border: 1px solid var(--line); border-radius: 99px; padding: 1px 10px;
  margin: 2px 4px 2px 0; font-size: 14px; }
.file { margin-bottom: 14px; }
.sides { display: grid; gap: 14px; grid-template-columns: 2fr 3fr; grid-template-rows: auto 1fr; }
.measured { grid-column: 2; grid-row: 1 / 3; }
.two { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); }
.sides li { font-size: 15px; }
code { white-space: nowrap; }
.group td { color: var(--soft); padding-top: 12px; }
figure { margin: 0; }
figure svg { display: block; width: 100%; max-width: 600px; height: auto; }
svg text { fill: var(--text); font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; }
svg .axis { stroke: var(--line); } svg .soft { fill: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 5px 10px 5px 0; text-align: left;
  vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
td.number { text-align: right; white-space: nowrap; }
.bars td { vertical-align: middle; }
.bars .bar { min-width: 120px; width: 46%; }
.track { position: relative; height: 14px; background: var(--page); border-radius: 3px; }
.fill { position: absolute; inset: 0 auto 0 0; border-radius: 3px; }
.error { position: absolute; top: 6px; height: 2px; background: var(--text); opacity: 0.65; }
.measure { background: var(--grey); } .member { background: var(--orange); }
.correction { background: var(--sky); } .invariant { background: var(--green); }
.storage { background: var(--purple); }
details { margin-top: 14px; } summary { cursor: pointer; font-weight: 600; }
@media (max-width: 700px) { .two, .sides { display: block; } .two > *, .sides > * {
  margin-bottom: 14px; } }
@media (max-width: 420px) { .card { padding: 12px; }
  h1 { font-size: 23px; } .verdict .headline { font-size: 18px; } .bars .bar { min-width: 70px; } }
@media print { body { background: #fff; } .card { break-inside: avoid; } }
`;

/** The size of a chart in its own units; the page scales it. */
const WIDTH = 460, HEIGHT = 220, LEFT = 46, RIGHT = 14, TOP = 12, BOTTOM = 40;

/** A bar from x1 to x2, and its height. */
interface Column {
  from: number;
  to: number;
  value: number;
}

/** What stands at the axes of a chart. */
interface ChartLabels {
  x: string;
  y: string;
  /** Where the x axis has numbers; by default at its ends and in the middle. */
  ticks?: readonly number[];
  /** How to write a value of the y axis. */
  format: (value: number) => string;
}

/** A histogram, or a spectrum, as SVG with the page's colors. */
export function columnChart(columns: readonly Column[], labels: ChartLabels): string {
  const least = columns[0].from, most = columns[columns.length - 1].to || 1;
  const top = niceTop(Math.max(...columns.map(({ value }) => value)));
  const across = most > least ? most - least : 1;
  const x = (value: number) => LEFT + (value - least) / across * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
  const bars = columns.map(({ from, to, value }) => {
    const width = Math.max(0.5, (most > least ? x(to) - x(from) : WIDTH - LEFT - RIGHT) - 1);
    return `<rect x="${fixed(x(from))}" y="${fixed(y(value))}" width="${fixed(width)}" height="${
      fixed(HEIGHT - BOTTOM - y(value))
    }" fill="var(--blue)"/>`;
  });
  const ticks = labels.ticks ?? (most > least ? [least, least + across / 2, most] : [least]);
  return chart(labels, [
    ...[0, top / 2, top].map((value) => rule(y(value), labels.format(value))),
    ...bars,
    ...ticks.map((value, i) => {
      const place = most > least ? x(value) : WIDTH / 2;
      const anchor = i === 0 && ticks.length > 1 ? "start" : i < 2 ? "middle" : "end";
      return `<text x="${fixed(place)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="${anchor}">${
        escapeHtml(short(value))
      }</text>`;
    }),
  ]);
}

/** A row of a chart of intervals. */
interface IntervalRow {
  label: string;
  low: number;
  middle: number;
  high: number;
  note: string;
}

/** Intervals between 0 and `most`, one below the other, as SVG. */
export function intervalChart(rows: readonly IntervalRow[], most: number, label: string): string {
  const left = 60, right = 64, step = 26, height = 14 + rows.length * step + 42;
  const x = (value: number) => left + value / most * (WIDTH - left - right);
  const bottom = 14 + rows.length * step;
  const lines = rows.map(({ label, low, middle, high, note }, i) => {
    const y = 14 + (i + 0.5) * step;
    return `<text x="${left - 8}" y="${y + 4}" text-anchor="end">${escapeHtml(label)}</text>` +
      `<rect x="${fixed(x(low))}" y="${y - 7}" width="${
        fixed(Math.max(1, x(high) - x(low)))
      }" height="14" rx="2" fill="var(--orange)" opacity="0.55"/>` +
      `<rect x="${fixed(x(middle) - 1.5)}" y="${
        y - 9
      }" width="3" height="18" fill="var(--text)"/>` +
      `<text class="soft" x="${WIDTH - right + 8}" y="${y + 4}">${escapeHtml(note)}</text>`;
  });
  const ticks = [0, most / 2, most].map((value) =>
    `<line class="axis" x1="${fixed(x(value))}" x2="${fixed(x(value))}" y1="10" y2="${bottom}"/>` +
    `<text x="${fixed(x(value))}" y="${bottom + 16}" text-anchor="middle">${short(value)}</text>`
  );
  return svg(height, label, [
    ...ticks,
    ...lines,
    `<text class="soft" x="${fixed(x(most / 2))}" y="${bottom + 34}" text-anchor="middle">${
      escapeHtml(label)
    }</text>`,
  ]);
}

function chart({ x, y }: ChartLabels, marks: string[]): string {
  return svg(HEIGHT, `${y} by ${x}`, [
    ...marks,
    `<text class="soft" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${
      escapeHtml(x)
    }</text>`,
  ]);
}

function svg(height: number, title: string, marks: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">${
    marks.join("")
  }</svg>`;
}

function rule(y: number, label: string): string {
  return `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(y)}" y2="${
    fixed(y)
  }"/><text x="${LEFT - 6}" y="${fixed(y + 4)}" text-anchor="end">${escapeHtml(label)}</text>`;
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

function fixed(value: number): string {
  return value.toFixed(1);
}
