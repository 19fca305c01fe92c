import type { Matrix } from "ml-matrix";
import { assertFinite } from "../check/assert_finite.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";

/**
 * Throws unless `s` is a finite square matrix of at least two rows.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param name The name of the matrix, as the caller knows it.
 * @param s The similarity matrix to check.
 */
export function assertSimilarity(action: string, name: string, s: Matrix): void {
  assertFinite(action, name, s);
  if (s.rows !== s.columns || s.rows < 2) {
    throw new RangeError(
      `Cannot ${action}: ${name} must be square with at least 2 rows, its shape is ${s.rows} x ${s.columns}`,
    );
  }
}

/** Throws unless there is a label, a finite number, for each of the items. */
export function assertLabels(action: string, labels: ArrayLike<number>, items: number): void {
  if (typeof labels?.length !== "number") {
    throw new TypeError(`Cannot ${action}: labels must be an array with a number for each item`);
  }
  if (labels.length !== items) {
    throw new RangeError(
      `Cannot ${action}: there must be a label for each of the ${items} items, there are ${labels.length}`,
    );
  }
  for (let i = 0; i < items; i++) {
    assertNumber(action, `the label of item ${i}`, labels[i]);
  }
}

/** Throws unless each of the items has k others to be its neighbors. */
export function assertNeighbors(action: string, k: number, items: number): void {
  assertInteger(action, "k", k, 1, items - 1);
}

/** Throws unless `s` and `t` are similarity matrices of as many items. */
export function assertSameShape(action: string, s: Matrix, t: Matrix): void {
  assertSimilarity(action, "s", s);
  assertSimilarity(action, "t", t);
  if (s.rows !== t.rows) {
    throw new RangeError(
      `Cannot ${action}: s and t must be of the same items, they are ${s.rows} x ${s.rows} and ` +
        `${t.rows} x ${t.rows}`,
    );
  }
}
