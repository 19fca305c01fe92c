import type { AuditReport } from "../audit_report.ts";
import { decimal, percent, percentWithin } from "../deciding/wording.ts";
import type { NeighborChange } from "../measuring/neighbor_changes.ts";
import { escapeHtml } from "../../html.ts";
import { htmlTable } from "./html_parts.ts";

/** What the kinds of change are called, in the order of the table. */
const KINDS: [NeighborChange["kind"], string][] = [
  ["measure", "Another similarity"],
  ["member", "Equally good models"],
  ["invariant", "The same in every equally good model"],
  ["correction", "Corrections"],
  ["storage", "A coarser storage"],
];

/** What each change leaves of the neighbors, as bars with their errors. */
export function neighborTable({ neighbors, group }: AuditReport): string {
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
export function correctionTable({ verdict: { corrections }, labels }: AuditReport): string {
  if (corrections.length === 0) return "";
  const head = [
    "correction",
    "<code>--correction</code>",
    "mean cosine",
    "neighbors kept",
    ...(labels ? ["AUC"] : []),
  ];
  const rows = corrections.map(({ correction, reason, meanCosine, overlap, auc }) => [
    escapeHtml(reason.split(". Mean cosine")[0]),
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
export function labelTable({ labels }: AuditReport): string {
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
const SHOWN =
  /^(cosine|dot product|axes stretched up to (2|10) times|mean removed|whitened|compared)/;

/** The nearest neighbors of three items under several similarities. */
export function exampleTables({ examples }: AuditReport): string {
  const tables = examples.map(({ item, choice, lists }) => {
    const rows = lists.filter(({ change }) => SHOWN.test(change))
      .map(({ change, neighbors }) => [change, neighbors.join(", ")].map(escapeHtml));
    return `<section class="card"><h3>${escapeHtml(String(item))} <span class="soft">(${
      escapeHtml(choice)
    })</span></h3>${htmlTable(["by", "nearest first"], rows)}</section>`;
  });
  return `<h2>Neighbors of three items</h2><div class="two">${tables.join("\n")}</div>`;
}
