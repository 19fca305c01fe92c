import { Matrix } from "ml-matrix";
import { Crew } from "../kernels/crew.ts";
import { rowArrays } from "../linalg/row_arrays.ts";
import skipGramWasm, { type Exports } from "./skip_gram_wasm.ts";

/**
 * The input and the output vectors in the memory of the kernel, as rows of f32 that are padded to a
 * multiple of eight.
 */
export class SkipGramMemory {
  readonly crew: Crew<Exports> = new Crew(skipGramWasm, 1);
  readonly input: number;
  readonly output: number;
  /** Bytes of a row. */
  readonly bytes: number;
  readonly #scratch: number;

  /**
   * @param items p, the number of rows.
   * @param rank k, the numbers of a row.
   * @param negatives How many there are to a pair at most.
   */
  constructor(readonly items: number, readonly rank: number, negatives: number) {
    this.bytes = Math.ceil(rank / 8) * 32;
    this.input = this.crew.allocate(items * this.bytes);
    this.output = this.crew.allocate(items * this.bytes);
    this.#scratch = this.crew.allocate(2 * 4 * (negatives + 4));
  }

  /** Room for the targets of a pair and their coefficients. */
  get scratch(): number {
    return this.#scratch;
  }

  /** Writes vectors, rounded to f32. */
  write(at: number, vectors: Matrix): void {
    const room = this.#floats(at);
    rowArrays(vectors).forEach((row, i) => room.set(row, i * this.bytes / 4));
  }

  /** Reads vectors, p x k. */
  read(at: number): Matrix {
    const room = this.#floats(at);
    const vectors = new Matrix(this.items, this.rank);
    rowArrays(vectors).forEach((row, i) => {
      for (let j = 0; j < row.length; j++) row[j] = room[i * this.bytes / 4 + j];
    });
    return vectors;
  }

  #floats(at: number): Float32Array {
    const { buffer } = this.crew.uint32(at, 1);
    return new Float32Array(buffer, at, this.items * this.bytes / 4);
  }
}
