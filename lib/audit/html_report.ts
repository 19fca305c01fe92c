import * as Plot from "@observablehq/plot";
import { chart } from "../notebook/chart.ts";
import type { Picture } from "../notebook/picture.ts";
import { palette } from "../notebook/palette.ts";
import type { AuditReport } from "./audit_report.ts";

/**
 * Makes a report into a page of its own: no script, no network, figures inside.
 *
 * @param report What {@linkcode auditEmbeddings} returns.
 * @param name What the embeddings are called.
 * @returns The page, HTML.
 */
export function auditHtml(report: AuditReport, name: string): string {
  const { verdict, sample } = report;
  const list = (items: string[]) =>
    `<ul>${items.map((item) => `<li>${escape(item)}</li>`).join("")}</ul>`;
  const remedies = verdict.remedies.length === 0
    ? ""
    : `<h2>What to do</h2><p>The remedies of section 3 that apply.</p>${list(verdict.remedies)}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Audit of ${escape(name)}</title>
<style>${STYLE}</style>
<main>
<h1>Can cosine be trusted on ${escape(name)}?</h1>
<p>${report.items.toLocaleString("en")} items × ${report.dimensions} dimensions${
    report.zeroRows > 0 ? `, ${report.zeroRows} rows of zeros` : ""
  }. Trained: ${escape(report.trained)}.</p>
<section class="${verdict.warning ? "warning" : "fine"}">
<h2>${escape(verdict.level)}</h2>
<p>${escape(verdict.summary)}</p>
</section>
<h2>Reasons</h2>${list(verdict.reasons)}
${remedies}
<h2>Measurements</h2>
${figures(report).map((figure) => `<figure>${figure.svg}</figure>`).join("\n")}
${exampleTables(report)}
<h2>How it was measured</h2>
<p>Norms are of all items. Neighbors are of ${sample.anchors} items among ${
    sample.items.toLocaleString("en")
  }
random ones, and cosines of ${sample.pairs.toLocaleString("en")} random pairs (seed “${
    escape(sample.seed)
  }”). κ is max D / min D.</p>
${
    table(
      ["threshold", "value", "why there"],
      verdict.thresholds.map(({ name, value, source }) => [name, String(value), source]),
    )
  }
</main>
</html>
`;
}

function figures(report: AuditReport): Picture[] {
  return [
    normFigure(report),
    neighborFigure(report),
    intervalFigure(report),
    spectrumFigure(report),
    ...(report.labels === null ? [] : [labelFigure(report.labels)]),
  ];
}

function normFigure({ norms, popularity }: AuditReport): Picture {
  const correlation = popularity?.normCorrelation ?? null;
  return chart({
    title: "Norms: what cosine divides out",
    caption:
      `Items by the norm of their vector. Its standard deviation is ${
        percent(norms.variation)
      } of its mean.` +
      (correlation === null ? "" : ` Rank correlation with popularity: ${correlation.toFixed(2)}.`),
    height: 240,
    x: { label: "norm" },
    y: { label: "items", tickFormat: "~s" },
    marks: [
      Plot.rectY(norms.histogram, { x1: "from", x2: "to", y: "count", fill: palette[5] }),
      Plot.ruleY([0]),
    ],
  });
}

function neighborFigure({ neighbors, sample }: AuditReport): Picture {
  const groups = {
    measure: "another similarity",
    scaling: "a random D",
    spectrum: "a D of section 2.2",
    correction: "a correction",
    remedy: "a remedy of section 3",
  };
  const rows = neighbors.map(({ change, condition, kind, overlap }) => ({
    change: kind === "spectrum" ? `${change} (κ = ${Number(condition!.toPrecision(2))})` : change,
    kind: groups[kind],
    overlap,
  }));
  return chart({
    title: `What stays of the ${sample.neighbors} nearest neighbors by cosine`,
    caption:
      "The share of the nearest neighbors by cosine that are still among them after a change. A model that was trained on dot products alone is the same under every D.",
    height: 60 + 22 * rows.length,
    marginLeft: 260,
    marginRight: 50,
    color: {
      legend: true,
      domain: Object.values(groups).filter((group) => rows.some(({ kind }) => kind === group)),
    },
    x: { domain: [0, 1], label: "share that stays", tickFormat: "%" },
    y: { domain: rows.map(({ change }) => change), label: null },
    marks: [
      Plot.barX(rows, { x: "overlap", y: "change", fill: "kind", insetTop: 2, insetBottom: 2 }),
      Plot.text(rows, { x: "overlap", y: "change", text: (d) => percent(d.overlap), dx: 20 }),
      Plot.ruleX([0]),
    ],
  });
}

function intervalFigure({ intervals }: AuditReport): Picture {
  const rows = intervals.map(({ condition, width, flippable }) => ({
    condition: String(condition),
    ...width,
    flippable,
  }));
  return chart({
    title: "How far D can move a cosine",
    caption:
      "The width of the attainable interval of random pairs: median (tick), 5th to 95th percentile (bar). In brackets the share of pairs whose cosine can be given either sign. 2 is everything.",
    height: 60 + 34 * rows.length,
    marginLeft: 70,
    marginRight: 70,
    x: { domain: [0, 2], label: "largest minus smallest cosine" },
    y: { domain: rows.map(({ condition }) => condition), label: "κ", labelArrow: "none" },
    marks: [
      Plot.barX(rows, {
        x1: "p5",
        x2: "p95",
        y: "condition",
        fill: palette[5],
        fillOpacity: 0.6,
        insetTop: 6,
        insetBottom: 6,
      }),
      Plot.tickX(rows, { x: "p50", y: "condition", stroke: palette[0], strokeWidth: 3 }),
      Plot.text(rows, {
        x: "p95",
        y: "condition",
        text: (d) => `(${percent(d.flippable)})`,
        dx: 26,
      }),
    ],
  });
}

function spectrumFigure({ anisotropy }: AuditReport): Picture {
  const rows = anisotropy.spectrum.map((share, i) => ({ direction: i + 1, share }));
  return chart({
    title: "Anisotropy: where the variance is",
    caption: `The share of the variance in each principal direction; about ${
      anisotropy.effectiveDimensions.toFixed(0)
    } of them count. Mean cosine of random pairs: ${anisotropy.meanCosine.toFixed(2)}.`,
    height: 240,
    x: { label: "principal direction" },
    y: { label: "share of the variance", tickFormat: "%" },
    marks: [
      Plot.rectY(rows, {
        x1: (d) => d.direction - 0.4,
        x2: (d) => d.direction + 0.4,
        y: "share",
        fill: palette[5],
      }),
      Plot.ruleY([0]),
    ],
  });
}

function labelFigure({ changes, extremes }: NonNullable<AuditReport["labels"]>): Picture {
  const { condition, worst, best } = extremes;
  const rows = [
    ...changes.map(({ change, auc }) => ({ change, auc, kind: "a change" })),
    { change: `worst D found, κ = ${condition}`, auc: worst, kind: "searched for" },
    { change: `best D found, κ = ${condition}`, auc: best, kind: "searched for" },
  ];
  return chart({
    title: "Agreement with the labels",
    caption:
      "AUC: how often a pair with one label is more similar than a pair with two. The worst and the best D make the same predictions, if D is free.",
    height: 60 + 22 * rows.length,
    marginLeft: 260,
    marginRight: 50,
    color: { legend: true },
    x: { domain: [Math.min(0.5, worst), 1], label: "AUC" },
    y: { domain: rows.map(({ change }) => change), label: null },
    marks: [
      Plot.dot(rows, { x: "auc", y: "change", fill: "kind", r: 5 }),
      Plot.text(rows, { x: "auc", y: "change", text: (d) => d.auc.toFixed(2), dx: 24 }),
    ],
  });
}

function exampleTables({ examples }: AuditReport): string {
  const changes = ["cosine", "dot product", "D, κ = 2", "D that levels the spectrum", "whitened"];
  return examples.map(({ item, choice, lists }) => {
    const shown = lists.filter(({ change }) => changes.includes(change));
    return `<h3>Neighbors of ${escape(String(item))} (${escape(choice)})</h3>` + table(
      ["", "nearest first"],
      shown.map(({ change, neighbors }) => [change, neighbors.join(", ")]),
    );
  }).join("\n");
}

function table(head: string[], rows: string[][]): string {
  const cells = (tag: string, row: string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${cells("th", head)}${rows.map((row) => cells("td", row)).join("")}</table>`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

const STYLE = `
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1f2328; background: #f6f8fa; }
main { max-width: 940px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 28px; line-height: 1.25; }
h2 { font-size: 20px; margin-top: 32px; }
h3 { font-size: 16px; margin-bottom: 4px; }
section { border-left: 6px solid; border-radius: 6px; background: #fff; padding: 4px 20px 8px; }
section h2 { margin: 12px 0 0; }
section h2::first-letter { text-transform: uppercase; }
section p { margin: 4px 0 8px; }
.warning { border-color: #d55e00; }
.fine { border-color: #009e73; }
figure { margin: 16px 0; }
figure svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; background: #fff; font-size: 14px; }
th, td { border: 1px solid #d0d7de; padding: 4px 10px; text-align: left; vertical-align: top; }
`;
