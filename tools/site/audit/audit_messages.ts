import type { AuditedLine } from "../../../lib/audit/open_audited.ts";

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
