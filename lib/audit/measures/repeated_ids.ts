import { counted, firstOf, type Measure, type RowList, rowList } from "./measure.ts";

/** Ids that several rows have. */
export const repeatedIdsMeasure: Measure<"repeatedIds", RowList | null, "repeated-ids"> = {
  key: "repeatedIds",
  section: "file",
  measure(context) {
    const { ids } = context.options;
    if (ids === undefined) return null;
    const seen = new Set<string>();
    const repeated: number[] = [];
    ids.forEach((id, row) => {
      if (seen.has(String(id))) repeated.push(row);
      else seen.add(String(id));
    });
    return rowList(context, repeated);
  },
  flags: {
    "repeated-ids": {
      kind: "note",
      means: "several rows have one id",
      raised: (found) => found !== null && found.count > 0,
      advice: () =>
        "Make ids unique, or give each item one row: a lookup by id finds only one of several.",
    },
  },
  sentences: (found) =>
    found === null || found.count === 0 ? [] : [
      `${counted(found.count, "row has", "rows have")} the id of an earlier row (${
        firstOf(found)
      }).`,
    ],
};
