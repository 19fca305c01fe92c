/**
 * How far the cosines of embeddings of any origin can be trusted.
 *
 * @module
 */
export { auditEmbeddings } from "./audit_embeddings.ts";
export type { AuditedFile, AuditOptions } from "./audit_options.ts";
export type { AuditReport } from "./report.ts";
export type { Findings } from "./measures/measures.ts";
export { alignEmbeddings, compareEmbeddings } from "./compare/compare_embeddings.ts";
export type { CompareOptions } from "./compare/compare_embeddings.ts";
export type { ComparisonReport, ItemAgreement, Relation } from "./compare/relation.ts";
export type { Alignment, SharedDirections } from "./compare/agreement.ts";
export type { VerdictFlag } from "./measures/measures.ts";
export type { VerdictLevel } from "./verdict.ts";
export type { Suggestion } from "./verdict.ts";
export type { Threshold } from "./measures/measure.ts";
export type { Theory, Verdict } from "./verdict.ts";
export type { EmbeddingRows, RowBlock } from "./rows.ts";
export { applyCorrection } from "./fix/fit_and_apply.ts";
export { chooseCorrection } from "./fix/choose_correction.ts";
export type { ChooseOptions, CorrectionChoice } from "./fix/choose_correction.ts";
export type { Correction } from "./fix/corrections.ts";
export type { Evidence } from "./fix/choose_correction.ts";
export { fitCorrection, type FitOptions } from "./fix/fit_and_apply.ts";
export { InputError } from "../errors.ts";
export type { DeclaredTraining, FreeGroup } from "./measures/free_group.ts";
export type { RelevantPairs } from "./audit_options.ts";
export type { EmbeddingFile, OpenOptions, SideColumn } from "./formats/embedding_file.ts";
export { openEmbeddings } from "./formats/open_embeddings.ts";
export { auditHtml } from "./report_html.ts";
export { auditSummary } from "./report.ts";
