import { InputError } from "../../io/input_error.ts";
import { describe } from "../../check.ts";

/**
 * What is done to every vector x: ((x − mean) ∘ scale) · matrix + offset, made as long as 1 if asked for.
 */
export interface Correction {
  /** The version of this schema. */
  version: 1;
  /** Its name, as {@linkcode parseCorrection} reads it. */
  correction: string;
  /** k, the length of the vectors that it takes. */
  dimensions: number;
  /** What is subtracted, k numbers; null for nothing. */
  mean: number[] | null;
  /** What each coordinate is multiplied by then, k numbers; null for 1. */
  scale: number[] | null;
  /** What the row is multiplied by then, k x m, row by row; null for the identity. */
  matrix: number[][] | null;
  /** What is added then, as many numbers as the result has; null, or left out, for nothing. */
  offset?: number[] | null;
  /** Whether the result is divided by its length. */
  normalize: boolean;
  /**
   * For whitening, the share s of Σ + s(t·I − Σ), t the mean variance, that makes an ill-conditioned
   * covariance Σ invertible; null for other corrections.
   */
  shrinkage: number | null;
  /** How many items the second moments were computed on. */
  fittedOn: number;
}

/** What is wrong with a value that should be a {@linkcode Correction}; undefined where nothing is. */
export function correctionFault(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return "it must be an object";
  }
  const { version, correction, dimensions: k, mean, scale, matrix, offset, normalize } =
    value as Record<
      string,
      unknown
    >;
  if (version !== 1) return `version must be 1, it is ${describe(version)}`;
  if (typeof correction !== "string") return "correction must be a text";
  if (!Number.isSafeInteger(k) || (k as number) < 1) {
    return "dimensions must be an integer of at least 1";
  }
  if (typeof normalize !== "boolean") return "normalize must be true or false";
  for (const [part, list] of Object.entries({ mean, scale })) {
    if (list !== null && !isVector(list, k as number)) {
      return `${part} must be null or ${k} numbers`;
    }
  }
  const width = Array.isArray(matrix) && Array.isArray(matrix[0]) ? matrix[0].length : 0;
  const fits = Array.isArray(matrix) && matrix.length === k && width > 0 &&
    matrix.every((row) => isVector(row, width));
  if (matrix !== null && !fits) return `matrix must be null or ${k} rows of numbers`;
  const columns = fits ? width : k as number;
  return offset === undefined || offset === null || isVector(offset, columns)
    ? undefined
    : `offset must be null or ${columns} numbers`;
}

function isVector(list: unknown, length: number): boolean {
  return Array.isArray(list) && list.length === length && list.every((x) => Number.isFinite(x));
}

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
const EXPONENTS = [0, 0.25, 0.5, 0.75, 1];

/** How many top directions are removed, of those that make sense for so many dimensions. */
const DIRECTIONS = [1, 2, 3, 5, 10, 20];

/**
 * Reads the name of a correction.
 *
 * @throws {RangeError} If there is none of that name.
 *
 * @example
 * ```ts
 * import { parseCorrection } from "./correction.ts";
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

/**
 * Takes what transform.json holds for a correction.
 *
 * @param json What was parsed.
 * @param name How to name it in an error.
 * @throws {InputError} If it is of another version, or its parts do not fit each other.
 */
export function parseTransform(json: unknown, name: string): Correction {
  const fault = correctionFault(json);
  if (fault !== undefined) throw new InputError(`${name} is no transform of audit fix: ${fault}`);
  return json as Correction;
}

/** The largest ratio of variances that whitening levels: beyond it, directions are rounding or noise. */
const LARGEST_CONDITION = 1e6;

/**
 * What whitening multiplies each principal axis by: 1/√variance, up to a factor that leaves equal
 * variances as they are. Variances that are further apart are shrunk towards their mean t, to
 * (1 − s)·variance + s·t, by the least share s that keeps their ratio at 1e6.
 *
 * @param variances Along the axes, descending, with a mean above 0.
 * @returns The factors, and s.
 *
 * @example
 * ```ts
 * import { whiteningFactors } from "./correction.ts";
 * import assert from "node:assert/strict";
 *
 * const { factors, shrinkage } = whiteningFactors([16, 4]);
 * assert.deepEqual([factors[1] / factors[0], shrinkage], [2, 0]);
 * ```
 */
export function whiteningFactors(
  variances: ArrayLike<number>,
): { factors: number[]; shrinkage: number } {
  const all = Array.from(variances, (variance) => Math.max(0, variance));
  const mean = all.reduce((sum, variance) => sum + variance, 0) / all.length;
  const [most, least] = [all[0], all[all.length - 1]];
  // (1 − s)·most + s·mean = condition · ((1 − s)·least + s·mean)
  const excess = most - LARGEST_CONDITION * least;
  const shrinkage = excess <= 0 ? 0 : excess / (excess + (LARGEST_CONDITION - 1) * mean);
  const factors = all.map((variance) =>
    Math.sqrt(mean / ((1 - shrinkage) * variance + shrinkage * mean))
  );
  return { factors, shrinkage };
}

/** What z-scores multiply a coordinate by; 0 where it is constant but for rounding. */
export function zScoreScale(mean: number, variance: number): number {
  return variance > (1e-9 * mean) ** 2 ? 1 / Math.sqrt(variance) : 0;
}
