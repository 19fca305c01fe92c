import { log } from "../../math/elementary.ts";
import { anchorNeighbors, sharedNeighbors } from "../neighbor_search.ts";
import { pairProducts } from "../rows.ts";
import {
  type ChangeKey,
  type Measure,
  type NeighborChange,
  type NeighborExample,
  percentWithin,
  type Threshold,
} from "./measure.ts";

/** The rows of a sample after a change. */
export interface ChangedRows {
  key: ChangeKey;
  change: string;
  kind: NeighborChange["kind"];
  condition: number | null;
  values: Float64Array;
  columns: number;
  measure: "cosine" | "dot";
  /** The nearest of the anchors, where they are known. */
  neighbors?: Uint32Array;
}

/** What the rows after a change are compared with. */
interface NeighborReference {
  /** The rows whose neighbors are looked for, and their nearest by cosine before any change. */
  anchors: Uint32Array;
  reference: Uint32Array;
  /** Random pairs of rows, one after the other. */
  pairs: Uint32Array;
}

/** Compares the neighbors after each change with those by cosine; draws of one name are averaged. */
export function neighborChanges(
  changes: Iterable<ChangedRows>,
  { anchors, reference, pairs }: NeighborReference,
  each: (changed: ChangedRows, neighbors: Uint32Array) => void,
): NeighborChange[] {
  const count = reference.length / anchors.length;
  const found = new Map<ChangeKey, NeighborChange & { draws: number }>();
  for (const changed of changes) {
    const { key, change, kind, condition, values, columns, measure } = changed;
    const neighbors = changed.neighbors ??
      anchorNeighbors(values, columns, anchors, count, measure);
    each(changed, neighbors);
    const { value, error } = sharedNeighbors(reference, neighbors, count);
    const known = found.get(key);
    if (known === undefined) {
      const meanCosine = measure === "dot" ? null : meanOfPairs(values, columns, pairs);
      found.set(key, { key, change, kind, condition, overlap: value, error, meanCosine, draws: 1 });
    } else {
      known.draws++;
      known.overlap += (value - known.overlap) / known.draws;
      // The anchors are the same in all draws: averaging draws does not make them more.
      known.error += (error - known.error) / known.draws;
    }
  }
  return [...found.values()].map(({ draws: _, ...change }) => change);
}

function meanOfPairs(values: Float64Array, columns: number, pairs: Uint32Array): number {
  const { cosines } = pairProducts({ values, columns }, pairs);
  return cosines.reduce((a, b) => a + b) / cosines.length;
}

/**
 * The random members of the free group that stretch axes about as far as given; null where nothing
 * is free.
 */
export function memberAt(
  { neighbors }: { neighbors: NeighborChange[] },
  condition: number,
): NeighborChange | null {
  const distance = ({ condition: other }: NeighborChange) => Math.abs(log(other! / condition));
  const members = neighbors.filter(({ key, condition }) => key === `stretched-${condition}`);
  return members.length === 0 ? null : members.reduce((a, b) => distance(b) < distance(a) ? b : a);
}

/** From this share on, what is free is small in practice. */
export const STABLE: Threshold = {
  name: "neighbors count as stable where random stretches up to 2 times keep at least this share",
  value: 0.95,
  source: "our choice: at most one neighbor in twenty",
};

/** What is left of the nearest neighbors by cosine after each change. */
export const neighborsMeasure: Measure<"neighbors", NeighborChange[]> = {
  key: "neighbors",
  section: "vectors",
  measure: ({ changed }) => changed.neighbors,
  thresholds: [STABLE],
  sentences(neighbors) {
    const mild = memberAt({ neighbors }, 2), strong = memberAt({ neighbors }, 10);
    if (mild === null || strong === null) return [];
    return [
      `Equally good models whose axes are stretched at random up to ${mild.condition} times keep ` +
      `${percentWithin(mild.overlap, mild.error)} of the nearest neighbors` +
      (strong === mild
        ? "."
        : `, those up to ${strong.condition} times ${
          percentWithin(strong.overlap, strong.error)
        }.`),
    ];
  },
};

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
