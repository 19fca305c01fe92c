/**
 * How far the cosines of embeddings of any origin can be trusted.
 *
 * @module
 */
export { auditEmbeddings } from "./audit_embeddings.ts";
export type { AuditOptions, DeclaredTraining } from "./audit_options.ts";
export type { AuditReport } from "./audit_report.ts";
export { auditSummary } from "./audit_summary.ts";
export type { EmbeddingFile, OpenOptions, SideColumn } from "./reading/embedding_file.ts";
export { openEmbeddings } from "./reading/open_embeddings.ts";
export type { EmbeddingRows, RowBlock } from "./embedding_rows.ts";
export { auditHtml } from "./html_report.ts";
export { InputError } from "./input_error.ts";
export type { Verdict, VerdictLevel } from "./verdict.ts";
