import type { DeclaredTraining } from "../../../lib/audit/measures/free_group.ts";

/** What the page asks of the worker. */
export interface AuditRequest {
  file: File;
  /** A second file, and what it is. */
  second?: File;
  secondIs: "users" | "run";
  /** A label for each item. */
  labels?: File;
  trained: DeclaredTraining;
}

/** A file that is to be saved. */
export interface Saved {
  name: string;
  type: string;
  parts: BlobPart[];
}

/** What the worker tells the page. */
export type AuditAnswer =
  | { kind: "progress"; share: number; text: string }
  | { kind: "done"; html: string; notes: string[]; files: Saved[] }
  | { kind: "error"; message: string };
