import { log2 } from "../elementary/log2.ts";
import { power } from "../elementary/power.ts";
import type { Exports } from "./network_float32_wasm.ts";
import type { Crew } from "../kernels/crew.ts";
import type { Precision, Variable } from "./variable.ts";

/**
 * Matrices in the memory of a crew: some that stay, and some that last until the next step, whose
 * memory is then used again.
 */
export class TapeMemory {
  /** The bytes of a number. */
  readonly bytes: number;
  readonly #blocks: { at: number; bytes: number }[] = [];
  #used = 0;

  constructor(readonly crew: Crew<Exports>, precision: Precision) {
    this.bytes = precision === "float64" ? 8 : 4;
  }

  /** Gives all memory back that {@linkcode allocate} and {@linkcode variable} have given. */
  clear(): void {
    this.#used = 0;
  }

  /** Memory until it is cleared; what was in it before is still there. */
  allocate(bytes: number): number {
    const block = this.#blocks[this.#used++];
    if (block?.bytes >= bytes) return block.at;
    const room = power(2, Math.ceil(log2(bytes + 1)));
    const at = this.crew.allocate(room);
    this.#blocks[this.#used - 1] = { at, bytes: room };
    return at;
  }

  /** A matrix until the memory is cleared, of what was there before. */
  variable(rows: number, columns: number): Variable {
    const width = this.width(columns);
    const value = this.allocate(rows * width);
    return { rows, columns, width, value, gradient: 0, written: false };
  }

  /** A matrix that stays, of entries row by row, with room for its gradient. */
  parameter(rows: number, columns: number, entries: ArrayLike<number>): Variable {
    const width = this.width(columns);
    const value = this.crew.allocate(rows * width);
    const gradient = this.crew.allocate(rows * width);
    const stride = width / this.bytes;
    const numbers = this.numbers(value, rows * stride);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) numbers[i * stride + j] = entries[i * columns + j];
    }
    return { rows, columns, width, value, gradient, written: false };
  }

  /** The bytes of a row of so many columns. */
  width(columns: number): number {
    return Math.ceil(columns * this.bytes / 16) * 16;
  }

  /** The entries of a matrix, or of its gradient, row by row. */
  entries(variable: Variable, what: "value" | "gradient" = "value"): Float64Array {
    const { rows, columns, width } = variable;
    const stride = width / this.bytes;
    const numbers = this.numbers(variable[what], rows * stride);
    const entries = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      entries.set(numbers.subarray(i * stride, i * stride + columns), i * columns);
    }
    return entries;
  }

  /** Makes the gradient of a matrix zero. */
  clearGradient(variable: Variable): void {
    const bytes = variable.rows * variable.width;
    variable.gradient ||= this.allocate(bytes);
    this.numbers(variable.gradient, bytes / this.bytes).fill(0);
  }

  /** The numbers in memory, as long as nothing else is allocated. */
  numbers(at: number, length: number): Float32Array | Float64Array {
    return this.bytes === 8 ? this.crew.float64(at, length) : this.crew.float32(at, length);
  }
}
