import { InputError } from "../../boundary/input_error.ts";
import type { IdPairs } from "../formats/pair_file.ts";

/** The row of each id; without ids, rows are counted from 0. */
export function idRows(
  ids: readonly (string | number)[] | undefined,
  rows: number,
): Map<string, number> {
  const index = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const id = String(ids?.[row] ?? row);
    if (index.has(id)) {
      throw new InputError(
        `the id ${JSON.stringify(id)} stands for rows ${index.get(id)} and ${row}, counted from 0`,
      );
    }
    index.set(id, row);
  }
  return index;
}

/**
 * The pairs whose ids are known.
 *
 * @param side Which ids must be items: both, or the second of users and items.
 * @throws {InputError} If there are none.
 */
export function knownPairs(
  { first, second, weights }: IdPairs,
  index: Map<string, number>,
  side: "both" | "second",
  path: string,
): { kept: number[]; note: string | null; weights: number[] } {
  const kept = weights.map((_, i) => i).filter((i) =>
    index.has(second[i]) && (side === "second" || index.has(first[i]))
  );
  if (kept.length === 0) {
    throw new InputError(
      `${path} names no item of the embeddings: their ids are like ` +
        `${JSON.stringify(index.keys().next().value)}, and the pairs' like ` +
        `${JSON.stringify(second[0] ?? "nothing")}`,
    );
  }
  const lost = weights.length - kept.length;
  return {
    kept,
    note: lost === 0
      ? null
      : `${path}: ${lost} of ${weights.length} lines name an item that is not there`,
    weights: kept.map((i) => weights[i]),
  };
}
