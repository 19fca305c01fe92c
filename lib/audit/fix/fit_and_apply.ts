import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { anything, checkedOptions, flag } from "../../check.ts";
import { InputRangeError, InputTypeError } from "../../errors.ts";
import { multiply, rowArrays, rowProducts } from "../../linalg/matrices.ts";
import { gramRoot, symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import { hypot, power } from "../../math/elementary.ts";
import { canonicalItems } from "../../remedies/canonical_items.ts";
import { assertScale, SEARCH } from "../audit_options.ts";
import { columnsOf, unitRow } from "../neighbor_search.ts";
import {
  drawWithoutReplacement,
  type EmbeddingRows,
  embeddingRows,
  rowsAt,
  scanRows,
} from "../rows.ts";
import { labelNumbers } from "../side_values.ts";
import {
  type Correction,
  correctionFault,
  matrixOf,
  type Moments,
  parseCorrection,
} from "./corrections.ts";

/** Options for {@linkcode fitCorrection}. */
export interface FitOptions {
  /** The other side of the model, users x k, which the canonical spectrum takes. */
  users?: Matrix | EmbeddingRows;
  /** Whether corrected vectors are made as long as 1. @default {false} */
  normalize?: boolean;
  /** The seed of the items that second moments are computed on. @default {"cosine-lab"} */
  seed?: string;
}

/**
 * Fits a correction of embeddings, without any evidence that it helps: {@linkcode chooseCorrection}
 * looks for that.
 *
 * The names are `as-is`, `center`, `remove-top-R` ("all-but-the-top", Mu and Viswanath, 2018),
 * `z-scores`, `whitening` and `canonical-A` (see `canonicalItems` in `cosine-lab/remedies`); the manual,
 * docs/audit.md, says what each of them does.
 *
 * @param items Embeddings, a row for each item.
 * @param correction Its name.
 * @param options The users' embeddings, for `canonical-A`; whether to normalize; the seed.
 * @returns The correction, a plain object, which JSON keeps as it is.
 * @throws {TypeError} If an option is of the wrong kind or unknown.
 * @throws {RangeError} If there is no such correction, an entry is not finite, vectors are too long or
 * too short for their squares, or users are missing or of other dimensions.
 *
 * @example
 * ```ts
 * import { applyCorrection, fitCorrection } from "cosine-lab/audit";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const items = new Matrix([[5, 1], [7, 1], [6, 4]]);
 * const centered = applyCorrection(fitCorrection(items, "center"), items);
 * assert.deepEqual(centered.to2DArray(), [[-1, -1], [1, -1], [0, 2]]);
 * ```
 */
export function fitCorrection(
  items: Matrix | EmbeddingRows,
  correction: string,
  options: FitOptions = {},
): Correction {
  return correctionFitter(items, options)(correction);
}

/** What is computed once for all corrections of the same items. */
export function correctionFitter(
  items: Matrix | EmbeddingRows,
  options: FitOptions,
): (name: string) => Correction {
  const action = "fit a correction";
  const { users, normalize, seed } = checkedOptions(action, options, {
    users: anything<FitOptions["users"]>(),
    normalize: flag(false),
    seed: SEARCH.seed,
  });
  const rows = embeddingRows(action, "items", items);
  const ofUsers = users === undefined ? undefined : embeddingRows(action, "users", users);
  assertScale("items", scanRows("items", rows).norms);
  if (ofUsers !== undefined && ofUsers.columns !== rows.columns) {
    throw new InputRangeError(
      `Cannot ${action}: users must have as many columns as items, they have ` +
        `${ofUsers.columns} and ${rows.columns}`,
    );
  }
  const moments = rowMoments(rows, seed);
  const { mean, covariance } = moments;
  const once = <T>(make: () => T) => {
    let made: T | undefined;
    return () => made ??= make();
  };
  const canonical = ofUsers && once(() => {
    assertScale("users", scanRows("users", ofUsers).norms);
    return canonicalMap(moments.second, rowMoments(ofUsers, seed).second);
  });
  const fittedOn: Moments = {
    mean,
    coordinateVariances: () => covariance.diag(),
    principal: once(() => {
      const { values, vectors } = symmetricEigen(covariance);
      return { axes: rowArrays(vectors.transpose()), variances: values };
    }),
    canonical: canonical && ((exponent) => canonical()(exponent)),
  };
  return (name) => {
    const { rule, parameter } = parseCorrection(name);
    const refusal = rule.refusal?.(fittedOn, parameter);
    if (refusal !== undefined) throw new InputRangeError(`Cannot ${action}: ${refusal}`);
    const fitted = rule.fit(fittedOn, parameter);
    return {
      version: 1,
      correction: name,
      dimensions: rows.columns,
      mean: fitted.mean === undefined ? null : [...fitted.mean],
      scale: fitted.scale ?? null,
      matrix: matrixOf(fitted)?.to2DArray() ?? null,
      normalize,
      shrinkage: fitted.shrinkage ?? null,
      fittedOn: moments.rows,
    };
  };
}

/** Directions below this share of the largest are rounding. */
const NEGLIGIBLE = 1e-13;

const ALL_ZERO = "Cannot fit a correction: all dot products of users and items are 0";

/**
 * Computes T, so that the rows of BT are {@linkcode canonicalItems}, V Σ̂ᵃ, from second moments alone:
 * whatever the number of items and users, it takes k x k numbers.
 *
 * @param items BᵀB, k x k, up to a factor.
 * @param users PᵀP, k x k, up to a factor.
 * @returns A function of the exponent a that gives T, k x r.
 */
function canonicalMap(items: Matrix, users: Matrix): (exponent: number) => Matrix {
  const B = gramRoot(items, NEGLIGIBLE), P = gramRoot(users, NEGLIGIBLE);
  if (B === null || P === null) throw new InputRangeError(ALL_ZERO);
  // Lᵀ has the second moments of B, and W takes it to the rows of B.
  const original = canonicalItems(B.root.transpose(), P.root.transpose(), { exponent: 1 });
  const T = multiply(B.inverse, original);
  const sizes = original.transpose().to2DArray().map((column) => hypot(column));
  const kept = sizes.filter((size) => size > 0).length;
  if (kept === 0) throw new InputRangeError(ALL_ZERO);
  return (exponent) =>
    T.subMatrixColumn(Array.from({ length: kept }, (_, j) => j))
      .mulRowVector(sizes.slice(0, kept).map((size) => power(size / sizes[0], exponent) / size));
}

/** The first two moments of rows. */
interface RowMoments {
  /** The mean of all rows. */
  mean: Float64Array;
  /** The mean of (x − mean)(x − mean)ᵀ over the rows that were used, k x k. */
  covariance: Matrix;
  /** The mean of xxᵀ. */
  second: Matrix;
  /** How many rows were used. */
  rows: number;
}

/** How many rows second moments are computed on, at most; more where there are many dimensions. */
const ROWS = 20_000;
const ROWS_PER_DIMENSION = 20;

/**
 * Computes the mean of all rows, and second moments of random ones: of n rows, they are off by a share
 * of about √(k/n).
 */
function rowMoments(source: EmbeddingRows, seed: string): RowMoments {
  const { columns } = source;
  const mean = new Float64Array(columns);
  for (const { values } of source.blocks()) {
    for (let at = 0; at < values.length;) {
      for (let c = 0; c < columns; c++, at++) mean[c] += values[at] / source.rows;
    }
  }
  const size = Math.max(ROWS, ROWS_PER_DIMENSION * columns);
  const drawn = drawWithoutReplacement(source.rows, size, seedrandom.alea(`${seed} moments`));
  const rows = rowsAt(source, drawn);
  for (const row of rows) for (let c = 0; c < columns; c++) row[c] -= mean[c];
  const covariance = rowProducts(columnsOf(rows)).div(rows.length);
  const second = Matrix.add(
    covariance,
    Matrix.columnVector(mean).mmul(Matrix.rowVector(mean)),
  );
  return { mean, covariance, second, rows: rows.length };
}

/** Interactions of users with items. */
interface UserItems {
  /** What each user is called, once for each interaction. */
  users: readonly string[];
  /** The row of the item. */
  items: ArrayLike<number>;
  weights: ArrayLike<number>;
}

/**
 * Computes users' embeddings where a model's own are not at hand: those whose dot products with the
 * items come closest to the users' interactions, P = XB(BᵀB)⁻¹. They are to P M⁻ᵀ what B is to BM, so
 * that the canonical spectrum they lead to is the same for every invertible M.
 */
export function foldInUsers(
  items: EmbeddingRows,
  { users, items: ofUsers, weights }: UserItems,
  seed: string,
): Matrix {
  const { columns: k } = items;
  const rowOf = labelNumbers(users);
  const sums = new Matrix(rowOf.reduce((most, row) => Math.max(most, row + 1), 0), k);
  const totals = rowArrays(sums);
  const order = Uint32Array.from(users, (_, i) => i).sort((i, j) => ofUsers[i] - ofUsers[j]);
  let next = 0;
  for (const { start, rows, values } of items.blocks()) {
    for (; next < order.length && ofUsers[order[next]] < start + rows; next++) {
      const at = (ofUsers[order[next]] - start) * k;
      const total = totals[rowOf[order[next]]];
      for (let c = 0; c < k; c++) total[c] += weights[order[next]] * values[at + c];
    }
  }
  const w = gramRoot(rowMoments(items, seed).second, NEGLIGIBLE)?.inverse;
  if (w === undefined) throw new InputRangeError("Cannot fold in users: all items are zero");
  return rowProducts(totals, rowArrays(multiply(w, w.transpose()))).div(items.rows);
}

/**
 * Applies a correction to embeddings: those that it was fitted on, new items of the same model, or
 * queries that are compared with items by cosine and come from the same encoder. The users of a
 * factor model are none of these: what scores them is their dot product with items as they were.
 *
 * @param correction What {@linkcode fitCorrection} or {@linkcode chooseCorrection} returned.
 * @param items A row for each item.
 * @returns The corrected rows: a matrix of a matrix; of rows that are read in blocks, such rows, which
 * are corrected as they are read.
 * @throws {TypeError} If it is no correction, or items are of another kind.
 * @throws {RangeError} If an entry is not finite, or the items have other dimensions than it was fitted on.
 *
 * @example
 * ```ts
 * import { applyCorrection, fitCorrection } from "cosine-lab/audit";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const scores = fitCorrection(new Matrix([[0, 10], [2, 30]]), "z-scores");
 * assert.deepEqual(applyCorrection(scores, new Matrix([[4, 20]])).to2DArray(), [[3, 0]]);
 * ```
 */
export function applyCorrection(correction: Correction, items: Matrix): Matrix;
export function applyCorrection(correction: Correction, items: EmbeddingRows): EmbeddingRows;
export function applyCorrection(
  correction: Correction,
  items: Matrix | EmbeddingRows,
): Matrix | EmbeddingRows {
  const fault = correctionFault(correction);
  if (fault !== undefined) {
    throw new InputTypeError(
      `Cannot apply a correction: it must be what fitCorrection returns: ${fault}`,
    );
  }
  const rows = embeddingRows("apply a correction", "items", items);
  if (rows.columns !== correction.dimensions) {
    throw new InputRangeError(
      `Cannot apply a correction: it was fitted on vectors of ${correction.dimensions} dimensions, ` +
        `these have ${rows.columns}`,
    );
  }
  const change = rowChanger(correction);
  const columns = correction.matrix?.[0].length ?? rows.columns;
  const corrected: EmbeddingRows = {
    rows: rows.rows,
    columns,
    *blocks() {
      for (const { start, rows: count, values } of rows.blocks()) {
        const block = new Float64Array(count * columns);
        const raw = Array.from(
          { length: count },
          (_, i) => Float64Array.from(values.subarray(i * rows.columns, (i + 1) * rows.columns)),
        );
        change(raw).forEach((row, i) => block.set(row, i * columns));
        yield { start, rows: count, values: block };
      }
    },
  };
  if (!Matrix.isMatrix(items)) return corrected;
  const matrix = new Matrix(items.rows, columns);
  const out = rowArrays(matrix);
  for (const { start, rows: count, values } of corrected.blocks()) {
    for (let i = 0; i < count; i++) {
      out[start + i].set(values.subarray(i * columns, (i + 1) * columns));
    }
  }
  return matrix;
}

/** What a correction makes of rows. */
export function rowChanger(
  { mean, scale, matrix, offset, normalize }: Correction,
): (rows: readonly Float64Array[]) => Float64Array[] {
  const columns = matrix === null ? null : rowArrays(new Matrix(matrix).transpose());
  return (rows) => {
    let changed: Float64Array[] = rows.map((row) =>
      row.map((entry, c) =>
        (entry - (mean === null ? 0 : mean[c])) * (scale === null ? 1 : scale[c])
      )
    );
    if (columns !== null && changed.length > 0) changed = rowArrays(rowProducts(changed, columns));
    if (offset != null) {
      for (const row of changed) for (let c = 0; c < row.length; c++) row[c] += offset[c];
    }
    return normalize ? changed.map(unitRow) : changed;
  };
}

/** The bytes of a .npy file (format version 1.0, row by row, little-endian), piece by piece. */
export function* npyBytes(
  rows: EmbeddingRows,
  dtype: "float32" | "float64",
): Generator<Uint8Array> {
  const size = dtype === "float32" ? 4 : 8;
  const dictionary =
    `{'descr': '<f${size}', 'fortran_order': False, 'shape': (${rows.rows}, ${rows.columns}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = new TextEncoder().encode(
    `      ${"".padEnd(4)}${dictionary.padEnd(length - 11)}\n`,
  );
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  yield header;
  for (const { start, rows: count, values } of rows.blocks()) {
    const bytes = new DataView(new ArrayBuffer(count * rows.columns * size));
    for (let i = 0; i < values.length; i++) {
      const entry = size === 4 ? Math.fround(values[i]) : values[i];
      if (!Number.isFinite(entry)) {
        throw new InputRangeError(
          `Cannot write ${dtype}: row ${start + Math.floor(i / rows.columns)} holds ${values[i]}`,
        );
      }
      if (size === 4) bytes.setFloat32(i * 4, entry, true);
      else bytes.setFloat64(i * 8, entry, true);
    }
    yield new Uint8Array(bytes.buffer);
  }
}
