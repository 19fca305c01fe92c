import { type Measure, percent, rounded, type UserBalance } from "./measure.ts";
import { Matrix } from "ml-matrix";
import { rowArrays } from "../../linalg/matrices.ts";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import { assertScale } from "../audit_options.ts";
import { type EmbeddingRows, scanRows } from "../rows.ts";
import { InputError } from "../../errors.ts";
import { piecewiseProducts } from "../neighbor_search.ts";
import { normSummary } from "./norms.ts";

/** Below this imbalance two sides count as balanced. */
const BALANCED = 0.1;

/** What a part of the users may exceed the items by, for rounding and early stopping. */
const PART_MARGIN = 1.05;
/** In more dimensions than these the question whether users are a part of all is left out. */
const PART_DIMENSIONS = 1024;

/** Who the users of a model are, and how often they and the items count. */
interface UserSide {
  users: EmbeddingRows;
  userCounts?: ArrayLike<number>;
  popularity?: ArrayLike<number>;
}

/** Compares the users of a model with its items; also gives PᵀP of the users P. */
export function userBalance(
  items: EmbeddingRows,
  itemNorms: Float64Array,
  { users, userCounts, popularity }: UserSide,
): { balance: UserBalance; userMoments: Matrix } {
  if (users.columns !== items.columns) {
    throw new InputError(
      `users must have as many columns as the items, ${items.columns}, they have ${users.columns}`,
    );
  }
  const { norms, zeroRows } = scanRows("users", users);
  if (norms.length === itemNorms.length && norms.every((norm, i) => norm === itemNorms[i])) {
    throw new InputError(
      "users must not be the items themselves: the users' embeddings are the rows of XA, not of A",
    );
  }
  assertScale("users", norms);
  assertScale("items", itemNorms);
  const P = secondMoments(users), Q = secondMoments(items);
  const imbalance = distance(P.moments, Q.moments);
  const weighted = userCounts === undefined || popularity === undefined ? null : distance(
    secondMoments(users, userCounts).moments,
    secondMoments(items, popularity).moments,
  );
  const balanced = imbalance < BALANCED || weighted !== null && weighted < BALANCED;
  const balance = {
    users: users.rows,
    zeroRows,
    norms: normSummary(norms),
    imbalance,
    weightedImbalance: weighted,
    consistentAsPart: balanced || items.columns > PART_DIMENSIONS
      ? null
      : isPart(P.moments, Q.moments),
    read: { users: P.rows, items: Q.rows },
  };
  return { balance, userMoments: P.moments };
}

function distance(P: Matrix, Q: Matrix): number {
  const p = Matrix.div(P, P.trace()), q = Matrix.div(Q, Q.trace());
  return Matrix.sub(p, q).norm() / Math.max(p.norm(), q.norm());
}

/** Whether P ≤ Q, up to the margin: the largest eigenvalue of Q^−½ P Q^−½, where Q is not zero. */
function isPart(P: Matrix, Q: Matrix): boolean {
  const { values, vectors } = symmetricEigen(Q);
  const rank = values.filter((value) => value > 1e-10 * values[0]).length;
  const W = vectors.subMatrix(0, Q.rows - 1, 0, rank - 1);
  const within = W.transpose().mmul(P).mmul(W);
  if (P.trace() > PART_MARGIN * within.trace()) return false;
  rowArrays(within).forEach((row, i) => {
    for (let j = 0; j < rank; j++) row[j] /= Math.sqrt(values[i] * values[j]);
  });
  return symmetricEigen(within, 1).values[0] <= PART_MARGIN;
}

/** Rows beyond this many multiplications are read at even distances. */
const MOST_WORK = 6e9;

/** How many rows are multiplied at once. */
const CHUNK = 1024;

/** Second moments of rows. */
interface SecondMoments {
  /** Σ w·xxᵀ over the rows x and their weights w, k x k; of all rows, estimated where some were read. */
  moments: Matrix;
  /** How many rows were read. */
  rows: number;
}

/** Sums w·xxᵀ. */
export function secondMoments(
  source: EmbeddingRows,
  weights?: ArrayLike<number>,
): SecondMoments {
  const { rows, columns: k } = source;
  const stride = Math.max(1, Math.ceil(rows * k * k / 2 / MOST_WORK));
  const total = Array.from({ length: k }, () => new Float64Array(k));
  const chunk = Array.from({ length: k }, () => new Float64Array(CHUNK));
  let filled = 0, read = 0;
  const add = () => {
    if (filled === 0) return;
    const part = chunk.map((column) => column.subarray(0, filled));
    rowArrays(piecewiseProducts(part)).forEach((row, i) => {
      for (let j = 0; j < k; j++) total[i][j] += row[j] * stride;
    });
    read += filled;
    filled = 0;
  };
  for (const { start, rows: count, values } of source.blocks()) {
    for (let row = (stride - start % stride) % stride; row < count; row += stride) {
      const scale = weights === undefined ? 1 : Math.sqrt(weights[start + row]);
      for (let c = 0; c < k; c++) chunk[c][filled] = values[row * k + c] * scale;
      if (++filled === CHUNK) add();
    }
  }
  add();
  return { moments: new Matrix(total), rows: read };
}

/** How the two sides of the model compare; null without users. */
export const usersMeasure: Measure<"users", UserBalance | null, "unbalanced"> = {
  key: "users",
  section: "vectors",
  measure: ({ sides }) => sides?.balance ?? null,
  flags: {
    unbalanced: {
      kind: "note",
      means: "users and items do not balance",
      when:
        `PᵀP and QᵀQ differ by ${
          percent(BALANCED)
        } or more, weighted or not, and the users cannot ` +
        "be a part of balanced ones",
      threshold: {
        name: "users and items count as balanced where PᵀP and QᵀQ differ by less than this share",
        value: BALANCED,
        source: "solutions of Eq. 2 differ by 1e-15, simulated models of Eq. 1 by 0.5 or more",
      },
      raised: (users) => users !== null && !balanced(users) && users.consistentAsPart !== true,
    },
  },
  sentences(users, { trained }) {
    if (users === null) return [];
    const { imbalance, weightedImbalance, consistentAsPart } = users;
    const weighted = weightedImbalance === null
      ? ""
      : `, ${rounded(weightedImbalance)} once counts weigh them`;
    const measured = `imbalance ${rounded(imbalance)}${weighted}`;
    if (balanced(users)) {
      return [
        `Users and items balance (${measured}): consistent with decay on both sides, and not a ` +
        "proof of it.",
      ];
    }
    if (consistentAsPart) {
      return [
        `Users and items do not balance as they are (${measured}), but no direction has more of the ` +
        "users than of the items: consistent with decay on both sides if these are a part of the users.",
      ];
    }
    return [
      `Users and items do not balance (${measured}). If these are all users and the decay had no ` +
      "other weights, a model with decay on both sides would" +
      (trained === "factors" ? "; if not, this is consistent with decay on both sides." : "."),
    ];
  },
  numbers: (users) => users === null ? [] : [["imbalance with users", users.imbalance]],
};

/** Whether the sides balance, weighted or not. */
export function balanced({ imbalance, weightedImbalance }: UserBalance): boolean {
  return Math.min(imbalance, weightedImbalance ?? Infinity) < BALANCED;
}
