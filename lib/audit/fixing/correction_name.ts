import { describe } from "../../check.ts";

/** The kinds of correction, and their parameter. */
export type CorrectionKind =
  | { kind: "as-is" | "center" | "z-scores" | "whitening" }
  | { kind: "remove-top"; directions: number }
  | { kind: "canonical"; exponent: number };

/** The names of corrections, as an error lists them. */
export const CORRECTION_NAMES =
  "as-is, center, remove-top-R (R directions), z-scores, whitening and, with users, canonical-A (A " +
  "between 0 and 1)";

/** The exponents of the canonical spectrum that are tried. */
export const EXPONENTS = [0, 0.25, 0.5, 0.75, 1];

/** How many top directions are removed, of those that make sense for so many dimensions. */
const DIRECTIONS = [1, 2, 3, 5, 10, 20];

/**
 * Reads the name of a correction.
 *
 * @throws {RangeError} If there is none of that name.
 *
 * @example
 * ```ts
 * import { parseCorrection } from "./correction_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseCorrection("remove-top-3"), { kind: "remove-top", directions: 3 });
 * assert.deepEqual(parseCorrection("canonical-0.5"), { kind: "canonical", exponent: 0.5 });
 * ```
 */
export function parseCorrection(name: string): CorrectionKind {
  if (name === "as-is" || name === "center" || name === "z-scores" || name === "whitening") {
    return { kind: name };
  }
  const directions = /^remove-top-([1-9]\d{0,4})$/.exec(name)?.[1];
  if (directions !== undefined) return { kind: "remove-top", directions: Number(directions) };
  const exponent = /^canonical-(0|1|0?\.\d{1,6}|[01]\.0+)$/.exec(name)?.[1];
  if (exponent !== undefined) return { kind: "canonical", exponent: Number(exponent) };
  throw new RangeError(
    `Cannot fit a correction: there is none called ${describe(name)}, there are ` +
      CORRECTION_NAMES,
  );
}

/** The corrections that are tried, the simplest first: of equals, the first is chosen. */
export function correctionsToTry(dimensions: number, withUsers: boolean): string[] {
  const most = Math.max(1, Math.floor(dimensions / 4));
  return [
    "as-is",
    "center",
    ...DIRECTIONS.filter((r) => r <= most && r < dimensions).map((r) => `remove-top-${r}`),
    "z-scores",
    "whitening",
    ...(withUsers ? EXPONENTS.map((exponent) => `canonical-${exponent}`) : []),
  ];
}
