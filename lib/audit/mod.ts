/**
 * How far the cosines of embeddings of any origin can be trusted.
 *
 * @module
 */
export { auditEmbeddings } from "./audit_embeddings.ts";
export type { AuditOptions } from "./audit_options.ts";
export type { AuditReport } from "./report.ts";
export type { Findings } from "./measures/measures.ts";
export { compareEmbeddings } from "./comparing/compare_embeddings.ts";
export type { CompareOptions } from "./comparing/compare_options.ts";
export type { ComparisonReport, ItemAgreement, Relation } from "./comparing/comparison_report.ts";
export type { Alignment, SharedDirections } from "./comparing/alignment.ts";
export type { VerdictFlag } from "./measures/measures.ts";
export type { VerdictLevel } from "./verdict.ts";
export type { Suggestion } from "./verdict.ts";
export type { Threshold } from "./measures/measure.ts";
export type { Verdict } from "./verdict.ts";
export type { EmbeddingRows, RowBlock } from "./embedding_rows.ts";
export { applyCorrection } from "./fixing/apply_correction.ts";
export { chooseCorrection } from "./fixing/choose_correction.ts";
export type { ChooseOptions, CorrectionChoice } from "./fixing/choose_correction.ts";
export type { Correction } from "./fixing/correction.ts";
export type { Evidence } from "./fixing/evidence.ts";
export { fitCorrection, type FitOptions } from "./fixing/fit_correction.ts";
export { InputError } from "../boundary/input_error.ts";
export type { DeclaredTraining, FreeGroup } from "./measures/free_group.ts";
export type { RelevantPairs } from "./measures/queries.ts";
export type { EmbeddingFile, OpenOptions, SideColumn } from "./formats/embedding_file.ts";
export { openEmbeddings } from "./formats/open_embeddings.ts";
export { auditHtml } from "./report_html.ts";
export { auditSummary } from "./report_text.ts";
