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

/** How a report begins, for the text and for the page. */
interface ReportOpening {
  /** What the file holds, and what was taken for what. */
  read: string[];
  /** The level in plain words. */
  title: string;
  /** What is wrong; what the cosines come to where nothing is. */
  found: string[];
  /** What to do about it; empty where nothing is to be done. */
  next: string;
  /** What the cosines come to, where something is wrong. */
  conclusion: string;
  flags: { name: string; means: string }[];
}

/** How a report begins: what was read, what is wrong, what to do, and what the cosines come to. */
export function openingOf(report: AuditReport): ReportOpening {
  const { items, dimensions, zeroRows, trained, file, verdict } = report;
  const { title, found, conclusion, advice, flags } = verdict;
  const size = [
    `${counted(items, "item")} x ${counted(dimensions, "dimension")}`,
    ...zeroRows > 0 ? [`${counted(zeroRows, "row")} of zeros`] : [],
    ...trained === "unknown" ? [] : [`trained: ${trained}`],
  ];
  return {
    read: [size.join(", "), file?.taken ?? "", leftOutSentence(file)].filter(Boolean),
    title,
    found: found.length > 0 ? found : [conclusion],
    next: advice[0] ?? "",
    conclusion: found.length > 0 ? conclusion : "",
    flags: flags.map((name) => ({ name, means: RULES[name].means })),
  };
}

/** The parts of a report below its opening. */
type SectionKey =
  | "file"
  | "advice"
  | "corrections"
  | "measured"
  | "declared"
  | "unknown"
  | "neighbors"
  | "numbers"
  | "labels"
  | "examples"
  | "method";

/** What each is called, and the sentences that it has; the others are drawn. */
interface Section {
  key: SectionKey;
  title: string;
  sentences?(verdict: Verdict): readonly string[];
}

/**
 * The order of every report: what is wrong, what to do, what was measured, then theory. While the file
 * itself is at fault, no correction mends it, and nothing follows from how it was trained.
 */
const SECTIONS: readonly Section[] = [
  { key: "file", title: "Is the file whole?", sentences: ({ file }) => file },
  { key: "advice", title: "What else to do", sentences: ({ advice }) => advice.slice(1) },
  {
    key: "corrections",
    title: "Corrections to try",
    sentences: ({ level, corrections }) =>
      level === "data-fault" ? [] : corrections.map(({ reason }) => reason),
  },
  { key: "measured", title: "What was measured", sentences: ({ measured }) => measured },
  {
    key: "declared",
    title: "What follows from how it was trained",
    sentences: ({ level, declared }) => level === "data-fault" ? [] : declared,
  },
  { key: "unknown", title: "What cannot be known", sentences: ({ unknown }) => unknown },
  { key: "neighbors", title: "What stays of the nearest neighbors by cosine" },
  { key: "numbers", title: "Numbers" },
  { key: "labels", title: "Agreement with the labels" },
  { key: "examples", title: "Neighbors of three items" },
  { key: "method", title: "How it was measured" },
];

/**
 * The sections of a report, in the one order that text and page have; those without content are left
 * out.
 *
 * @param list Puts sentences into a list.
 * @param drawn What is shown in place of sentences; null where there is nothing to show.
 */
export function sectionsOf<Content>(
  report: AuditReport,
  list: (sentences: readonly string[]) => Content,
  drawn: Partial<Record<SectionKey, (report: AuditReport) => Content | null>>,
): { title: string; content: Content }[] {
  return SECTIONS.flatMap(({ key, title, sentences }) => {
    const said = sentences?.(report.verdict) ?? [];
    const draw = drawn[key];
    const content = draw !== undefined ? draw(report) : said.length > 0 ? list(said) : null;
    return content === null ? [] : [{ title, content }];
  });
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
  const { read, title, found, next, conclusion, flags } = openingOf(report);
  const paragraph = (text: string) => text === "" ? [] : wrapped(text, width, "", "  ");
  const list = (sentences: readonly string[]) =>
    sentences.flatMap((sentence) => wrapped(sentence, width, "  - ", "    "));
  const sections = sectionsOf(report, list, { neighbors: neighborLines, numbers: numberLines });
  return [
    ...read.flatMap(paragraph),
    "",
    ...paragraph(`Verdict: ${title}`),
    ...wrapped(found.join(" "), width, "  ", "  "),
    ...paragraph(next && `Next: ${next}`),
    ...paragraph(conclusion && `Apart from that: ${conclusion}`),
    ...paragraph(
      `For scripts: level ${report.verdict.level}${flags.length === 0 ? "" : "; flags "}${
        flags.map(({ name, means }) => `${name} (${means})`).join(", ")
      }`,
    ),
    ...sections.flatMap(({ title, content }) => ["", title, ...content]),
  ].join("\n");
}

function neighborLines({ neighbors, sample }: AuditReport): string[] {
  return [
    `  the ${sample.neighbors} nearest of ${sample.anchors} items, among ${sample.items}, after`,
    ...neighbors.map(({ change, overlap, error }) =>
      `  ${change.padEnd(48)}${percentWithin(overlap, error).padStart(14)}`
    ),
  ];
}

function numberLines(report: AuditReport): string[] {
  const numbers = numbersOf(report);
  const longest = Math.max(...numbers.map(([name]) => name.length));
  return numbers.map(([name, ...values]) => {
    const shown = values.map((value) => typeof value === "number" ? rounded(value) : value);
    return `  ${name.padEnd(longest)}${shown.map((value) => value.padStart(9)).join("")}`;
  });
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
