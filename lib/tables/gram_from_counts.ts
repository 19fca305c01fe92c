import { Matrix } from "ml-matrix";
import { assertKnown, assertString } from "../check.ts";
import { assertPaths } from "./assert_paths.ts";
import { assertRoom } from "./assert_room.ts";
import type { GramData } from "../interactions/moments.ts";
import { countColumns } from "./gram_query.ts";
import type { Id } from "../interactions/ids.ts";
import { readTable } from "./read_table.ts";

/** The columns of a table of counts. */
export interface CountColumns {
  /** One item of a pair. @default {"item_a"} */
  first?: string;
  /** The other item. @default {"item_b"} */
  second?: string;
  /** How many users had both, or the sum of the products of their values. @default {"total"} */
  total?: string;
}

const INTEGER = /^U?Int\d+$/, NUMERIC = /^(U?Int\d+|Float\d+|Decimal)$/;

/** One number for each pair of items, in some order. */
interface Counts {
  first: Id[];
  second: Id[];
  totals: number[];
}

/**
 * Reads the Gram matrix G = XᵀX that {@linkcode gramQuery} computed: a table of item, item and
 * count, in CSV or Parquet.
 *
 * A pair may be there in one order or in both; pairs that are not there count 0. Items are the ids
 * in ascending order. Upper and lower case of the columns' names are the same where no name is as it is
 * asked for.
 *
 * @param paths The file, or the files that a warehouse wrote in its place.
 * @param columns The names of the columns; those of the query by default.
 * @returns G and the ids of the items; `svdOfGram(gram)` goes on from there.
 * @throws {TypeError} If paths are not strings, counts are not numbers, or an option is unknown.
 * @throws {RangeError} If there is no such file or column, it is empty, an id or a count is missing, a
 * count is not finite or an integer that a number cannot hold, an item is not there with itself or
 * has a negative count, a pair is there twice or with two counts, or
 * there is no room for p x p numbers.
 *
 * @example
 * ```ts
 * import { gramFromCounts } from "cosine-lab/tables";
 * import assert from "node:assert/strict";
 *
 * const path = Deno.makeTempFileSync({ suffix: ".csv" });
 * Deno.writeTextFileSync(path, "item_a,item_b,total\ncake,cake,3\ncake,tea,2\ntea,tea,5\n");
 * const { gram, itemIds } = gramFromCounts(path);
 * assert.deepEqual([itemIds, gram.to2DArray()], [["cake", "tea"], [[3, 2], [2, 5]]]);
 * Deno.removeSync(path);
 * ```
 */
export function gramFromCounts(
  paths: string | readonly string[],
  columns: CountColumns = {},
): GramData {
  assertPaths("read counts", paths);
  assertKnown("read counts", columns, Object.keys(countColumns));
  const names = { ...countColumns, ...columns };
  Object.entries(names).forEach(([key, name]) => assertString("read counts", key, name));
  const { first, second, totals } = read([paths].flat(), names);
  const itemIds = [...new Set([...first, ...second])].sort((a, b) => a < b ? -1 : 1);
  const position = new Map(itemIds.map((id, i) => [id, i]));
  assertRoom("read counts", itemIds.length);
  const gram = new Matrix(itemIds.length, itemIds.length).fill(NaN);
  totals.forEach((total, row) => {
    const [i, j] = [position.get(first[row])!, position.get(second[row])!];
    if (!Number.isNaN(gram.get(i, j))) throw contradiction([first[row], second[row]]);
    gram.set(i, j, total);
  });
  complete(gram, itemIds);
  return { gram, itemIds };
}

/** Fills in what is there in the other order, or not at all. */
function complete(gram: Matrix, ids: readonly Id[]): void {
  for (let i = 0; i < gram.rows; i++) {
    if (Number.isNaN(gram.get(i, i))) {
      throw new RangeError(
        `Cannot read counts: every item must have a count with itself, ${ids[i]} has none`,
      );
    }
    if (gram.get(i, i) < 0) {
      throw new RangeError(
        "Cannot read counts: the count of an item with itself is a sum of squares, that of " +
          `${ids[i]} is ${gram.get(i, i)}`,
      );
    }
    for (let j = 0; j < i; j++) {
      const [below, above] = [gram.get(i, j), gram.get(j, i)];
      const known = Number.isNaN(below) ? above : below;
      if (known !== above && !Number.isNaN(above)) throw contradiction([ids[j], ids[i]]);
      gram.set(i, j, Number.isNaN(known) ? 0 : known);
      gram.set(j, i, gram.get(i, j));
    }
  }
}

function contradiction(pair: readonly Id[]): RangeError {
  return new RangeError(
    `Cannot read counts: a pair of items must have one count, (${pair.join(", ")}) has two`,
  );
}

/** Reads the files one after another. */
function read(paths: readonly string[], names: Required<CountColumns>): Counts {
  const counts: Counts = { first: [], second: [], totals: [] };
  for (const path of paths) {
    const df = readTable(path, {
      ids: [names.first, names.second],
      value: names.total,
      action: "read counts",
      anyCase: true,
    });
    const column = df.getColumn(names.total);
    if (!NUMERIC.test(column.dtype.variant)) {
      throw new TypeError(
        `Cannot read counts: counts must be numbers, "${names.total}" of ${path} is of type ` +
          column.dtype.variant,
      );
    }
    const totals = column.toArray();
    const columns = [names.first, names.second].map((name) => df.getColumn(name).toArray());
    for (let row = 0; row < totals.length; row++) {
      const [first, second] = columns.map((column) => column[row]);
      const total = totals[row] === null ? NaN : Number(totals[row]);
      const exact = !INTEGER.test(column.dtype.variant) || Number.isSafeInteger(total);
      if (first === null || second === null || !Number.isFinite(total) || !exact) {
        throw new RangeError(
          `Cannot read counts: two items and a finite count, exact as a number, must be in each row, row ${row} of ` +
            `${path} has ${first}, ${second} and ${totals[row]}`,
        );
      }
      counts.first.push(first);
      counts.second.push(second);
      counts.totals.push(total);
    }
  }
  if (counts.totals.length === 0) {
    throw new RangeError(`Cannot read counts: there is none in ${paths.join(", ")}`);
  }
  return oneType(counts);
}

/** In one CSV file all ids may look like integers, and in the next not: then all are strings. */
function oneType(counts: Counts): Counts {
  const ids = [...counts.first, ...counts.second];
  if (ids.every((id) => typeof id === typeof ids[0])) return counts;
  return { ...counts, first: counts.first.map(String), second: counts.second.map(String) };
}
