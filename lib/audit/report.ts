import { InputTypeError } from "../errors.ts";
import { assertInteger, assertObject } from "../check.ts";
import { leftOutSentence } from "./measures/missing_rows.ts";
import { counted, percentWithin, rounded } from "./measures/measure.ts";
import { type Findings, MEASURES, numbersOf, RULES, SCHEMA } from "./measures/measures.ts";
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
  throw new InputTypeError(
    `Cannot ${action}: report must be what auditEmbeddings returns, ` +
      (schema === SCHEMA ? `it has no ${missing}` : `its schema is not ${SCHEMA}`),
  );
}

/**
 * Puts a report into some fifty lines for a terminal, the verdict first.
 *
 * @param report What {@linkcode auditEmbeddings} returns.
 * @param width How many characters a line may have, 20 to 1,000.
 * @throws {TypeError} If it is no report, or width is not a number.
 * @throws {RangeError} If width is out of bounds.
 */
export function auditSummary(report: AuditReport, width = 80): string {
  assertReport("summarize", report);
  assertInteger("summarize", "width", width, 20, 1000);
  const { verdict, sample, items, dimensions, zeroRows, trained } = report;
  const indented = (sentences: readonly string[]) =>
    sentences.length === 0 ? [] : wrapped(sentences.join(" "), width, "  ", "  ");
  const list = (sentences: readonly string[]) =>
    sentences.flatMap((sentence) => wrapped(sentence, width, "  - ", "    "));
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", title, ...lines];
  const zeros = zeroRows > 0 ? `, ${counted(zeroRows, "row")} of zeros` : "";
  const [next, ...advice] = verdict.advice;
  const numbers = numbersOf(report);
  const longest = Math.max(...numbers.map(([name]) => name.length));
  return [
    `${items} items x ${dimensions} dimensions${zeros}; ${
      trained === "unknown" ? "training not declared (--trained)" : `trained: ${trained}`
    }`,
    ...(report.file === null ? [] : wrapped(report.file.taken, width, "", "  ")),
    ...[leftOutSentence(report.file)].filter(Boolean)
      .flatMap((sentence) => wrapped(sentence, width, "", "  ")),
    "",
    `Verdict: ${verdictName(verdict)}`,
    // What is wrong comes first, with what to do about it; what the cosines come to otherwise.
    ...indented(verdict.found.length === 0 ? [verdict.conclusion] : verdict.found),
    ...(next === undefined ? [] : wrapped(`Next: ${next}`, width, "", "  ")),
    ...indented(verdict.found.length === 0 ? [] : [verdict.conclusion].filter(Boolean)),
    ...(verdict.flags.length === 0 ? [] : wrapped(
      `Flags: ${verdict.flags.map((flag) => `${flag} (${RULES[flag].means})`).join(", ")}`,
      width,
      "",
      "  ",
    )),
    ...section("Is the file whole?", list(verdict.file)),
    ...section("What follows from what you declared", list(declaredIn(report))),
    ...section("What was measured", list(verdict.measured)),
    ...section("What cannot be known", list(verdict.unknown)),
    ...section("What else to do", list(advice)),
    ...section("Corrections to try", list(verdict.corrections.map(({ reason }) => reason))),
    ...section(
      `What stays of the ${sample.neighbors} nearest neighbors by cosine ` +
        `(of ${sample.anchors} items among ${sample.items})`,
      report.neighbors.map(({ change, overlap, error }) =>
        `  ${change.padEnd(48)}${percentWithin(overlap, error).padStart(14)}`
      ),
    ),
    ...section(
      "Numbers",
      numbers.map(([name, ...values]) =>
        `  ${name.padEnd(longest)}${
          values.map((value) => (typeof value === "number" ? rounded(value) : value).padStart(9))
            .join("")
        }`
      ),
    ),
  ].join("\n");
}

/** The level, with the condition that it stands under where rows may not be the items. */
function verdictName({ level, flags }: Verdict): string {
  return flags.includes("transposed") && level !== "data-fault"
    ? `${level} (if its rows are the items)`
    : level;
}

/** What follows from the declaration; nothing does while the file itself is at fault. */
export function declaredIn({ verdict: { level, declared } }: AuditReport): string[] {
  return level === "data-fault" ? [] : declared;
}

function wrapped(text: string, width: number, first: string, rest: string): string[] {
  const lines = [first];
  // A number stays on one line with its unit.
  for (const word of text.split(/(?<!±) (?!%)/)) {
    const line = lines[lines.length - 1];
    const empty = line === first || line === rest;
    if (!empty && line.length + 1 + word.length > width) lines.push(rest + word);
    else lines[lines.length - 1] = line + (empty ? "" : " ") + word;
  }
  return lines;
}
