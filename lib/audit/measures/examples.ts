import type { ChangeKey, NeighborExample } from "./context.ts";
import type { Measure } from "./measure.ts";

/** How many neighbors to show of each. */
const SHOWN = 5;

/** Collects the neighbors of three of the anchors: at the top, in the middle and at the end. */
export class ExampleCollector {
  readonly #examples: NeighborExample[];
  readonly #places: number[];
  readonly #name: (row: number) => string | number;

  /**
   * @param anchors Rows of the sample.
   * @param size What orders them, for each row of the sample: popularity or norm.
   * @param what The name of that order: "popular" or "long".
   * @param name The id of a row of the sample.
   */
  constructor(
    anchors: Uint32Array,
    size: (row: number) => number,
    what: string,
    name: (row: number) => string | number,
  ) {
    const order = Array.from(anchors.keys()).sort((a, b) =>
      size(anchors[b]) - size(anchors[a]) || a - b
    );
    this.#places = [order[0], order[order.length >> 1], order[order.length - 1]];
    this.#name = name;
    this.#examples = this.#places.map((place, i) => ({
      item: name(anchors[place]),
      choice: [`most ${what}`, `median`, `least ${what}`][i],
      lists: [],
    }));
  }

  /** Takes in the neighbors after a change, once for each name of a change. */
  add(
    { key, change }: { key: ChangeKey; change: string },
    neighbors: Uint32Array,
    count: number,
  ): void {
    this.#examples.forEach(({ lists }, i) => {
      if (lists.some((list) => list.key === key)) return;
      const start = this.#places[i] * count;
      const shown = neighbors.subarray(start, start + Math.min(SHOWN, count));
      lists.push({ key, change, neighbors: Array.from(shown, this.#name) });
    });
  }

  finish(): NeighborExample[] {
    return this.#examples;
  }
}

/** The nearest neighbors of three items under each similarity. */
export const examplesMeasure: Measure<"examples", NeighborExample[]> = {
  key: "examples",
  section: "vectors",
  measure: ({ changed }) => changed.examples,
};
