import { assertObject } from "../check.ts";
import { type Findings, MEASURES, SCHEMA } from "./measures/measures.ts";
import type { Verdict } from "./verdict.ts";

/** All that {@linkcode auditEmbeddings} found out, and what follows: the same as its JSON. */
export interface AuditReport extends Findings {
  verdict: Verdict;
}

/** What a report has beside what measures found. */
const PARTS = [
  "items",
  "dimensions",
  "zeroRows",
  "trained",
  "biases",
  "file",
  "group",
  "sample",
  "contexts",
  "verdict",
];

/** Throws unless `report` is one that auditEmbeddings made: a whole one, of this version. */
export function assertReport(action: string, report: unknown): asserts report is AuditReport {
  assertObject(action, "report", report);
  const { schema } = report as AuditReport;
  const missing = [...PARTS, ...MEASURES.map(({ key }) => key)]
    .find((part) => !(part in report));
  if (schema === SCHEMA && missing === undefined) return;
  throw new TypeError(
    `Cannot ${action}: report must be what auditEmbeddings returns, ` +
      (schema === SCHEMA ? `it has no ${missing}` : `its schema is not ${SCHEMA}`),
  );
}
