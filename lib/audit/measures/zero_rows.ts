import { counted, firstOf, type Measure, type RowList, rowList } from "./measure.ts";

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
