import type { AuditedFile } from "../audit_options.ts";
import {
  counted,
  firstOf,
  type Integer,
  type Measure,
  percent,
  type RowList,
  rowList,
} from "./measure.ts";

/** Records without a usable vector, and signs that numbers were too large for how they were stored. */
interface LeftOutRecords {
  /** How many records of the file were left out. */
  count: Integer;
  /** How many of them hold infinite numbers in half precision, whose largest is 65,504. */
  overflow: Integer;
}

/** From this share on the records that were left out put the others in question. */
const MANY = 0.1;

/** What the reasons for leaving a record out are called. */
const REASONS: Record<AuditedFile["leftOut"][number]["reason"], string> = {
  missing: "without a vector",
  "not-finite": "with NaN or infinite numbers",
  "not-a-number": "with something that is no number",
  "wrong-length": "of another length",
  "duplicate-id": "whose id repeats an earlier row's, which was kept",
  "failed-request": "of requests that failed",
  "not-json": "that are no JSON",
};

/** Says what was left out of the file; empty where nothing was. */
export function leftOutSentence(file: AuditedFile | null): string {
  if (file === null || file.leftOut.length === 0) return "";
  const parts = file.leftOut.map(({ reason, count, rows, ids }) => {
    const named = ids.length > 0 ? ids.map((id) => `"${id}"`) : rows;
    const what = `${ids.length > 0 ? "id" : "row"}${count === 1 ? "" : "s"}`;
    const more = `${what} ${[...named.slice(0, 3), ...count > 3 ? ["…"] : []].join(", ")}`;
    const instead = reason === "duplicate-id" ? "; `--ids` names another column as the ids" : "";
    return `${count.toLocaleString("en")} ${REASONS[reason]} (${more}${instead})`;
  });
  return `Left out of ${counted(file.records, "record")}: ${parts.join("; ")}.`;
}

/** Records that were left out while reading. */
export const leftOutMeasure: Measure<
  "leftOut",
  LeftOutRecords,
  "left-out" | "float16-overflow"
> = {
  key: "leftOut",
  section: "file",
  measure({ options: { file } }) {
    const records = file?.leftOut ?? [];
    const of = (reason: string) =>
      records.filter((left) => left.reason === reason).reduce((sum, { count }) => sum + count, 0);
    return {
      count: records.reduce((sum, { count }) => sum + count, 0),
      overflow: file?.dtype === "float16" ? of("not-finite") : 0,
    };
  },
  flags: {
    "left-out": {
      kind: "serious",
      means: "many records could not be used",
      holdsAnyway: true,
      when: `${percent(MANY)} of the records of the file were left out`,
      raised: ({ count }, { file }) => file !== null && count >= MANY * file.records && count > 0,
      headline: ({ count }, { file }) =>
        `${
          percent(count / file!.records)
        } of the records could not be used: what follows is of the ` +
        "others.",
      advice: () =>
        "Find out why so many records have no usable vector, or whether something else was taken for " +
        "the vectors: `--vectors` and `--columns` name them.",
    },
    "float16-overflow": {
      kind: "serious",
      means: "numbers too large for float16",
      holdsAnyway: true,
      when: "rows of a float16 file hold infinite numbers or NaN, and were left out",
      raised: ({ overflow }) => overflow > 0,
      headline: ({ overflow }) =>
        `${counted(overflow, "row")} of this float16 file ${
          overflow === 1 ? "holds" : "hold"
        } infinite numbers or NaN and ${
          overflow === 1 ? "was" : "were"
        } left out: the largest float16 is 65,504.`,
      advice: () => "Save the vectors as float32, or scale them before they are stored as float16.",
    },
  },
};

/** Rows of zeros: padding, or items of which no word was known. */
export const zeroRowsMeasure: Measure<"zeros", RowList, "zero-rows"> = {
  key: "zeros",
  section: "file",
  measure(context) {
    const { norms } = context.scan;
    const zero: number[] = [];
    norms.forEach((norm, row) => {
      if (norm === 0) zero.push(row);
    });
    return rowList(context, zero);
  },
  flags: {
    "zero-rows": {
      kind: "serious",
      means: "rows of zeros",
      holdsAnyway: true,
      when: "rows are zero",
      raised: ({ count }) => count > 0,
      headline: (zeros, { items }) =>
        `${counted(zeros.count, "row")} of ${items.toLocaleString("en")} ${
          zeros.count === 1 ? "is" : "are"
        } zero (${firstOf(zeros)}): their cosine is undefined, and they are skipped in what ` +
        "follows.",
      advice: () =>
        "Find out why rows are zero (padding, or items for which the model knew nothing), and drop " +
        "them or embed them again.",
    },
  },
};
