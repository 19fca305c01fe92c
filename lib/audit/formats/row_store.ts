import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "../embedding_rows.ts";
import { assertColumns, assertMemory } from "./memory_limit.ts";

/** How rows are kept that come one by one, from a file that has no random access. */
export interface StoreOptions {
  /** The limit, in megabytes. */
  memory: number;
  /** How many bytes an entry takes: 4 where the file's numbers were float32, 8 elsewhere. */
  bytes: 4 | 8;
}

/** How many entries there is room for at first: most files are small. */
const FIRST = 1 << 14;

/** Rows of one length in memory, in blocks, so that growing copies no more than one. */
export class RowStore {
  readonly #chunks: (Float32Array | Float64Array)[] = [];
  readonly #options: StoreOptions;
  readonly #name: string;
  readonly #size: number;
  readonly #most: number;
  readonly columns: number;
  rows = 0;

  constructor(name: string, columns: number, options: StoreOptions) {
    assertColumns(name, columns);
    this.#name = name;
    this.columns = columns;
    this.#options = options;
    this.#size = rowsPerBlock(columns);
    this.#most = Math.floor(options.memory * 1e6 / (columns * options.bytes));
  }

  /** Makes room for one more row. Returns where it goes: fill `columns` entries from `at` on. */
  next(): { values: Float32Array | Float64Array; at: number } {
    const place = this.rows % this.#size;
    if (place === 0 || place * this.columns === this.#chunks.at(-1)!.length) this.#grow(place);
    this.rows++;
    if (this.rows > this.#most) this.assertRows(this.rows);
    return { values: this.#chunks.at(-1)!, at: place * this.columns };
  }

  /** Makes a block, or the last one larger, in which there are so many rows. */
  #grow(filled: number): void {
    const Values = this.#options.bytes === 4 ? Float32Array : Float64Array;
    const rows = Math.max(2 * filled, Math.ceil(FIRST / this.columns));
    const values = new Values(Math.min(rows, this.#size) * this.columns);
    if (filled > 0) values.set(this.#chunks.pop()!);
    this.#chunks.push(values);
  }

  /** Throws unless so many rows fit into memory: to be asked as soon as it can be guessed. */
  assertRows(rows: number): void {
    const { bytes, memory } = this.#options;
    assertMemory(
      this.#name,
      `keeping ${rows.toLocaleString("en")} x ${this.columns.toLocaleString("en")} numbers`,
      rows * this.columns * bytes,
      memory,
      "; .npy files are read in blocks",
    );
  }

  /** The rows, to be read as often as wanted. No more may be added. */
  finish(): EmbeddingRows {
    const { rows, columns } = this;
    const chunks = this.#chunks, size = this.#size;
    return {
      rows,
      columns,
      *blocks(): Generator<RowBlock> {
        for (const [i, chunk] of chunks.entries()) {
          const start = i * size, count = Math.min(size, rows - start);
          yield { start, rows: count, values: chunk.subarray(0, count * columns) };
        }
      },
    };
  }
}
