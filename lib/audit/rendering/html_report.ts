import { assertString } from "../../check.ts";
import { assertReport } from "../assert_report.ts";
import type { AuditReport } from "../audit_report.ts";
import type { VerdictLevel } from "../deciding/level.ts";
import { counted } from "../deciding/wording.ts";
import { escapeHtml } from "../../html.ts";
import { htmlList, htmlSentence, htmlTable } from "./html_parts.ts";
import { correctionTable, exampleTables, labelTable, neighborTable } from "./report_tables.ts";
import { reportFigures } from "./report_figures.ts";
import { REPORT_STYLE } from "./report_style.ts";

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
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${HTML_MARKER}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Audit of ${title}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>Can cosine be trusted on ${title}?</h1>
<p class="soft">${counted(report.items, "item")} × ${counted(report.dimensions, "dimension")}${
    report.zeroRows > 0 ? `, ${counted(report.zeroRows, "row")} of zeros` : ""
  }. ${trained === "unknown" ? "Training: not declared." : `Declared training: ${trained}.`}</p>
<section class="card verdict" style="--accent: var(--${ACCENTS[verdict.level]})">
<div class="level">${verdict.level}</div>
<p class="headline">${htmlSentence(verdict.headline)}</p>
${verdict.flags.map((flag) => `<span class="flag">${flag}</span>`).join("")}
</section>
<div class="sides">
<section class="card"><h3>What follows from what you declared</h3>${
    htmlList(verdict.declared)
  }</section>
<section class="card measured"><h3>What was measured</h3>${htmlList(verdict.measured)}</section>
<section class="card"><h3>What cannot be known</h3>${htmlList(verdict.unknown)}</section>
</div>
${
    verdict.advice.length === 0
      ? ""
      : `<h2>What to do</h2><section class="card">${htmlList(verdict.advice, "ol")}</section>`
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
  }</details></section>
</main>
</body>
</html>
`;
}

/** The colors of the levels, from the page's own. */
const ACCENTS: Record<VerdictLevel, string> = {
  "too-small": "grey",
  noise: "grey",
  arbitrary: "orange",
  undetermined: "purple",
  "regularization-dependent": "blue",
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
