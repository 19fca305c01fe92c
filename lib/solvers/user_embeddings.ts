import type { Matrix } from "ml-matrix";
import { assertInteractions } from "../interactions/assert_interactions.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { Crew, crewSize } from "../kernels/crew.ts";
import { flatMatrix } from "../linalg/flat_matrix.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import { assertEmbeddings, type Embeddings } from "./embeddings.ts";
import userRowsWasm from "./user_rows_wasm.ts";

/** How many numbers the kernel adds at once. */
const LANES = 8;
/** How many users are embedded before they are copied, and how many a thread takes at once. */
const BLOCK = 1024, CHUNK = 64;
/** Below this many additions, workers take longer to start than they save. */
const WORTH_WORKERS = 1e8;

/**
 * Computes the user embeddings XA (section 2): each is the sum of the rows aᵢ of A over the items
 * that the user interacted with.
 *
 * @param x The interactions X, n x p.
 * @param e The embeddings, p x k.
 * @returns XA, n x k.
 * @throws {TypeError} If x is not an Interactions, or e is not a pair of matrices.
 * @throws {RangeError} If A has not a row for each item.
 *
 * @example
 * ```ts
 * import { Interactions, userEmbeddings } from "cosine-lab";
 * import { Matrix } from "ml-matrix";
 * import assert from "node:assert/strict";
 *
 * const x = Interactions.fromDense([[1, 1], [0, 1]]);
 * const A = new Matrix([[1, 2], [3, 4]]);
 * assert.deepEqual(userEmbeddings(x, { A, B: A }).to2DArray(), [[4, 6], [3, 4]]);
 * ```
 */
export function userEmbeddings(x: Interactions, e: Embeddings): Matrix {
  assertInteractions("embed users", "x", x);
  assertEmbeddings("embed users", e, x.items);
  const k = e.A.columns;
  using crew = new Crew(userRowsWasm, x.nonzeros * k < WORTH_WORKERS ? 1 : crewSize());
  const width = Math.ceil(k / LANES) * LANES;
  const a = crew.allocate(x.items * width * 8);
  const items = crew.place(x.columnIndices);
  const values = x.values === null ? 0 : crew.place(x.values);
  const rowStarts = crew.place(x.rowStarts);
  const out = crew.allocate(Math.min(BLOCK, x.users) * width * 8);
  const entries = crew.float64(a, x.items * width);
  rowArrays(e.A).forEach((row, i) => entries.set(row, i * width));
  const p = new Float64Array(x.users * k);
  for (let first = 0; first < x.users; first += BLOCK) {
    const count = Math.min(BLOCK, x.users - first);
    const given = [rowStarts + first * 4, items, values, a, width * 8, out] as const;
    crew.run("userRows", Math.ceil(count / CHUNK), CHUNK, count, ...given);
    const rows = crew.float64(out, count * width);
    for (let u = 0; u < count; u++) {
      p.set(rows.subarray(u * width, u * width + k), (first + u) * k);
    }
  }
  crew.closeAndLend();
  return flatMatrix(p, k);
}
