import fc from "./fast_check.ts";
import { Matrix } from "ml-matrix";
import { cosineSimilarity, Interactions } from "cosine-lab";

/** Matrices of a given shape with entries between −10 and 10. */
export function matrices(rows: number, columns: number): fc.Arbitrary<Matrix> {
  const entry = fc.double({ min: -10, max: 10, noNaN: true });
  return fc.array(entry, { minLength: rows * columns, maxLength: rows * columns })
    .map((entries) => Matrix.from1DArray(rows, columns, entries));
}

/** Similarities of 7 items with many ties, and a cluster for each. */
export const tied: fc.Arbitrary<[Matrix, number[]]> = fc.tuple(
  matrices(7, 2).map((e) =>
    cosineSimilarity(e.apply((i, j) => e.set(i, j, Math.round(e.get(i, j) / 5))))
  ),
  fc.array(fc.nat(2), { minLength: 7, maxLength: 7 }),
).filter(([, labels]) => new Set(labels).size > 1 && new Set(labels).size < 7);

/** Small binary interactions, 1 to 12 users and 2 to 8 items, at least one interaction. */
export const interactions: fc.Arbitrary<Interactions> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 2, max: 8 }))
  .chain(([n, p]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: p, maxLength: p }), {
      minLength: n,
      maxLength: n,
    })
  )
  .filter((rows) => rows.some((row) => row.includes(1)))
  .map((rows) => Interactions.fromDense(rows));

/** Diagonals of D: k entries with magnitudes between 1/8 and 8, of either sign. */
export function diagonals(k: number): fc.Arbitrary<number[]> {
  const entry = fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.boolean())
    .map(([exponent, negative]) => (negative ? -1 : 1) * 2 ** exponent);
  return fc.array(entry, { minLength: k, maxLength: k });
}

/** Rotation matrices, k x k: the orthogonal factor of a random matrix. */
export function rotations(k: number): fc.Arbitrary<Matrix> {
  return matrices(k, k).map(orthonormalColumns);
}

/** Gram-Schmidt, twice for accuracy; a column that depends on those before is replaced. */
function orthonormalColumns(m: Matrix): Matrix {
  const columns: number[][] = [];
  for (let j = 0; j < m.columns; j++) {
    for (const candidate of [m.getColumn(j), ...Matrix.eye(m.rows).to2DArray()]) {
      const column = [...candidate];
      for (const other of [...columns, ...columns]) {
        const along = other.reduce((sum, value, i) => sum + value * column[i], 0);
        other.forEach((value, i) => column[i] -= along * value);
      }
      const norm = Math.hypot(...column);
      if (norm < 0.01) continue;
      columns.push(column.map((value) => value / norm));
      break;
    }
  }
  return new Matrix(columns).transpose();
}
