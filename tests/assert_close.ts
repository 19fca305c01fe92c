import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";

/**
 * Fails unless two numbers, lists or matrices have one shape and differ nowhere by more than the
 * tolerance.
 */
export function assertClose(
  actual: number | ArrayLike<number> | Matrix,
  expected: number | ArrayLike<number> | Matrix,
  tolerance = 1e-10,
  name = "",
): void {
  const [a, b] = [entries(actual), entries(expected)];
  assert.equal(a.length, b.length, "shapes differ");
  a.forEach((value, i) => {
    // Written so that NaN fails.
    if (!(Math.abs(value - b[i]) <= tolerance)) {
      assert.fail(`${name} entry ${i} is ${value}, expected ${b[i]} within ${tolerance}`);
    }
  });
}

function entries(x: number | ArrayLike<number> | Matrix): number[] {
  if (typeof x === "number") return [x];
  return Matrix.isMatrix(x) ? x.to1DArray() : Array.from(x as ArrayLike<number>);
}
