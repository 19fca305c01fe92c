import { InputError } from "../../io/input_error.ts";
import { shuffle } from "../../math/random.ts";
import type { EmbeddingFile } from "../formats/embedding_file.ts";
import type { IdPairs } from "../rows_by_id.ts";
import { knownPairs, type RowsById, rowsById } from "../rows_by_id.ts";

/** What is known of items, that a good similarity agrees with: one of the two. */
export type Evidence =
  | {
    /** What each item is, one number each: items of one label are similar. */
    labels: ArrayLike<number>;
  }
  | {
    /** Pairs of items, by their rows, that belong together: co-clicks, judgments. */
    pairs: {
      first: ArrayLike<number>;
      second: ArrayLike<number>;
      /** How much each pair weighs, above 0; 1 by default. */
      weights?: ArrayLike<number>;
    };
  };

/** Queries among items, and what they should find. */
export interface RetrievalTask {
  /** The rows that are searched. */
  gallery: number[];
  /** The places in the gallery of the items that are looked for neighbors of. */
  queries: number[];
  /** For each query, how much each place that it should find is worth. */
  relevant: Map<number, number>[];
}

/** How many queries each half has, at least and at most. */
const LEAST_QUERIES = 20;
const MOST_QUERIES = 1000;

/**
 * Splits evidence into two tasks, one to choose on and one to report, with no item as a query of both
 * and no pair in both.
 *
 * Items are split by lot. With labels each half searches its own items alone. With pairs both search
 * items of either half, or most pairs would be cut: a pair within a half is used both ways there, and
 * one between halves in one of them, drawn by lot, and only from that half's side.
 *
 * @param items How many there are.
 * @param gallery How many items a task searches, at least, where there are so many.
 * @param random Uniform random numbers in [0, 1).
 * @throws {RangeError} If a half has less than 20 queries.
 */
export function splitEvidence(
  evidence: Evidence,
  items: number,
  gallery: number,
  random: () => number,
): [RetrievalTask, RetrievalTask] {
  const half = Uint8Array.from({ length: items }, () => random() < 0.5 ? 0 : 1);
  const tasks = "labels" in evidence
    ? [0, 1].map((side) => labelTask(evidence.labels, half, side, gallery, random))
    : pairTasks(evidence.pairs, half, gallery, random);
  for (const { queries } of tasks) {
    if (queries.length >= LEAST_QUERIES) continue;
    throw new RangeError(
      `Cannot choose a correction: the evidence must give each half at least ${LEAST_QUERIES} items ` +
        `with one that they should find, one half has ${queries.length}`,
    );
  }
  return tasks as [RetrievalTask, RetrievalTask];
}

function labelTask(
  labels: ArrayLike<number>,
  half: Uint8Array,
  side: number,
  size: number,
  random: () => number,
): RetrievalTask {
  const own = shuffle([...half.keys()].filter((item) => half[item] === side), random);
  const gallery = own.slice(0, size).sort((a, b) => a - b);
  const places = new Map<number, number[]>();
  gallery.forEach((item, place) => {
    places.set(labels[item], [...places.get(labels[item]) ?? []]);
    places.get(labels[item])!.push(place);
  });
  const known = gallery.map((item, place) => ({ place, same: places.get(labels[item])! }))
    .filter(({ same }) => same.length > 1);
  const chosen = shuffle(known, random).slice(0, MOST_QUERIES);
  return {
    gallery,
    queries: chosen.map(({ place }) => place),
    relevant: chosen.map(({ place, same }) =>
      new Map(same.filter((other) => other !== place).map((other) => [other, 1]))
    ),
  };
}

function pairTasks(
  { first, second, weights }: Extract<Evidence, { pairs: unknown }>["pairs"],
  half: Uint8Array,
  size: number,
  random: () => number,
): RetrievalTask[] {
  const merged = new Map<number, { a: number; b: number; weight: number }>();
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [Math.min(first[i], second[i]), Math.max(first[i], second[i])];
    if (a === b) continue;
    const pair = merged.get(a * half.length + b) ?? { a, b, weight: 0 };
    pair.weight += weights?.[i] ?? 1;
    merged.set(a * half.length + b, pair);
  }
  const wanted = [new Map<number, Map<number, number>>(), new Map<number, Map<number, number>>()];
  const add = (query: number, item: number, weight: number) => {
    const own = wanted[half[query]];
    if (!own.has(query)) own.set(query, new Map());
    own.get(query)!.set(item, weight);
  };
  for (const { a, b, weight } of merged.values()) {
    const drawn = random() < 0.5;
    if (half[a] === half[b] || drawn) add(a, b, weight);
    if (half[a] === half[b] || !drawn) add(b, a, weight);
  }
  return wanted.map((own) => {
    const chosen = shuffle([...own].sort(([a], [b]) => a - b), random).slice(0, MOST_QUERIES);
    const needed = new Set(chosen.flatMap(([query, items]) => [query, ...items.keys()]));
    const others = shuffle([...half.keys()].filter((item) => !needed.has(item)), random);
    const gallery = [...needed, ...others.slice(0, Math.max(0, size - needed.size))]
      .sort((a, b) => a - b);
    const place = new Map(gallery.map((item, i) => [item, i]));
    return {
      gallery,
      queries: chosen.map(([query]) => place.get(query)!),
      relevant: chosen.map(([, items]) =>
        new Map([...items].map(([item, weight]) => [place.get(item)!, weight]))
      ),
    };
  });
}

/**
 * Pairs of items' ids as evidence.
 *
 * @param pairs The pairs.
 * @param items The items, with the ids that pairs name them by.
 * @param path What the pairs were read from.
 * @returns The pairs whose items are there, and a note on the others.
 * @throws {InputError} If an id stands for two items, or no pair is of two items.
 */
export function pairEvidence(
  pairs: IdPairs,
  items: Pick<EmbeddingFile, "ids" | "rows" | "kept">,
  path: string,
): { evidence: Evidence; note: string | null } {
  const rows = itemsById(items);
  const side = { what: "item", rows } as const;
  const { kept, note, weights } = knownPairs(pairs, [side, side], path);
  const rowsOf = (ids: readonly string[]) => kept.map((i) => rows.get(ids[i])!);
  const { first, second } = pairs;
  return { evidence: { pairs: { first: rowsOf(first), second: rowsOf(second), weights } }, note };
}

/**
 * The rows of items by their ids.
 *
 * @throws {InputError} If an id stands for two items: which of them is meant would decide.
 */
export function itemsById(
  { ids, rows, kept }: Pick<EmbeddingFile, "ids" | "rows" | "kept">,
): RowsById {
  return rowsById(ids, rows.rows, {
    kept,
    onRepeat: (sentence) => {
      throw new InputError(`${sentence}, counted from 0`);
    },
  });
}
