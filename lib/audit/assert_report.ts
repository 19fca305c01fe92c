import { assertObject } from "../check.ts";
import type { AuditReport } from "./audit_report.ts";
import { SCHEMA } from "./findings.ts";

const PARTS = [
  ...["items", "dimensions", "zeroRows", "trained", "group", "sample", "norms", "duplicates"],
  ...["quantization", "noise", "dotCosineCorrelation", "anisotropy", "isoScoreRange"],
  ...["rogueCoordinates", "hubness", "neighbors", "attainable", "examples", "labels"],
  ...["popularity", "users", "contexts", "queries", "verdict"],
] as (keyof AuditReport)[];

/** Throws unless `report` is one that auditEmbeddings made: a whole one, of this version. */
export function assertReport(action: string, report: unknown): asserts report is AuditReport {
  assertObject(action, "report", report);
  const { schema } = report as AuditReport;
  const missing = PARTS.find((part) => !(part in report));
  if (schema === SCHEMA && missing === undefined) return;
  throw new TypeError(
    `Cannot ${action}: report must be what auditEmbeddings returns, ` +
      (schema === SCHEMA ? `it has no ${missing}` : `its schema is not ${SCHEMA}`),
  );
}
