import type { Verdict } from "./deciding/verdict.ts";
import type { Findings } from "./findings.ts";

/** All that {@linkcode auditEmbeddings} found out, and what follows: the same as its JSON. */
export interface AuditReport extends Findings {
  verdict: Verdict;
}
