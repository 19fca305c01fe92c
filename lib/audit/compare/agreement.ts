import { rowArrays, rowProducts } from "../../linalg/matrices.ts";
import { columnsOf, dot, nearestByCosine, unitRow } from "../neighbor_search.ts";

/** How far two sets of vectors agree, without any map between them. */
export interface Agreement {
  nearInA: Uint32Array[];
  nearInB: Uint32Array[];
  /** The share of the nearest neighbors that both agree on, anchor by anchor. */
  overlaps: Float64Array;
  /** The root mean square difference of cosines. */
  cosineDifference: number;
  cka: number;
}

/** How many pairs of items cosines are compared on. */
const PAIRS = 20_000;

type Rows = readonly Float64Array[];

/** Compares neighbors and cosines. */
export function agreement(
  { a, b }: { a: Rows; b: Rows },
  anchors: Uint32Array,
  neighbors: number,
  random: () => number,
  onProgress: (share: number) => void,
): Agreement {
  const nearest = (rows: Rows, from: number) =>
    nearestByCosine(
      rows,
      anchors,
      neighbors,
      (done) => onProgress(from + 0.5 * done / anchors.length),
    );
  const nearInA = nearest(a, 0), nearInB = nearest(b, 0.5);
  return {
    nearInA,
    nearInB,
    overlaps: overlapsOf(nearInA, nearInB),
    cosineDifference: cosineDifference(a.map(unitRow), b.map(unitRow), random),
    cka: linearCka(a, b),
  };
}

/**
 * The same once every item of B got the vector of the next: what unrelated embeddings give. Neighbors
 * are not looked for again, only called by the names of the items before them.
 */
export function shiftedAgreement(
  { a, b }: { a: Rows; b: Rows },
  { nearInA, nearInB }: Pick<Agreement, "nearInA" | "nearInB">,
  random: () => number,
): { overlap: number; cosineDifference: number; cka: number } {
  const moved = shifted(b);
  const before = nearInB.slice(1).map((near) => near.map((j) => (j + b.length - 1) % b.length));
  const overlaps = overlapsOf(nearInA.slice(0, before.length), before);
  return {
    overlap: overlaps.reduce((sum, value) => sum + value, 0) / overlaps.length,
    cosineDifference: cosineDifference(a.map(unitRow), moved.map(unitRow), random),
    cka: linearCka(a, moved),
  };
}

/** Every item gets the vector of the next; in random order, any shift is as good as another. */
export function shifted<T>(rows: readonly T[]): T[] {
  return [...rows.slice(1), rows[0]];
}

/** The share of each list that is in the other, too. */
function overlapsOf(
  lists: readonly Uint32Array[],
  others: readonly Uint32Array[],
): Float64Array {
  return Float64Array.from(lists, (list, i) => {
    const other = new Set(others[i]);
    return list.filter((item) => other.has(item)).length / list.length;
  });
}

function cosineDifference(a: Rows, b: Rows, random: () => number): number {
  let squares = 0;
  for (let pair = 0; pair < PAIRS; pair++) {
    const i = Math.floor(random() * a.length);
    const j = (i + 1 + Math.floor(random() * (a.length - 1))) % a.length;
    squares += (dot(a[i], a[j]) - dot(b[i], b[j])) ** 2;
  }
  return Math.sqrt(squares / PAIRS);
}

/**
 * Linear centered kernel alignment of two sets of embeddings (Kornblith, Norouzi, Lee and Hinton,
 * Similarity of neural network representations revisited, 2019): ‖AᵀB‖² / (‖AᵀA‖ ‖BᵀB‖) of centered
 * columns.
 *
 * 1 where one is the other, rotated and scaled; no rotation changes it, but an M does. Where there
 * are not many more items than dimensions it is high for unrelated embeddings, too: look at its
 * floor.
 *
 * @param a The rows of A.
 * @param b The rows of B, the same items.
 * @param center Whether to center the columns; uncentered, it is 1 only where no translation is needed.
 * @returns A number between 0 and 1; 0 where one side is constant.
 */
export function linearCka(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  center = true,
): number {
  const [left, right] = [a, b].map((rows) => {
    const columns = columnsOf(rows);
    return center ? columns.map(centered) : columns;
  });
  const [cross, ofA, ofB] = a.length < Math.min(left.length, right.length)
    ? normsByItems(left, right)
    : [norm(left, right), norm(left), norm(right)];
  return ofA > 0 && ofB > 0 ? Math.min(1, cross / ofA * (cross / ofB)) : 0;
}

function centered(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, entry) => sum + entry, 0) / column.length;
  return column.map((entry) => entry - mean);
}

/** ‖AᵀB‖ of matrices that are given by their columns. */
function norm(a: Float64Array[], b?: Float64Array[]): number {
  let sum = 0;
  for (const row of rowArrays(rowProducts(a, b))) for (const entry of row) sum += entry * entry;
  return Math.sqrt(sum);
}

/**
 * ‖AᵀB‖, ‖AᵀA‖ and ‖BᵀB‖ of fewer rows than columns: ‖AᵀB‖² = ⟨AAᵀ, BBᵀ⟩, which takes items x items in
 * place of dimensions x dimensions.
 */
function normsByItems(a: Float64Array[], b: Float64Array[]): number[] {
  const [left, right] = [a, b].map((columns) => rowArrays(rowProducts(columnsOf(columns))));
  return [inner(left, right), inner(left, left), inner(right, right)]
    .map((square) => Math.sqrt(Math.max(0, square)));
}

function inner(left: Float64Array[], right: Float64Array[]): number {
  let sum = 0;
  left.forEach((row, i) => {
    for (let j = 0; j < row.length; j++) sum += row[j] * right[i][j];
  });
  return sum;
}
