import { Matrix } from "ml-matrix";
import { describe } from "../../check.ts";
import { InputError, InputRangeError } from "../../errors.ts";
import { multiply } from "../../linalg/matrices.ts";

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

/**
 * What corrections are fitted on: moments of vectors of k numbers, in some coordinates. `fitCorrection`
 * computes them of a drawn part of all rows, and {@linkcode CORRECTIONS} as the audit shows them
 * (`corrections` in measures/changes.ts) of its sample.
 */
export interface Moments {
  mean: Float64Array;
  /** The variance of each coordinate. */
  coordinateVariances(): ArrayLike<number>;
  /** Orthonormal directions as rows, and the variance along each, descending. */
  principal(): { axes: readonly Float64Array[]; variances: ArrayLike<number> };
  /** T, k x r, so that the rows of BT are the canonical items of an exponent; where there are users. */
  canonical?(exponent: number): Matrix;
}

/** What a correction does to a row once its mean is subtracted: one of these, or nothing. */
export interface Fitted {
  mean?: Float64Array;
  /** What each coordinate is multiplied by. */
  scale?: number[];
  /** Orthonormal directions that are taken out. */
  removed?: readonly Float64Array[];
  /** Orthonormal directions, and what is multiplied along each. */
  stretched?: { axes: readonly Float64Array[]; factors: number[] };
  matrix?: Matrix;
  shrinkage?: number;
}

/** The corrections that there are, without their parameters. */
type Key = "as-is" | "center" | "remove-top" | "z-scores" | "whitening" | "canonical";

/** Everything that the audit and `audit fix` know of a correction. */
interface CorrectionRule {
  /** Its name, without its parameter. */
  key: Key;
  /** What it does, for the manual. */
  says: string;
  /** The number that its name ends in. */
  parameter?: {
    letter: string;
    range: string;
    pattern: RegExp;
    /** Those that are tried on vectors of so many dimensions. */
    tried(dimensions: number): number[];
  };
  /** Whether it takes the users of the model. */
  users?: true;
  /** Whether it takes clearly more rows than dimensions. */
  spectral?: true;
  /** Whether it depends on the coordinates, and not on dot products alone. */
  coordinates?: true;
  /** With which parameters the audit shows it, what it calls it, and why to try it. */
  shown: readonly { parameter?: number; title: string; why?: string }[];
  /** The finding that is a reason to try it: rogue coordinates, a shared direction, or a free M. */
  suggested?: "rogue" | "shared" | "free";
  /** Why it cannot be fitted. */
  refusal?(moments: Moments, parameter: number): string | undefined;
  fit(moments: Moments, parameter: number): Fitted;
}

/**
 * The corrections, the simplest first: of equals, the first is chosen. A new one is a {@linkcode Key}, an
 * entry here, and a line in the manual. Where it takes a moment that {@linkcode Moments} does not have, both
 * places that compute them need it; where {@linkcode Fitted} cannot express it, so do `matrixOf` here,
 * by which `fix` applies it, and `corrected` in measures/changes.ts, by which the audit does.
 */
export const CORRECTIONS: readonly CorrectionRule[] = [
  { key: "as-is", says: "nothing", shown: [], fit: () => ({}) },
  {
    key: "center",
    says: "subtracts the mean vector",
    shown: [{ title: "mean removed", why: "takes out what all vectors share" }],
    suggested: "shared",
    fit: ({ mean }) => ({ mean }),
  },
  {
    key: "remove-top",
    says:
      "subtracts the mean vector and removes the R directions of largest variance; 1, 2, 3, 5, 10 and " +
      "20 are tried, up to a quarter of all",
    parameter: {
      letter: "R",
      range: "R directions",
      pattern: /^[1-9]\d{0,4}$/,
      tried: (k) =>
        [1, 2, 3, 5, 10, 20].filter((r) => r <= Math.max(1, Math.floor(k / 4)) && r < k),
    },
    shown: [
      {
        parameter: 1,
        title: "mean and top direction removed",
        why: "also takes out their strongest direction, which often is frequency",
      },
      {
        parameter: 3,
        title: "mean and top 3 directions removed",
        why: "takes out the three strongest (all-but-the-top)",
      },
    ],
    suggested: "shared",
    refusal: ({ mean: { length: k } }, directions) =>
      directions < k
        ? undefined
        : `of ${k} directions at most ${k - 1} can be removed, not ${directions}`,
    fit: ({ mean, principal }, directions) => ({
      mean,
      removed: principal().axes.slice(0, directions),
    }),
  },
  {
    key: "z-scores",
    says: "gives each coordinate mean 0 and variance 1",
    coordinates: true,
    shown: [{
      title: "z-scores of the coordinates",
      why: "lets the other coordinates count as much",
    }],
    suggested: "rogue",
    fit: ({ mean, coordinateVariances }) => ({
      mean,
      scale: Array.from(
        coordinateVariances(),
        (variance, c) => zScoreScale(mean[c], variance),
      ),
    }),
  },
  {
    key: "whitening",
    says:
      "gives each direction variance 1; variances more than a million to one apart are drawn towards " +
      "their mean",
    spectral: true,
    shown: [{ title: "whitened" }],
    refusal: ({ principal }) =>
      principal().variances[0] > 0 ? undefined : "all items have the same vector",
    fit({ mean, principal }) {
      const { axes, variances } = principal();
      const { factors, shrinkage } = whiteningFactors(variances);
      return { mean, stretched: { axes, factors }, shrinkage };
    },
  },
  {
    key: "canonical",
    says:
      "V Σ̂ᴬ, which no M changes; A = 0 is whitening about the origin, 0.5 the even split, 1 the " +
      "original space; needs users",
    parameter: {
      letter: "A",
      range: "A between 0 and 1",
      pattern: /^(0|1|0?\.\d{1,6}|[01]\.0+)$/,
      tried: () => [0, 0.25, 0.5, 0.75, 1],
    },
    users: true,
    shown: [{
      parameter: 1,
      title: "compared by their predictions",
      why: "is the same in every equally good model",
    }],
    suggested: "free",
    refusal: ({ canonical }) =>
      canonical === undefined ? "the canonical spectrum takes users or interactions" : undefined,
    fit: ({ canonical }, exponent) => ({ matrix: canonical!(exponent) }),
  },
];

/** The name of a correction, its parameter included. */
export type CorrectionName = Key | `${Key}-${number}`;

const named = ({ key, parameter }: CorrectionRule) =>
  parameter === undefined ? key : `${key}-${parameter.letter} (${parameter.range})`;

/** The corrections for the manual: name, and what it does. */
export function correctionRows(): [name: string, says: string][] {
  return CORRECTIONS.map(({ key, parameter, says }) => [
    parameter === undefined ? key : `${key}-${parameter.letter}`,
    says,
  ]);
}

/** The names of corrections, as an error lists them. */
export const CORRECTION_NAMES = [false, true].map((users) =>
  CORRECTIONS.filter((rule) => (rule.users ?? false) === users).map(named).join(", ")
).join(" and, with users, ");

/** The name of a correction; NaN where it has no parameter. */
export function correctionName(key: Key, parameter = NaN): CorrectionName {
  return Number.isNaN(parameter) ? key : `${key}-${parameter}`;
}

/** Reads the name of a correction. */
export function parseCorrection(name: string): { rule: CorrectionRule; parameter: number } {
  for (const rule of CORRECTIONS) {
    if (rule.parameter === undefined && name === rule.key) return { rule, parameter: NaN };
    const value = String(name).slice(rule.key.length + 1);
    if (name === `${rule.key}-${value}` && rule.parameter?.pattern.test(value)) {
      return { rule, parameter: Number(value) };
    }
  }
  throw new InputRangeError(
    `Cannot fit a correction: there is none called ${describe(name)}, there are ` +
      CORRECTION_NAMES,
  );
}

/** The names of the corrections that are tried. */
export function correctionsToTry(dimensions: number, withUsers: boolean): string[] {
  return CORRECTIONS.filter(({ users }) => withUsers || !users).flatMap(({ key, parameter }) =>
    parameter === undefined
      ? [key]
      : parameter.tried(dimensions).map((value) => correctionName(key, value))
  );
}

/** What multiplies the row, as a matrix; null where nothing does. */
export function matrixOf({ removed, stretched, matrix }: Fitted): Matrix | null {
  if (removed !== undefined) {
    const top = rowMatrix(removed);
    return Matrix.sub(Matrix.eye(top.columns), multiply(top.transpose(), top));
  }
  if (stretched !== undefined) {
    const axes = rowMatrix(stretched.axes);
    return multiply(axes.transpose().mulRowVector(stretched.factors), axes);
  }
  return matrix ?? null;
}

const rowMatrix = (rows: readonly Float64Array[]) => new Matrix(rows as Float64Array[]);

/** Takes what transform.json holds for a correction. */
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
 */
function whiteningFactors(
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
function zScoreScale(mean: number, variance: number): number {
  return variance > (1e-9 * mean) ** 2 ? 1 / Math.sqrt(variance) : 0;
}
