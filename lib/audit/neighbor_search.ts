import type { Matrix } from "ml-matrix";
import { rowArrays, rowProducts } from "../linalg/matrices.ts";

/** How many rows are compared with all others at once. */
const BLOCK = 256;

/**
 * Finds the nearest neighbors of some rows among all rows by cosine. Of equal similarities the row
 * with the lower index comes first; a row of zeros has cosine 0 to all.
 */
export function nearestByCosine(
  rows: readonly Float64Array[],
  anchors: ArrayLike<number>,
  count: number,
  onBlock?: (done: number) => void,
): Uint32Array[] {
  const unit = rows.map(unitRow);
  const found: Uint32Array[] = [];
  for (let start = 0; start < anchors.length; start += BLOCK) {
    const block = Array.from(anchors).slice(start, start + BLOCK);
    const queries = block.map((anchor) => unit[anchor]);
    const nearest = nearestRows(queries, unit, count, "dot", (query) => block[query]);
    for (const i of block.keys()) found.push(nearest.slice(i * count, (i + 1) * count));
    onBlock?.(found.length);
  }
  return found;
}

/** The row at length 1; zeros stay zeros. Scaled first, so that no square overflows. */
export function unitRow(row: Float64Array): Float64Array {
  let most = 0;
  for (const entry of row) most = Math.max(most, Math.abs(entry));
  if (most === 0) return new Float64Array(row.length);
  let squares = 0;
  for (const entry of row) squares += (entry / most) ** 2;
  const length = Math.sqrt(squares);
  return row.map((entry) => entry / most / length);
}

/**
 * Finds the nearest neighbors of some rows among all rows, by cosine or dot product. Of equal
 * similarities the row with the lower index comes first.
 */
export function anchorNeighbors(
  values: Float64Array,
  k: number,
  anchors: Uint32Array,
  count: number,
  measure: "cosine" | "dot",
): Uint32Array {
  const rows = rowsOf(values, k);
  const self = (a: number) => anchors[a];
  return nearestRows(Array.from(anchors, (anchor) => rows[anchor]), rows, count, measure, self);
}

/**
 * {@linkcode anchorNeighbors} by cosine and by dot product at once, which takes no longer than one.
 *
 * @param products The dot products of all rows with all rows, where they are known.
 */
export function neighborsByBoth(
  values: Float64Array,
  k: number,
  anchors: Uint32Array,
  count: number,
  products: readonly Float64Array[] | null,
): Record<"cosine" | "dot", Uint32Array> {
  const rows = rowsOf(values, k);
  const queries = Array.from(anchors, (anchor) => rows[anchor]);
  const self = (a: number) => anchors[a];
  const cosine = new NearestSearch(queries, count, "cosine", self);
  const dot = new NearestSearch(queries, count, "dot", self);
  for (let start = 0; start < rows.length; start += CHUNK) {
    const part = rows.slice(start, start + CHUNK);
    const known = products === null
      ? rowArrays(piecewiseProducts(queries, part))
      : Array.from(anchors, (anchor) => products[anchor].subarray(start, start + CHUNK));
    cosine.addProducts(known, part, start);
    dot.addProducts(known, part, start);
  }
  return { cosine: cosine.nearest, dot: dot.nearest };
}

/**
 * Finds the rows nearest to each of some queries.
 *
 * @param queries At least one.
 * @param rows Where to look, of the same length.
 * @param count How many to find, at most as many as there are rows.
 * @param measure What to compare by. A row of zeros has cosine 0.
 * @param excluded The row that a query must not find, −1 for none.
 * @returns The nearest of each query, nearest first; of equals the lower row first.
 */
export function nearestRows(
  queries: readonly Float64Array[],
  rows: readonly Float64Array[],
  count: number,
  measure: "cosine" | "dot",
  excluded: (query: number) => number = () => -1,
): Uint32Array {
  const search = new NearestSearch(queries, count, measure, excluded);
  for (let start = 0; start < rows.length; start += CHUNK) {
    search.add(rows.slice(start, start + CHUNK), start);
  }
  return search.nearest;
}

/** A search for {@linkcode nearestRows} that is given the rows piece by piece. */
export class NearestSearch {
  /** The nearest rows so far: queries x count. */
  readonly nearest: Uint32Array;
  /** How similar they are; by cosine up to the query's own norm: queries x count. */
  readonly best: Float64Array;
  readonly #found: Uint32Array;

  constructor(
    readonly queries: readonly Float64Array[],
    readonly count: number,
    readonly measure: "cosine" | "dot",
    readonly excluded: (query: number) => number = () => -1,
  ) {
    this.nearest = new Uint32Array(queries.length * count);
    this.best = new Float64Array(queries.length * count);
    this.#found = new Uint32Array(queries.length);
  }

  /** Looks through more rows; the first of them is row `start` of all. */
  add(rows: readonly Float64Array[], start: number): void {
    this.addProducts(rowArrays(piecewiseProducts(this.queries, rows)), rows, start);
  }

  /** The same where the products of the queries and the rows are known: queries x rows. */
  addProducts(
    known: readonly Float64Array[],
    rows: readonly Float64Array[],
    start: number,
  ): void {
    const { count, nearest } = this;
    const best = this.best, found = this.#found;
    const inverse = this.measure === "dot" ? null : rows.map(inverseNorm);
    known.forEach((products, q) => {
      const to = q * count, own = this.excluded(q) - start;
      for (let j = 0; j < products.length; j++) {
        // The query's own norm does not change the order.
        const similarity = inverse === null ? products[j] : products[j] * inverse[j];
        if (found[q] === count && similarity <= best[to + count - 1] || j === own) continue;
        let place = to + (found[q] < count ? found[q]++ : count - 1);
        for (; place > to && best[place - 1] < similarity; place--) {
          best[place] = best[place - 1];
          nearest[place] = nearest[place - 1];
        }
        best[place] = similarity;
        nearest[place] = start + j;
      }
    });
  }
}

/** Rows that are multiplied at once: they stay in the cache of the processor. */
export const CHUNK = 256;

/** The rows of an array of numbers, without copying them. */
export function rowsOf(values: Float64Array, k: number): Float64Array[] {
  return Array.from({ length: values.length / k }, (_, i) => values.subarray(i * k, (i + 1) * k));
}

/** The columns of rows, as arrays. */
export function columnsOf(rows: readonly Float64Array[]): Float64Array[] {
  const columns = Array.from(rows[0], () => new Float64Array(rows.length));
  rows.forEach((row, i) => {
    for (let c = 0; c < row.length; c++) columns[c][i] = row[c];
  });
  return columns;
}

/** The dot product of two rows. */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < x.length; c++) sum += x[c] * y[c];
  return sum;
}

/** 1/‖x‖, and 0 for a row of zeros. */
export function inverseNorm(row: Float64Array): number {
  const squares = dot(row, row);
  return squares > 0 ? 1 / Math.sqrt(squares) : 0;
}

/** The cosine of two rows; 0 where one is zero. */
export function cosine(x: Float64Array, y: Float64Array): number {
  return dot(x, y) * inverseNorm(x) * inverseNorm(y);
}

/** A share, and the standard error of its estimate. */
export interface Estimate {
  value: number;
  error: number;
}

/** The mean share of the neighbors that two lists have in common, over the anchors. */
export function sharedNeighbors(a: Uint32Array, b: Uint32Array, count: number): Estimate {
  const shares: number[] = [];
  for (let start = 0; start < a.length; start += count) {
    const set = new Set(a.subarray(start, start + count));
    let common = 0;
    for (let at = start; at < start + count; at++) if (set.has(b[at])) common++;
    shares.push(common / count);
  }
  return estimate(shares);
}

/** The mean of values, and its standard error. */
export function estimate(values: readonly number[]): Estimate {
  const value = values.reduce((x, y) => x + y) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / Math.max(1, values.length - 1) / values.length) };
}

/** How many entries of a row are multiplied at once: what is in use stays in the processor's cache. */
const PIECE = 512;

/** {@linkcode rowProducts} of long rows, piece by piece: two to four times as fast as in one. */
export function piecewiseProducts(
  e: readonly Float64Array[],
  f?: readonly Float64Array[],
): Matrix {
  const k = e[0].length;
  if (k <= PIECE) return rowProducts(e, f);
  let sum: Matrix | undefined;
  for (let from = 0; from < k; from += PIECE) {
    const piece = (rows: readonly Float64Array[]) =>
      rows.map((row) => row.subarray(from, from + PIECE));
    const part = rowProducts(piece(e), f && piece(f));
    if (sum === undefined) {
      sum = part;
      continue;
    }
    const added = rowArrays(part);
    rowArrays(sum).forEach((row, i) => {
      const more = added[i];
      for (let j = 0; j < row.length; j++) row[j] += more[j];
    });
  }
  return sum!;
}
