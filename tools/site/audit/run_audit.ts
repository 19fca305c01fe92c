import { auditEmbeddings } from "../../../lib/audit/audit_embeddings.ts";
import { compareEmbeddings } from "../../../lib/audit/compare/compare_embeddings.ts";
import { compareHtml } from "../../../lib/audit/compare/compare_report.ts";
import { applyCorrection, npyBytes } from "../../../lib/audit/fix/apply_correction.ts";
import { chooseCorrection } from "../../../lib/audit/fix/choose_correction.ts";
import { fixSummary } from "../../../lib/audit/fix/choose_correction.ts";
import { blobSource } from "../../../lib/audit/formats/blob_source.ts";
import type { EmbeddingFile, SideColumn } from "../../../lib/audit/formats/embedding_file.ts";
import { inOrderOfItems } from "../../../lib/audit/formats/in_order_of_items.ts";
import { openBlob } from "../../../lib/audit/formats/open_blob.ts";
import { sideSource } from "../../../lib/audit/formats/side_source.ts";
import { auditHtml } from "../../../lib/audit/report_html.ts";
import { labelNumbers } from "../../../lib/audit/side_values.ts";
import type { AuditRequest, Saved } from "./audit_messages.ts";

/** How much memory a file may take, in MB: the unit of `openBlob`. */
const MEMORY_MB = 800;

/** Columns that hold labels where a file has such. */
const LABELS = ["label", "cluster"];

/** What there is to show and to save. */
interface AuditResult {
  html: string;
  notes: string[];
  files: Saved[];
}

/**
 * Audits the files that a reader chose: the report of the command line; with a second run the
 * comparison; with labels a correction, if one helps.
 *
 * @param request The files.
 * @param onProgress Told the share that is done, 0 to 1, and what is being done.
 * @returns The report, notes on what was read, and files to save.
 * @throws {InputError} If a file cannot be used.
 */
export async function runAudit(
  request: AuditRequest,
  onProgress: (share: number, text: string) => void,
): Promise<AuditResult> {
  const { file, second, secondIs, trained } = request;
  const embeddings = await openBlob(file, {
    columns: ["id", "item", ...LABELS],
    memory: MEMORY_MB,
  });
  const other = second && await openBlob(second, { columns: ["id", "item"], memory: MEMORY_MB });
  const notes = [...embeddings.notes, ...other?.notes ?? []];
  if (other && secondIs === "run") {
    const report = compareEmbeddings(embeddings.rows, other.rows, {
      idsOfA: embeddings.ids,
      idsOfB: other.ids,
      onProgress: (done, total) => onProgress(done / total, "Comparing"),
    });
    return { html: compareHtml(report, file.name, second.name), notes, files: [json(report)] };
  }
  const labels = await labelsOf(request, embeddings);
  const report = auditEmbeddings(embeddings.rows, {
    trained,
    ids: embeddings.ids,
    labels,
    users: other?.rows,
    onProgress: (done, total) => onProgress(done / total, "Auditing"),
  });
  const files = [json(report)];
  if (labels !== undefined) {
    const { text, saved } = correct(embeddings, labels, other, onProgress);
    notes.push(...text);
    files.push(...saved);
  }
  return { html: auditHtml(report, file.name), notes, files };
}

async function labelsOf({ labels }: AuditRequest, { columns, ids, rows }: EmbeddingFile) {
  const column = labels === undefined
    ? columns[LABELS.find((name) => name in columns) ?? ""]
    : inOrderOfItems("labels", labels.name, await sideOf(labels, rows.rows), ids, rows.rows);
  return column && labelNumbers(column as SideColumn);
}

async function sideOf(file: File, items: number) {
  return sideSource("labels", await blobSource(file, MEMORY_MB), file.name, items);
}

/** Chooses a correction by the labels, and applies it where it helps. */
function correct(
  embeddings: EmbeddingFile,
  labels: ArrayLike<number>,
  users: EmbeddingFile | undefined,
  onProgress: (share: number, text: string) => void,
): { text: string[]; saved: Saved[] } {
  const { rows, dtype } = embeddings;
  const choice = chooseCorrection(rows, { labels }, {
    users: users?.rows,
    onProgress: (done, total) => onProgress(done / total, "Choosing a correction"),
  });
  const text = fixSummary(choice).split("\n").filter((line) => line.trim() !== "");
  if (choice.recommended === "as-is") return { text, saved: [] };
  const bytes = npyBytes(
    applyCorrection(choice.correction, rows),
    dtype === "float64" ? "float64" : "float32",
  );
  const transform = `${JSON.stringify(choice.correction)}\n`;
  return {
    text,
    saved: [
      { name: "corrected.npy", type: "application/octet-stream", parts: [...bytes] as BlobPart[] },
      { name: "transform.json", type: "application/json", parts: [transform] },
    ],
  };
}

function json(report: unknown): Saved {
  const text = `${JSON.stringify(report, null, 2)}\n`;
  return { name: "report.json", type: "application/json", parts: [text] };
}
