import type { Matrix } from "ml-matrix";
import {
  assertIdPerRow,
  assertNumberPerRow,
  assertPairs,
  type AuditOptions,
  auditOptions,
  type FullAuditOptions,
} from "./audit_options.ts";
import { type EmbeddingRows, embeddingRows } from "./rows.ts";
import { auditContext, type AuditedRows } from "./measures/build_context.ts";
import { type Findings, type Measured, MEASURES, SCHEMA } from "./measures/measures.ts";
import type { AuditReport } from "./report.ts";
import { verdictOf } from "./verdict.ts";

/**
 * Finds out what cosines of embeddings can be trusted for: what follows from how the model was
 * trained, what the vectors show, and what they cannot tell.
 *
 * Norms and duplicates are of all items. Neighbors and pairs are of a random sample, whose size and
 * error the report states. What training leaves free depends on how the model was trained: see
 * {@linkcode DeclaredTraining}. Where it is not said, the verdict says what would follow from what.
 * None of the measurements depends on the basis of the space but those of single coordinates, which
 * say so.
 *
 * @param B The embeddings, p x k, rows are items; in memory, or read block by block.
 * @param options What else is known, and how closely to look.
 * @returns The report; the same for the same seed, to the last digit.
 * @throws {TypeError} If B is neither, or an option is unknown or of the wrong kind.
 * @throws {RangeError} If B has less than two rows that are not zero or is not finite, or an option
 * is out of bounds or not of the length of B.
 *
 * @example
 * ```ts
 * import { auditEmbeddings } from "cosine-lab/audit";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const B = new Matrix(
 *   Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(i * i), Math.sin(3 * i), i % 5]),
 * );
 * const { norms, verdict } = auditEmbeddings(B, { trained: "product" });
 * assert(norms.min > 0);
 * assert.equal(verdict.level, "arbitrary");
 * ```
 */
export function auditEmbeddings(
  B: Matrix | EmbeddingRows,
  options: AuditOptions = {},
): AuditReport {
  const all = auditOptions(options);
  const rows = (name: "users" | "queries") =>
    all[name] === undefined ? null : embeddingRows("audit", name, all[name]);
  const audited = {
    items: embeddingRows("audit", "B", B),
    users: rows("users"),
    queries: rows("queries"),
  };
  const { items } = audited;
  const context = auditContext(audited, all, () => assertSides(all, audited));
  const { scan, changed, pairs } = context;
  all.onProgress?.(90, 100, "drawing conclusions");
  const measured = Object.fromEntries(
    MEASURES.map(({ key, measure }) => [key, measure(context)]),
  ) as Measured;
  const findings: Findings = {
    schema: SCHEMA,
    items: items.rows,
    dimensions: items.columns,
    zeroRows: scan.zeroRows,
    trained: all.trained,
    biases: all.biases,
    file: all.file ?? null,
    group: context.group,
    sample: { ...changed.sample, pairs: pairs.length / 2, seed: all.seed },
    contexts: context.contexts,
    ...measured,
  };
  all.onProgress?.(100, 100, "done");
  return { ...findings, verdict: verdictOf(findings) };
}

/** Throws unless what is known beside the vectors is of them. */
function assertSides(
  all: FullAuditOptions,
  { items, users, queries }: AuditedRows,
): void {
  const { labels, popularity, ids, userCounts, pairs } = all;
  const [action, p] = ["audit", items.rows];
  const least = userCounts === undefined ? -Infinity : 0;
  if (labels !== undefined) assertNumberPerRow(action, "labels", labels, p);
  if (popularity !== undefined) assertNumberPerRow(action, "popularity", popularity, p, least);
  if (ids !== undefined) assertIdPerRow(action, "ids", ids, p);
  if (userCounts !== undefined) {
    assertNumberPerRow(action, "userCounts", userCounts, users?.rows ?? 0, 0, "users");
  }
  if (queries !== null && queries.columns !== items.columns) {
    throw new RangeError(
      `Cannot audit: queries must have as many columns as the items, ${items.columns}, they have ` +
        `${queries.columns}`,
    );
  }
  if (pairs !== undefined) assertPairs(action, pairs, { queries: queries!.rows, items: p });
}
