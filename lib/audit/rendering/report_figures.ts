import type { AuditReport } from "../audit_report.ts";
import { decimal, percent, rounded } from "../deciding/wording.ts";
import { escapeHtml } from "../../html.ts";
import { columnChart, intervalChart } from "./svg_charts.ts";

/** The figures of a report, HTML. */
export function reportFigures(report: AuditReport): string[] {
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
