import { assertNumbers, describe, type LowerBound } from "../check.ts";

/** Throws unless there is one value in an array for each of so many rows. */
export function assertPerRow(
  action: string,
  name: string,
  values: unknown,
  rows: number,
  of = "items",
): asserts values is ArrayLike<unknown> {
  if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && "length" in values)) {
    throw new TypeError(
      `Cannot ${action}: ${name} must be an array, current value is ${describe(values)}`,
    );
  }
  const { length } = values as ArrayLike<unknown>;
  if (length === rows) return;
  throw new RangeError(
    `Cannot ${action}: ${name} must have an entry for each of the ${rows} ${of}, there are ${length}`,
  );
}

/** Throws unless there is a finite number for each row, of at least `least`. */
export function assertNumberPerRow(
  action: string,
  name: string,
  values: unknown,
  rows: number,
  least: LowerBound = -Infinity,
  of = "items",
): void {
  assertPerRow(action, name, values, rows, of);
  assertNumbers(action, name, values, least);
}

/** Throws unless there is a string or a finite number for each row. */
export function assertIdPerRow(action: string, name: string, ids: unknown, rows: number): void {
  assertPerRow(action, name, ids, rows);
  for (let row = 0; row < rows; row++) {
    if (typeof ids[row] === "string" || Number.isFinite(ids[row])) continue;
    throw new TypeError(
      `Cannot ${action}: ${name} must be strings or finite numbers, entry ${row} is ` +
        describe(ids[row]),
    );
  }
}
