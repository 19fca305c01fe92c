import { assertInteger } from "../../check.ts";
import { assertReport } from "../assert_report.ts";
import type { AuditReport } from "../audit_report.ts";
import { decimal, percentWithin, rounded } from "../deciding/wording.ts";

/**
 * Puts a report into some fifty lines for a terminal, the verdict first.
 *
 * @param report What {@linkcode auditEmbeddings} returns.
 * @param width How many characters a line may have, 20 to 1,000.
 * @throws {TypeError} If it is no report, or width is not a number.
 * @throws {RangeError} If width is out of bounds.
 */
export function auditSummary(report: AuditReport, width = 80): string {
  assertReport("summarize", report);
  assertInteger("summarize", "width", width, 20, 1000);
  const { verdict, sample, items, dimensions, zeroRows, trained } = report;
  const list = (sentences: readonly string[]) =>
    sentences.flatMap((sentence) => wrapped(sentence, width, "  - ", "    "));
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", title, ...lines];
  const zeros = zeroRows > 0 ? `, ${zeroRows} rows of zeros` : "";
  return [
    `${items} items x ${dimensions} dimensions${zeros}; trained: ${
      trained === "unknown" ? "not declared" : trained
    }`,
    "",
    `Verdict: ${verdict.level}`,
    ...wrapped(verdict.headline, width, "  ", "  "),
    ...(verdict.flags.length === 0
      ? []
      : wrapped(`Flags: ${verdict.flags.join(", ")}`, width, "", "  ")),
    ...section("What follows from what you declared", list(verdict.declared)),
    ...section("What was measured", list(verdict.measured)),
    ...section("What cannot be known", list(verdict.unknown)),
    ...section("What to do", list(verdict.advice)),
    ...section("Corrections to try", list(verdict.corrections.map(({ reason }) => reason))),
    ...section(
      `What stays of the ${sample.neighbors} nearest neighbors by cosine ` +
        `(of ${sample.anchors} items among ${sample.items})`,
      report.neighbors.map(({ change, overlap, error }) =>
        `  ${change.padEnd(48)}${percentWithin(overlap, error).padStart(14)}`
      ),
    ),
    ...section("Numbers", numbers(report)),
  ].join("\n");
}

function numbers({ norms, anisotropy: a, hubness, popularity, users }: AuditReport): string[] {
  const row = (name: string, ...values: (number | string)[]) =>
    `  ${name.padEnd(36)}${
      values.map((value) => (typeof value === "number" ? rounded(value) : value).padStart(9))
        .join("")
    }`;
  return [
    row("norms: 5th percentile, median, 95th", norms.p5, norms.p50, norms.p95),
    row("norms: deviation / mean", norms.variation),
    row("mean cosine of random pairs", decimal(a.meanCosine, 3)),
    row("variance in top 1, 3, 10 directions", ...a.topDirections),
    row("dimensions that count, IsoScore", a.effectiveDimensions, a.isoScore),
    row("hubness (skewness)", hubness.skewness),
    ...(popularity === null ? [] : [
      row("norm and popularity", popularity.normCorrelation ?? "none"),
      row("rank of neighbors: cosine, dot", popularity.cosineNeighbors, popularity.dotNeighbors),
    ]),
    ...(users === null ? [] : [row("imbalance with users", users.imbalance)]),
  ];
}

function wrapped(text: string, width: number, first: string, rest: string): string[] {
  const lines = [first];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    const empty = line === first || line === rest;
    if (!empty && line.length + 1 + word.length > width) lines.push(rest + word);
    else lines[lines.length - 1] = line + (empty ? "" : " ") + word;
  }
  return lines;
}
