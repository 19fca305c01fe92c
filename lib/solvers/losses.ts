import type { Matrix } from "ml-matrix";
import { checkedOptions, number, oneOf } from "../check.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { type GramData, gramOf } from "../interactions/centered_gram.ts";
import { dot, rowArrays, rowProducts } from "../linalg/matrices.ts";
import { assertEmbeddings, type Embeddings, rowByRow } from "./embeddings.ts";

/**
 * Evaluates the first training objective, ‖X − XABᵀ‖² + λ‖ABᵀ‖² (Eq. 1).
 *
 * Computed from G = XᵀX and the factors, tr G − 2⟨GA, B⟩ + ⟨AᵀGA, BᵀB⟩ + λ⟨AᵀA, BᵀB⟩: no n x p
 * matrix is formed.
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param e The embeddings, p x k.
 * @param lambda λ ≥ 0, the weight of the regularization.
 * @returns The loss, exact to about 1e-16·‖X‖².
 * @throws {TypeError} If x is not an Interactions, e is not a pair of matrices, or lambda is not a number.
 * @throws {RangeError} If A and B do not have a row for each item, or lambda is negative or not finite.
 *
 * @example
 * ```ts
 * import { denoisingLoss, Interactions } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [0, 1]]);
 * const half = { A: Matrix.eye(2).mul(0.5), B: Matrix.eye(2) };
 * assert.equal(denoisingLoss(x, half, 1), 2 * 0.25 + 2 * 0.25);
 * ```
 */
export function denoisingLoss(
  x: Interactions | Pick<GramData, "gram">,
  e: Embeddings,
  lambda: number,
): number {
  return loss(x, e, { objective: "denoising", lambda });
}

/**
 * Evaluates the second training objective, ‖X − XABᵀ‖² + λ(‖XA‖² + ‖B‖²) (Eq. 2).
 *
 * Computed from G = XᵀX and the factors, with ‖XA‖² = tr AᵀGA: no n x p matrix is formed.
 *
 * @param x The interactions X, n x p, or their Gram matrix alone: `{ gram }`.
 * @param e The embeddings, p x k.
 * @param lambda λ ≥ 0, the weight of the regularization.
 * @returns The loss, exact to about 1e-16·‖X‖².
 * @throws {TypeError} If x is not an Interactions, e is not a pair of matrices, or lambda is not a number.
 * @throws {RangeError} If A and B do not have a row for each item, or lambda is negative or not finite.
 *
 * @example
 * ```ts
 * import { Interactions, weightDecayLoss } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 0], [0, 1]]);
 * const half = { A: Matrix.eye(2).mul(0.5), B: Matrix.eye(2) };
 * assert.equal(weightDecayLoss(x, half, 1), 2 * 0.25 + (2 * 0.25 + 2));
 * ```
 */
export function weightDecayLoss(
  x: Interactions | Pick<GramData, "gram">,
  e: Embeddings,
  lambda: number,
): number {
  return loss(x, e, { objective: "weightDecay", lambda });
}

function loss(
  x: Interactions | Pick<GramData, "gram">,
  e: Embeddings,
  options: ObjectiveOptions,
): number {
  const g = gramOf("evaluate the loss", x);
  assertEmbeddings("evaluate the loss", e, g.rows);
  checkedOptions("evaluate the loss", options, OBJECTIVE_OPTIONS);
  const { A, B } = e;
  const objective = new GramObjective(g, options);
  return objective.loss(rowByRow(A), rowByRow(B));
}

/** One of the paper's training objectives: Eq. 1 is `"denoising"`, Eq. 2 is `"weightDecay"`. */
export type Objective = "denoising" | "weightDecay";

/** A training objective and its λ. */
export interface ObjectiveOptions {
  /** Which of the two objectives. */
  objective: Objective;
  /** λ ≥ 0, the weight of the regularization. */
  lambda: number;
}

/** The table of checks of {@linkcode ObjectiveOptions}. */
export const OBJECTIVE_OPTIONS = {
  objective: oneOf(["denoising", "weightDecay"]),
  lambda: number(0),
};

/** The value of a training objective at a point, with its derivatives. */
interface ObjectiveValue {
  /** The loss, exact to about 1e-16·‖X‖². */
  loss: number;
  /** The derivatives by A, p x k, row by row. */
  byA: Float64Array;
  /** The derivatives by B, p x k, row by row. */
  byB: Float64Array;
  /**
   * An estimate of the curvature of the loss: the norms of the diagonal blocks of its second derivative,
   * and of the block that couples A and B. A gradient step of its reciprocal does not overshoot,
   * whatever the scales of X, A and B.
   */
  curvature: number;
}

/**
 * A training objective (Eq. 1 or Eq. 2) as a function of the factors, through G = XᵀX alone.
 *
 * The loss is tr G − 2⟨GA, B⟩ + ⟨AᵀGA, BᵀB⟩ + λ⟨AᵀA, BᵀB⟩ for Eq. 1; for Eq. 2 its last term is
 * λ(tr AᵀGA + tr BᵀB). The derivatives are 2[(G + λI)A·BᵀB − GB] and 2[B·Aᵀ(G + λI)A − GA] for
 * Eq. 1, and 2[GA(BᵀB + λI) − GB] and 2[B(AᵀGA + λI) − GA] for Eq. 2. Takes O(p²k).
 */
export class GramObjective {
  readonly #g: Float64Array;
  readonly #items: number;
  readonly #trace: number;
  readonly #norm: number;
  readonly #denoising: boolean;
  readonly #lambda: number;

  /**
   * @param g G = XᵀX, p x p.
   * @param options The objective and λ.
   */
  constructor(g: Matrix, { objective, lambda }: ObjectiveOptions) {
    this.#g = flat(g);
    this.#items = g.rows;
    this.#trace = g.trace();
    this.#norm = g.norm("frobenius");
    this.#denoising = objective === "denoising";
    this.#lambda = lambda;
  }

  /** The Frobenius norm of G. */
  get norm(): number {
    return this.#norm;
  }

  /** The loss at A and B, p x k each, row by row: exact to about 1e-16·‖X‖². */
  loss(a: Float64Array, b: Float64Array): number {
    return this.#products(a, b).loss;
  }

  /** Evaluates the objective at A and B, p x k each, row by row. */
  evaluate(a: Float64Array, b: Float64Array): ObjectiveValue {
    const { ga, aga, bb, k, loss } = this.#products(a, b);
    const lambda = this.#lambda;
    const gb = multiply(this.#g, b, this.#items, k);
    // For Eq. 1 the penalty acts like a larger G, for Eq. 2 like larger k x k matrices.
    const left = ga.slice();
    const inner = aga.slice();
    const outer = bb.slice();
    if (this.#denoising) {
      a.forEach((entry, i) => left[i] += lambda * entry);
      crossProduct(a, a, k).forEach((entry, i) => inner[i] += lambda * entry);
    } else {
      for (let i = 0; i < k; i++) {
        inner[i * k + i] += lambda;
        outer[i * k + i] += lambda;
      }
    }
    const byA = multiply(left, outer, k, k);
    const byB = multiply(b, inner, k, k);
    for (let i = 0; i < byA.length; i++) {
      byA[i] = 2 * (byA[i] - gb[i]);
      byB[i] = 2 * (byB[i] - ga[i]);
    }
    const curvature = 2 * (this.#norm * (1 + norm(outer)) + norm(inner) + lambda * norm(bb));
    return { loss, byA, byB, curvature };
  }

  #products(a: Float64Array, b: Float64Array) {
    const p = this.#items;
    const k = a.length / p;
    const ga = multiply(this.#g, a, p, k);
    const aga = crossProduct(a, ga, k);
    const bb = crossProduct(b, b, k);
    const penalty = this.#denoising ? dot(crossProduct(a, a, k), bb) : trace(aga, k) + trace(bb, k);
    const loss = this.#trace - 2 * dot(ga, b) + dot(aga, bb) + this.#lambda * penalty;
    return { ga, aga, bb, k, loss };
  }
}

/** The least number of multiplications for which the kernel of {@linkcode rowProducts} is worth its copies. */
const KERNEL_FROM = 5_000_000;

/** The product of a matrix with `inner` columns and one with `columns`, both row by row. */
function multiply(
  left: Float64Array,
  right: Float64Array,
  inner: number,
  columns: number,
): Float64Array {
  const rows = left.length / inner;
  if (left.length * columns >= KERNEL_FROM) {
    return flat(rowProducts(rowsOf(left, inner), columnsOf(right, columns)));
  }
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < inner; t++) {
      const factor = left[i * inner + t];
      for (let j = 0; j < columns; j++) product[i * columns + j] += factor * right[t * columns + j];
    }
  }
  return product;
}

/** leftᵀ·right, k x k, of two matrices with k columns. */
function crossProduct(left: Float64Array, right: Float64Array, k: number): Float64Array {
  if (left.length * k >= KERNEL_FROM) {
    const columns = columnsOf(left, k);
    return flat(rowProducts(columns, left === right ? undefined : columnsOf(right, k)));
  }
  const product = new Float64Array(k * k);
  for (let row = 0; row < left.length; row += k) {
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) product[i * k + j] += left[row + i] * right[row + j];
    }
  }
  return product;
}

function rowsOf(entries: Float64Array, columns: number): Float64Array[] {
  return Array.from(
    { length: entries.length / columns },
    (_, i) => entries.subarray(i * columns, (i + 1) * columns),
  );
}

/** How many rows are transposed at once: as many as a cache line has numbers. */
const LINE = 8;

function columnsOf(entries: Float64Array, columns: number): Float64Array[] {
  const rows = entries.length / columns;
  const all = rowsOf(new Float64Array(entries.length), rows);
  for (let first = 0; first < rows; first += LINE) {
    const end = Math.min(first + LINE, rows);
    for (let j = 0; j < columns; j++) {
      for (let i = first; i < end; i++) all[j][i] = entries[i * columns + j];
    }
  }
  return all;
}

function flat(m: Matrix): Float64Array {
  const entries = new Float64Array(m.rows * m.columns);
  rowArrays(m).forEach((row, i) => entries.set(row, i * m.columns));
  return entries;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function trace(a: Float64Array, k: number): number {
  let sum = 0;
  for (let i = 0; i < k; i++) sum += a[i * k + i];
  return sum;
}
