/**
 * Audits files away from the page, which stays usable meanwhile.
 *
 * @module
 */
import { auditEmbeddings } from "../../../lib/audit/audit_embeddings.ts";
import type { AuditOptions } from "../../../lib/audit/audit_options.ts";
import {
  alignEmbeddings,
  compareEmbeddings,
} from "../../../lib/audit/compare/compare_embeddings.ts";
import { compareHtml } from "../../../lib/audit/compare/compare_report.ts";
import { applyCorrection, npyBytes } from "../../../lib/audit/fix/fit_and_apply.ts";
import {
  chooseCorrection,
  type Evidence,
  fixSummary,
  pairEvidence,
} from "../../../lib/audit/fix/choose_correction.ts";
import { type ByteSource, DEFAULT_MEMORY } from "../../../lib/audit/formats/bytes.ts";
import type { EmbeddingFile } from "../../../lib/audit/formats/embedding_file.ts";
import { blobSource, openBlob } from "../../../lib/audit/formats/open_blob.ts";
import { readPairs } from "../../../lib/audit/formats/side_columns.ts";
import { leftOutSentence } from "../../../lib/audit/measures/missing_rows.ts";
import {
  type AuditedLine,
  type FileAccess,
  openAudited,
  openCompared,
} from "../../../lib/audit/open_audited.ts";
import { auditHtml } from "../../../lib/audit/report_html.ts";
import { InputRangeError, isExpected, memorySentence } from "../../../lib/errors.ts";
import { unpackedModule } from "./unpacked_module.ts";

/** What the page asks of the worker. */
export interface AuditRequest {
  /** What a command line would say; its paths are keys of `files`. */
  line: AuditedLine;
  /** Another run to compare the first file with, a key of `files`. */
  run?: string;
  /** The files that were chosen, by their names. */
  files: Record<string, File>;
  /** The address of the module that holds the WebAssembly of Parquet's reader. */
  parquetWasm: string;
}

/** A file that is to be saved. */
export interface Saved {
  name: string;
  type: string;
  parts: BlobPart[];
}

/** What there is to show and to save. */
export interface AuditResult {
  /** The report, a page of its own. */
  html: string;
  /** What was taken for what, of each file. */
  taken: { name: string; text: string }[];
  notes: string[];
  /** How a correction was chosen, as text; null where there was nothing to choose it by. */
  correction: string | null;
  files: Saved[];
}

/** What the worker tells the page. */
export type AuditAnswer =
  | { kind: "progress"; share: number; text: string }
  | { kind: "done" } & AuditResult
  | { kind: "error"; message: string };

const scope = globalThis as unknown as {
  postMessage(answer: AuditAnswer): void;
  onmessage: (event: MessageEvent<AuditRequest>) => void;
};

scope.onmessage = async ({ data }) => {
  try {
    const result = await runAudit(
      data,
      (share, text) => scope.postMessage({ kind: "progress", share, text }),
    );
    scope.postMessage({ kind: "done", ...result });
  } catch (error) {
    const { message, stack } = error as Error;
    scope.postMessage({
      kind: "error",
      message: isExpected(error) ? message : memorySentence(error) ?? `A bug: ${stack ?? message}`,
    });
  }
};

const NO_CORRECTION = "No correction was tried: the file must be mended first.";

type OnProgress = (share: number, text: string) => void;

/**
 * Audits the files that a reader chose: the report of the command line; with another run the
 * comparison; with labels or pairs a correction, if one helps.
 *
 * @param request The files, and what the page says of them.
 * @param onProgress Told the share that is done, 0 to 1, and what is being done.
 * @returns What to show and to save.
 * @throws {InputRangeError} If a file cannot be used.
 */
async function runAudit(
  request: AuditRequest,
  onProgress: OnProgress,
): Promise<AuditResult> {
  const taken: AuditResult["taken"] = [];
  const files = await fileAccess(request, taken);
  const { line } = request;
  if (request.run !== undefined) {
    return { ...await compared(request, request.run, files, onProgress), taken };
  }
  const [name] = line.files;
  const audited = await openAudited(
    { ...line, pairs: line.queries === undefined ? undefined : line.pairs },
    files,
  );
  const { embeddings, options, notes } = audited;
  // Ids that were named are not those that the file was opened with.
  taken[0].text = takenText({ ...embeddings, taken: options.file?.taken ?? embeddings.taken });
  const report = auditEmbeddings(embeddings.rows, {
    ...options,
    onProgress: (done, total) => onProgress(done / total, "Auditing"),
  });
  const evidence = evidenceOf(request, files, audited);
  const faulty = report.verdict.level === "data-fault";
  if (evidence !== undefined && faulty) notes.push(NO_CORRECTION);
  const { text = null, saved = [] } = evidence === undefined || faulty
    ? {}
    : corrected(embeddings, evidence, options, onProgress);
  return {
    html: auditHtml(report, name),
    taken,
    notes,
    correction: text,
    files: [json(report), ...saved],
  };
}

/** The files of a request as a command line's: read where they are, nothing is copied. */
async function fileAccess(
  { files, line: { memory = DEFAULT_MEMORY }, parquetWasm }: AuditRequest,
  taken: AuditResult["taken"],
): Promise<FileAccess> {
  const sources = new Map<string, ByteSource>();
  for (const [name, file] of Object.entries(files)) {
    sources.set(name, await blobSource(file, memory));
  }
  return {
    bytes: (name) => sources.get(name)!,
    async open(name, options) {
      const wasm = () => unpackedModule(parquetWasm);
      const opened = await openBlob(files[name], { ...options, parquetWasm: wasm });
      taken.push({ name, text: takenText(opened) });
      return opened;
    },
  };
}

function takenText(opened: EmbeddingFile): string {
  return `${opened.taken}. ${leftOutSentence(opened)}`;
}

async function compared(
  { line }: AuditRequest,
  run: string,
  files: FileAccess,
  onProgress: OnProgress,
): Promise<Omit<AuditResult, "taken">> {
  const [name] = line.files;
  const { a, b, options, notes } = await openCompared({ ...line, files: [name, run] }, files);
  const report = compareEmbeddings(a.rows, b.rows, {
    ...options,
    onProgress: (done, total) => onProgress(done / total, "Comparing"),
  });
  return {
    html: compareHtml(report, { a: name, b: run }),
    notes,
    correction: null,
    files: [json(report), ...mapOf(a.rows, b.rows, report, options)],
  };
}

/** The map from A to B, which `audit fix --apply` takes; none where none takes one to the other. */
function mapOf(...compared: Parameters<typeof alignEmbeddings>): Saved[] {
  try {
    const text = `${JSON.stringify(alignEmbeddings(...compared))}\n`;
    return [{ name: "map.json", type: "application/json", parts: [text] }];
  } catch (error) {
    if (error instanceof InputRangeError) return [];
    throw error;
  }
}

/** What a correction can be chosen by: pairs of items, or labels. */
function evidenceOf(
  { line: { pairs, queries } }: AuditRequest,
  { bytes }: FileAccess,
  { embeddings, options, notes }: Awaited<ReturnType<typeof openAudited>>,
): Evidence | undefined {
  if (pairs !== undefined && queries === undefined) {
    const items = { ...embeddings, ids: options.ids };
    const { evidence, note } = pairEvidence(readPairs(bytes(pairs), pairs), items, pairs);
    if (note !== null) notes.push(note);
    return evidence;
  }
  return options.labels && { labels: options.labels };
}

/** Chooses a correction, and applies it where it helps. */
function corrected(
  { rows, dtype }: EmbeddingFile,
  evidence: Evidence,
  { users, trained }: AuditOptions,
  onProgress: OnProgress,
): { text: string; saved: Saved[] } {
  let choice;
  try {
    choice = chooseCorrection(rows, evidence, {
      // The context vectors of a sum are no users.
      users: trained === "sum" ? undefined : users,
      onProgress: (done, total) => onProgress(done / total, "Choosing a correction"),
    });
  } catch (error) {
    if (error instanceof InputRangeError) return { text: error.message, saved: [] };
    throw error;
  }
  const text = fixSummary(choice);
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
