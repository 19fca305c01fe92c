import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { OperationalError } from "../errors.ts";
import { ThreadPool, threadsFor } from "../kernels/thread_pool.ts";
import blockLanczosWasm, { type Exports } from "./block_lanczos_wasm.ts";
import type { CompressedRows } from "./compressed_rows.ts";
import { rowArrays } from "./matrices.ts";
import { type SymmetricEigen, symmetricEigen } from "./symmetric_eigen.ts";

/** Options for {@linkcode blockLanczos}. */
interface LanczosOptions {
  rank: number;
  /** The largest relative residual of an eigenpair, ‖XᵀXv − σ²v‖/σ². */
  tolerance: number;
  /** Called with the number of eigenpairs that are accurate so far, and the rank, until all are. */
  onProgress?: (done: number, total: number) => void;
}

/** The width of a block. */
const WIDTH = 8;

/** How many blocks are multiplied between two checks of the residuals. */
const LOOK = 4;

/** How long it takes to add a product to a sum, in nanoseconds; X and the basis do not fit in the cache. */
const PRODUCT_NS = 0.5;

/** Residuals below this share of the largest eigenvalue count as rounding. */
const ROUNDING = 1e-14;

/** The number of blocks of a full basis. */
const basisBlocks = (rank: number): number => Math.ceil((2.5 * rank + 64) / WIDTH);

/** How long it takes until the basis is full for the first time, in nanoseconds. */
function leastWork(x: CompressedRows, rank: number): number {
  const vectors = basisBlocks(rank) * WIDTH;
  const products = 2 * vectors * x.columnIndices.length;
  const orthogonalization = 2 * vectors ** 2 * x.columns;
  return (products + orthogonalization) * PRODUCT_NS;
}

/** Whether X has enough columns for the basis that this rank takes. */
export function fitsLanczos(x: CompressedRows, rank: number): boolean {
  return (basisBlocks(rank) + 1) * WIDTH <= x.columns;
}

/**
 * Computes the leading eigenpairs of XᵀX without forming it, by block Lanczos with full
 * orthogonalization and thick restarts (Wu and Simon, Thick-restart Lanczos method for large
 * symmetric eigenvalue problems, 2000; in blocks).
 *
 * Needs memory for X and for 2.5·rank + 136 vectors of p numbers. Each product with XᵀX reads X once.
 *
 * @param x A matrix, n x p, that {@linkcode fitsLanczos}.
 * @param options The rank, the accuracy, and a callback for progress.
 * @param threads How many threads compute; by default what {@linkcode threadsFor} says.
 * @returns The eigenpairs of the largest eigenvalues, in descending order.
 * @throws {Error} If the eigenpairs do not converge within 200 restarts.
 */
export function blockLanczos(
  x: CompressedRows,
  { rank, tolerance, onProgress }: LanczosOptions,
  threads: number = threadsFor(leastWork(x, rank)),
): SymmetricEigen {
  using pool = new ThreadPool(blockLanczosWasm, threads);
  const most = basisBlocks(rank);
  const basis = new LanczosBasis(pool, x, most);
  let done = 0;
  for (let products = 1; products <= 200 * most; products++) {
    basis.extend();
    const full = basis.blocks === most;
    const enough = basis.blocks * WIDTH >= rank + WIDTH;
    if (!full && !(enough && basis.blocks % LOOK === 0)) continue;
    const ritz = symmetricEigen(basis.projected());
    const converged = countConverged(basis, ritz, rank, tolerance);
    if (converged === rank) {
      const blocks = Math.ceil(rank / WIDTH);
      basis.restart(ritz, blocks);
      const vectors = new Matrix(x.columns, rank);
      rowArrays(vectors).forEach((row, i) => {
        for (let j = 0; j < rank; j++) row[j] = basis.entry(i, j);
      });
      return { values: ritz.values.slice(0, rank), vectors };
    }
    // A restart can make an eigenpair less accurate for a while; progress does not go back.
    done = Math.max(done, converged);
    onProgress?.(done, rank);
    // Keeping the wanted vectors and half of the others makes the next round converge fastest.
    if (full) basis.restart(ritz, Math.ceil((rank + most * WIDTH) / 2 / WIDTH));
  }
  throw new OperationalError(
    `Cannot factorize: ${rank} singular vectors do not converge to ${tolerance}`,
  );
}

/** The number of leading eigenpairs whose residual is within the tolerance. */
function countConverged(
  basis: LanczosBasis,
  ritz: SymmetricEigen,
  rank: number,
  tolerance: number,
): number {
  const rounding = ROUNDING * ritz.values[0];
  return basis.residuals(ritz.vectors, rank).filter((residual, i) =>
    residual <= Math.max(tolerance * ritz.values[i], rounding)
  ).length;
}

const ENTRIES = WIDTH * WIDTH;

/** How many parts the rows of X are split into, each with a product of its own. */
const PARTS = 8;

/** How many rows of a block one chunk of work has. */
const ROWS = 512;

/** A column that is shorter than this share of the largest eigenvalue counts as rounding. */
const NEGLIGIBLE = 1e-13;

/**
 * An orthonormal basis Q of a block Krylov space of G = XᵀX, with QᵀGQ: blocks of eight columns, and
 * one more block, the remainder of the last product.
 */
class LanczosBasis {
  /** The number of blocks, without the remainder. */
  blocks = 0;
  readonly #pool: ThreadPool<Exports>;
  readonly #p: number;
  readonly #basis: number;
  readonly #coefficients: number;
  readonly #triangle: number;
  readonly #products: number;
  readonly #scratch: number;
  readonly #rotation: number;
  readonly #x: number[];
  /** QᵀGQ by blocks: entry (i, j) is H[i][j]. */
  readonly #h: Float64Array[];
  /** R of the last product's QR decomposition, 8 x 8. */
  #rest = new Float64Array(ENTRIES);
  /** The block whose product is the first after a restart: it overlaps with all earlier blocks. */
  #restarted = 0;
  readonly #random = seedrandom.alea("Lanczos");

  /**
   * @param pool The threads, on the kernels of block Lanczos.
   * @param x The matrix X.
   * @param most The maximum number of blocks.
   */
  constructor(pool: ThreadPool<Exports>, x: CompressedRows, most: number) {
    const p = x.columns;
    this.#pool = pool;
    this.#p = p;
    this.#basis = pool.allocate((most + 1) * p * WIDTH * 8);
    this.#coefficients = pool.allocate((most + 1) * ENTRIES * 8);
    this.#triangle = pool.allocate(ENTRIES * 8);
    this.#products = pool.allocate(PARTS * p * WIDTH * 8);
    this.#scratch = pool.allocate(pool.size * most * WIDTH * 8);
    this.#rotation = pool.allocate((most * WIDTH) ** 2 * 8);
    this.#x = [
      pool.place(partRows(x)),
      pool.place(x.rowStarts),
      pool.place(x.columnIndices),
      x.values === null ? 0 : pool.place(x.values),
    ];
    this.#h = Array.from({ length: most * WIDTH }, () => new Float64Array(most * WIDTH));
    this.#fill(0, 0xff);
    this.#orthonormalize(0, 0);
  }

  /** Adds the remainder to the basis, and multiplies it with G for the next one. */
  extend(): void {
    const j = this.blocks++;
    const [parts, starts, columns, values] = this.#x;
    const block = this.#at(j);
    this.#pool.run(
      "multiplyGram",
      PARTS,
      parts,
      starts,
      columns,
      values,
      this.#p,
      block,
      this.#products,
    );
    this.#pool.run("addParts", ...this.#byRows, PARTS, this.#products, this.#at(j + 1));
    // Except for the first product after a restart, earlier blocks only overlap by rounding. The second
    // pass removes that, too.
    this.#orthogonalize(j + 1, j === this.#restarted ? 0 : j - 1, j);
    this.#orthogonalize(j + 1, 0, j);
    this.#rest = this.#orthonormalize(j + 1, NEGLIGIBLE * this.#largest());
  }

  /** H = QᵀGQ. */
  projected(): Matrix {
    const size = this.blocks * WIDTH;
    return new Matrix(this.#h.slice(0, size).map((row) => row.subarray(0, size)));
  }

  /**
   * The norms of G·Qs − θ·Qs for eigenpairs (θ, s) of H.
   *
   * @param s The eigenvectors as columns.
   * @param count For how many of them.
   */
  residuals(s: Matrix, count: number): Float64Array {
    const last = rowArrays(s).slice(-WIDTH);
    return Float64Array.from({ length: count }, (_, column) => {
      let squares = 0;
      for (let i = 0; i < WIDTH; i++) {
        let sum = 0;
        for (let j = 0; j < WIDTH; j++) sum += this.#rest[i * WIDTH + j] * last[j][column];
        squares += sum ** 2;
      }
      return Math.sqrt(squares);
    });
  }

  /** Replaces the basis by the first Ritz vectors, and keeps the remainder. */
  restart({ values, vectors }: SymmetricEigen, kept: number): void {
    const { blocks } = this;
    const size = blocks * WIDTH;
    const s = this.#pool.float64(this.#rotation, size * kept * WIDTH);
    rowArrays(vectors).forEach((row, i) => s.set(row.subarray(0, kept * WIDTH), i * kept * WIDTH));
    this.#pool.run(
      "combine",
      ...this.#byRows,
      this.#basis,
      blocks,
      kept,
      this.#rotation,
      this.#scratch,
    );
    this.#block(kept).set(this.#block(blocks));
    for (const row of this.#h) row.fill(0);
    for (let i = 0; i < kept * WIDTH; i++) this.#h[i][i] = values[i];
    this.blocks = kept;
    this.#restarted = kept;
  }

  /** Entry i of column j of the basis. */
  entry(i: number, j: number): number {
    return this.#pool.float64(this.#at(Math.floor(j / WIDTH)) + (i * WIDTH + j % WIDTH) * 8, 1)[0];
  }

  #at(block: number): number {
    return this.#basis + block * this.#p * WIDTH * 8;
  }

  #block(block: number): Float64Array {
    return this.#pool.float64(this.#at(block), this.#p * WIDTH);
  }

  /** The number of chunks of rows, the rows of each, and the total number of rows. */
  get #byRows(): readonly [number, number, number] {
    return [Math.ceil(this.#p / ROWS), ROWS, this.#p];
  }

  /** Makes a block orthogonal to blocks `first` to `last`, and adds the coefficients to H. */
  #orthogonalize(block: number, first: number, last: number): void {
    first = Math.max(0, first);
    const c = this.#coefficients;
    const w = this.#at(block);
    const from = this.#at(first);
    this.#pool.run("project", last + 1 - first, this.#p, from, w, c + first * ENTRIES * 8);
    this.#pool.run("subtract", ...this.#byRows, this.#basis, first, last + 1, c, w);
    const product = (block - 1) * WIDTH;
    for (let b = first; b <= last; b++) {
      const entries = this.#pool.float64(c + b * ENTRIES * 8, ENTRIES);
      for (let e = 0; e < ENTRIES; e++) {
        const i = b * WIDTH + Math.floor(e / WIDTH), j = product + e % WIDTH;
        this.#h[i][j] += entries[e];
        if (b < block - 1) this.#h[j][i] = this.#h[i][j];
      }
    }
  }

  /** Makes the columns of a block orthonormal, W = Q·R. Random columns replace negligible ones. */
  #orthonormalize(block: number, least: number): Float64Array<ArrayBuffer> {
    const once = () => this.#pool.call("orthonormalize", this.#p, w, this.#triangle, least);
    const triangle = () => this.#pool.float64(this.#triangle, ENTRIES).slice();
    const w = this.#at(block);
    const zeros = once();
    let r = Float64Array.from(triangle());
    if (zeros !== 0) {
      this.#fill(block, zeros);
      for (let pass = 0; pass < 2 && block > 0; pass++) {
        this.#pool.run("project", block, this.#p, this.#basis, w, this.#coefficients);
        this.#pool.run("subtract", ...this.#byRows, this.#basis, 0, block, this.#coefficients, w);
      }
      least = 0;
      once();
      r = multiply(triangle(), r);
    }
    once();
    return multiply(triangle(), r);
  }

  /** Fills those columns of a block whose bit is set with random numbers. */
  #fill(block: number, columns: number): void {
    this.#block(block).forEach((_, at, entries) => {
      if (columns >> (at % WIDTH) & 1) entries[at] = this.#random() - 0.5;
    });
  }

  /** The largest entry on the diagonal of H, which approximates the largest eigenvalue. */
  #largest(): number {
    let largest = 0;
    for (let i = 0; i < this.blocks * WIDTH; i++) largest = Math.max(largest, this.#h[i][i]);
    return largest;
  }
}

/** The first row of each part, with about equally many nonzeros each, and the end of the last part. */
function partRows({ rows, rowStarts }: CompressedRows): Uint32Array {
  const starts = new Uint32Array(PARTS + 1);
  for (let part = 1; part <= PARTS; part++) {
    const nonzeros = rowStarts[rows] * part / PARTS;
    let row = starts[part - 1];
    while (row < rows && rowStarts[row] < nonzeros) row++;
    starts[part] = part === PARTS ? rows : row;
  }
  return starts;
}

function multiply(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(a, (_, e) => {
    const i = Math.floor(e / WIDTH), j = e % WIDTH;
    let sum = 0;
    for (let l = 0; l < WIDTH; l++) sum += a[i * WIDTH + l] * b[l * WIDTH + j];
    return sum;
  });
}
