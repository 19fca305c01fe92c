import { type ChangeKey, decimal, type LabelAgreement, type Measure, percent } from "./measure.ts";
import { Matrix } from "ml-matrix";
import { extremeMixing } from "../../arbitrariness/extreme_mixing.ts";
import { cosineSimilarity } from "../../similarity/cosine_similarity.ts";
import { sameClusterAuc } from "../../similarity/same_cluster_auc.ts";
import { evenPlaces } from "../rows.ts";
import type { CanonicalSample } from "./canonical_sample.ts";
import type { ChangedRows } from "./neighbors.ts";

/** AUC compares all pairs: this many items have 31,000. */
const MOST_ITEMS = 250;
const EXTREME_CONDITION = 2;
/** In more dimensions the search for extremes would take longer than all the rest. */
const EXTREME_DIMENSIONS = 64;

/** Collects, change by change, how well the neighbors and cosines of a sample agree with labels. */
export class LabelCollector {
  readonly #labels: Uint32Array;
  readonly #anchors: Uint32Array;
  readonly #subset: number[];
  readonly #sums = new Map<
    ChangeKey,
    { change: string; auc: number; precision: number; draws: number }
  >();

  /**
   * @param labels The label of each row of the sample.
   * @param anchors The rows whose neighbors are looked for.
   */
  constructor(labels: Uint32Array, anchors: Uint32Array) {
    this.#labels = labels;
    this.#anchors = anchors;
    this.#subset = evenPlaces(labels.length, MOST_ITEMS);
  }

  /** Whether the labels put some pairs together and keep others apart. */
  get usable(): boolean {
    const distinct = new Set(this.#subsetLabels()).size;
    return distinct > 1 && distinct < this.#subset.length;
  }

  /** Takes in the rows after a change, and the neighbors of the anchors. */
  add(
    { key, change, values, columns, measure }: Omit<ChangedRows, "kind" | "condition">,
    neighbors: Uint32Array,
  ) {
    const rows = this.#rowsOf(values, columns);
    const s = measure === "dot" ? rows.mmul(rows.transpose()) : cosineSimilarity(rows);
    const auc = sameClusterAuc(s, this.#subsetLabels());
    const count = neighbors.length / this.#anchors.length;
    let same = 0;
    neighbors.forEach((neighbor, at) => {
      const anchor = this.#anchors[Math.floor(at / count)];
      if (this.#labels[neighbor] === this.#labels[anchor]) same++;
    });
    const sum = this.#sums.get(key) ?? { change, auc: 0, precision: 0, draws: 0 };
    sum.auc += auc;
    sum.precision += same / neighbors.length;
    sum.draws++;
    this.#sums.set(key, sum);
  }

  /** What was collected, draws of one name averaged; and the search for the extremes. */
  finish({ values, rank }: CanonicalSample, free: boolean, seed: string): LabelAgreement {
    return {
      classes: new Set(this.#labels).size,
      items: this.#subset.length,
      chance: this.#chance(),
      changes: Array.from(this.#sums, ([key, { change, auc, precision, draws }]) => ({
        key,
        change,
        auc: auc / draws,
        precision: precision / draws,
      })),
      extremes: free && rank > 1 && rank <= EXTREME_DIMENSIONS
        ? this.#extremes(this.#rowsOf(values, rank), seed)
        : null,
    };
  }

  #extremes(B: Matrix, seed: string): LabelAgreement["extremes"] {
    const options = { condition: EXTREME_CONDITION, starts: 1, steps: 40, seed };
    const extreme = (goal: "best" | "worst") =>
      extremeMixing({ A: B, B }, this.#subsetLabels(), { ...options, goal }).value;
    return { condition: EXTREME_CONDITION, worst: extreme("worst"), best: extreme("best") };
  }

  #chance(): number {
    const counts = new Map<number, number>();
    for (const label of this.#labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    const m = this.#labels.length;
    return [...counts.values()].reduce((sum, n) => sum + n * (n - 1), 0) / (m * (m - 1));
  }

  #subsetLabels(): number[] {
    return this.#subset.map((row) => this.#labels[row]);
  }

  #rowsOf(values: Float64Array, k: number): Matrix {
    const rows = new Matrix(this.#subset.length, k);
    this.#subset.forEach((row, i) => rows.setRow(i, values.subarray(row * k, (row + 1) * k)));
    return rows;
  }
}

/** Agreement with labels; null without. */
export const labelsMeasure: Measure<"labels", LabelAgreement | null> = {
  key: "labels",
  section: "vectors",
  measure: ({ changed }) => changed.labels,
  sentences(labels) {
    if (labels === null) return [];
    const { changes, extremes, chance } = labels;
    const bounds = extremes === null
      ? ""
      : ` Among models whose axes are stretched up to ${extremes.condition} times, a search found ` +
        `${decimal(extremes.worst, 3)} and ${decimal(extremes.best, 3)}.`;
    return [
      `Against the labels, cosines have an AUC of ${decimal(changes[0].auc, 3)}, and ` +
      `${
        percent(changes[0].precision)
      } of the nearest neighbors have the item's own label (chance ` +
      `${percent(chance)}).${bounds}`,
    ];
  },
};
