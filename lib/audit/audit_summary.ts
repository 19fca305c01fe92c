import type { AuditReport } from "./audit_report.ts";

/**
 * Puts a report into some forty lines for a terminal.
 *
 * @param report What {@linkcode auditEmbeddings} returns.
 * @param width How many characters a line may have.
 */
export function auditSummary(report: AuditReport, width = 80): string {
  const { sample, norms, anisotropy: a, verdict, labels, popularity, users } = report;
  const number = (value: number) => value.toPrecision(3);
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  const row = (name: string, ...values: string[]) =>
    `  ${name.padEnd(36)}${values.map((value) => value.padStart(9)).join("")}`;
  const lines = [
    `${report.items} items x ${report.dimensions} dimensions` +
    (report.zeroRows > 0 ? `, ${report.zeroRows} rows of zeros` : ""),
    `(neighbors: of ${sample.anchors} items among ${sample.items}; ${sample.pairs} random pairs)`,
    "",
    "Norms",
    row("5th percentile, median, 95th", number(norms.p5), number(norms.p50), number(norms.p95)),
    row("variation (deviation / mean)", share(norms.variation)),
    "",
    "Anisotropy",
    row("mean cosine of random pairs", a.meanCosine.toFixed(3)),
    row("variance in top 1, 3, 10 directions", ...a.topDirections.map(share)),
    row("in top 1, 3, 10 coordinates", ...a.topCoordinates.map(share)),
    row("dimensions that count, of all", a.effectiveDimensions.toFixed(1), `${report.dimensions}`),
    "",
    `What stays of the ${sample.neighbors} nearest neighbors by cosine`,
    ...report.neighbors.map(({ change, kind, condition, overlap }) =>
      row(
        change + (kind === "spectrum" ? ` (κ = ${Number(condition!.toPrecision(2))})` : ""),
        share(overlap),
      )
    ),
    "",
    "How far D can move a cosine               median   either sign",
    ...report.intervals.map(({ condition, width: w, flippable }) =>
      row(`κ = ${condition}`, w.p50.toFixed(2), share(flippable))
    ),
  ];
  if (labels !== null) {
    const { condition, worst, best } = labels.extremes;
    lines.push(
      "",
      "Agreement with labels                        AUC  precision",
      row("cosine", labels.changes[0].auc.toFixed(3), share(labels.changes[0].precision)),
      row(`worst and best D, κ = ${condition} (AUC)`, worst.toFixed(3), best.toFixed(3)),
    );
  }
  if (popularity !== null) {
    const correlation = popularity.normCorrelation;
    lines.push(
      "",
      "Popularity",
      row("rank correlation with norm", correlation === null ? "none" : correlation.toFixed(3)),
      row(
        "rank of neighbors by cosine, dot",
        ...[
          popularity.cosineNeighbors,
          popularity.dotNeighbors,
        ].map((rank) => rank.toFixed(2)),
      ),
    );
  }
  if (users !== null) {
    lines.push("", "Users", row("imbalance with items", number(users.imbalance)));
  }
  const list = (items: string[]) => items.flatMap((item) => wrapped(item, width, "  - ", "    "));
  lines.push("", `Verdict: ${verdict.level}${verdict.warning ? " (warning)" : ""}`);
  lines.push(...wrapped(verdict.summary, width, "  ", "  "));
  lines.push("", "Reasons", ...list(verdict.reasons));
  if (verdict.remedies.length > 0) {
    lines.push("", "What to do (section 3)", ...list(verdict.remedies));
  }
  return lines.join("\n");
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
