import pl, { type DataFrame } from "nodejs-polars";
import { checkedOptions, integer } from "../check.ts";
import { Interactions } from "../interactions/interactions.ts";
import { selectItems } from "../interactions/select.ts";
import { shipped } from "./shipped.ts";

/** Students' ratings of lecturers; what {@linkcode instEval} reads. */
export interface InstEval {
  /** X: students x the lecturers that they rated. Ids are the numbers that the data set gives. */
  interactions: Interactions;
  /**
   * One row for each lecturer, in the order of X: `lecturer`, the `department` (one of 14), and how many
   * of the ratings that count there are, as `ratings`.
   */
  lecturers: DataFrame;
}

/**
 * Reads InstEval: 73,421 ratings by 2,972 students of ETH Zurich of lectures by 1,128 lecturers, each of
 * one of 14 departments. The department is not in X.
 *
 * It is the paper's simulation in real life: items (lecturers) in clusters (departments), and users
 * (students) with preferences among them. Lecturers are sorted by department, the largest first, and
 * within one by how many ratings they have.
 *
 * @param options `threshold`, from 1 to 5: ratings of at least this many points count. @default {1, any}
 * @returns The interactions, and the lecturers. A student or lecturer with no such rating is left out.
 * @throws {TypeError} If an option is of the wrong kind or unknown.
 * @throws {RangeError} If the threshold is not an integer from 1 to 5.
 *
 * @example
 * ```ts
 * import { instEval } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { interactions } = instEval({ threshold: 4 });
 * assert.deepEqual([interactions.users, interactions.nonzeros], [2960, 32675]);
 * ```
 */
export function instEval(options: { threshold?: number } = {}): InstEval {
  const action = "read the ratings of lecturers";
  const { threshold } = checkedOptions(action, options, { threshold: integer(1, 5, 1) });
  const ratings = pl.readParquet(shipped("inst_eval.parquet")).filter(
    pl.col("rating").gtEq(pl.lit(threshold)),
  );
  const all = Interactions.fromDataFrame(ratings, { user: "student", item: "lecturer" });
  const counts = new Uint32Array(all.items);
  for (const item of all.columnIndices) counts[item]++;
  const departments = new Map(
    ratings.select("lecturer", "department").unique().rows() as [number, number][],
  );
  const sizes = new Map<number, number>();
  for (const department of departments.values()) {
    sizes.set(department, (sizes.get(department) ?? 0) + 1);
  }
  const lecturers = all.itemIds!.map((id, item) => ({
    item,
    lecturer: id as number,
    department: departments.get(id as number)!,
    ratings: counts[item],
  }));
  lecturers.sort((a, b) =>
    sizes.get(b.department)! - sizes.get(a.department)! || a.department - b.department ||
    b.ratings - a.ratings || a.lecturer - b.lecturer
  );
  return {
    interactions: selectItems(all, lecturers.map(({ item }) => item)),
    lecturers: pl.DataFrame({
      lecturer: lecturers.map(({ lecturer }) => lecturer),
      department: lecturers.map(({ department }) => department),
      ratings: lecturers.map((each) => each.ratings),
    }),
  };
}
