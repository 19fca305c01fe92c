import { log, log2, power } from "../math/elementary.ts";
import type { Interactions } from "../interactions/interactions.ts";
import type { RunArguments, ThreadPool } from "../kernels/thread_pool.ts";
import type { Precision, Variable } from "./network.ts";
import type { Exports } from "./network_float32_wasm.ts";

/** How many rows of a matrix a thread takes at once. */
const ROWS = 16;
/** How many items a thread takes at once. */
const ITEMS = 64;
/** How many bytes of a matrix, where little is done with each entry. */
const BYTES = 1 << 18;
/** What is added to a variance: that of PyTorch's LayerNorm. */
const EPSILON = 1e-5;

/** What {@linkcode Tape.normalizeRows} makes of each row. */
type RowNormalization = "unit length" | "zero mean, unit variance";

/**
 * Reverse-mode differentiation of a loss that is computed from matrices: every operation computes its
 * value and notes on the tape how its gradient is passed back.
 *
 * Values are bit for bit the same on every machine and for every number of threads: WebAssembly
 * leaves no choice, and each sum is taken in one order.
 */
export class Tape {
  /** The loss so far: the sum of what {@linkcode multinomialLoss} and {@linkcode penalty} add. */
  loss = 0;
  readonly memory: TapeMemory;
  readonly #parameters: Variable[] = [];
  readonly #variables: Variable[] = [];
  readonly #back: (() => void)[] = [];

  constructor(readonly pool: ThreadPool<Exports>, precision: Precision) {
    this.memory = new TapeMemory(pool, precision);
  }

  /** Makes a variable that outlives {@linkcode begin}, of entries row by row. */
  parameter(rows: number, columns: number, entries: ArrayLike<number>): Variable {
    const variable = this.memory.parameter(rows, columns, entries);
    this.#parameters.push(variable);
    return variable;
  }

  /** Clears the tape: every variable that is not a parameter is gone. */
  begin(): void {
    this.loss = 0;
    this.#variables.length = this.#back.length = 0;
    this.memory.clear();
  }

  /** X̃·W, where X̃ is the input of a batch of users. */
  gather(batch: UserBatch, w: Variable): Variable {
    const out = this.#new(batch.size, w.columns);
    const { users, rowStarts, columns, offsets, inputs } = batch;
    const x = [batch.size, users, rowStarts, columns, offsets, inputs] as const;
    this.#run("gather", batch.size, ROWS, ...x, w.value, w.width, out.value);
    this.#back.push(() => {
      this.#run("scatter", w.rows, ITEMS, ...x, out.gradient, w.width, w.gradient);
    });
    return out;
  }

  /** A·B. */
  product(a: Variable, b: Variable): Variable {
    const out = this.#new(a.rows, b.columns);
    this.#multiply(a, false, a.value, b.value, out.value, b.rows, b.width);
    this.#back.push(() => {
      const turned = this.#transpose(b);
      this.#multiply(out, false, out.gradient, turned, a.gradient, b.columns, a.width, true);
      this.#multiply(a, true, a.value, out.gradient, b.gradient, a.rows, b.width, true);
    });
    return out;
  }

  /** A·Bᵀ. */
  productTransposed(a: Variable, b: Variable): Variable {
    const out = this.#new(a.rows, b.rows);
    const turned = this.#transpose(b);
    this.#multiply(a, false, a.value, turned, out.value, b.columns, out.width);
    this.#back.push(() => {
      this.#multiply(out, false, out.gradient, b.value, a.gradient, b.rows, b.width, true);
      this.#multiply(out, true, out.gradient, a.value, b.gradient, a.rows, a.width, true);
    });
    return out;
  }

  /** Adds a row to every row of x: in place, so x must not be what a nonlinear operation returned. */
  addRow(x: Variable, row: Variable): Variable {
    this.#run("addRow", x.rows, rowsOf(x), x.rows, x.width, x.value, row.value);
    this.#back.push(() => this.#sumColumns(x, 0, row));
    return x;
  }

  /** x·diag(row). */
  scaleColumns(x: Variable, row: Variable): Variable {
    const out = this.#new(x.rows, x.columns);
    const shape = [x.rows, x.width] as const;
    this.#run("scaleColumns", x.rows, rowsOf(x), ...shape, x.value, row.value, out.value, 0);
    this.#back.push(() => {
      this.#run(
        "scaleColumns",
        x.rows,
        rowsOf(x),
        ...shape,
        out.gradient,
        row.value,
        x.gradient,
        1,
      );
      this.#sumColumns(out, x.value, row);
    });
    return out;
  }

  /** relu(x) or tanh(x), entry by entry. */
  activate(x: Variable, kind: "relu" | "tanh"): Variable {
    const out = this.#new(x.rows, x.columns);
    const all = x.rows * x.width;
    const which = kind === "relu" ? 0 : 1;
    this.#run("activate", all, BYTES, all, which, x.value, out.value);
    this.#back.push(() => {
      this.#run("activateBack", all, BYTES, all, which, out.value, out.gradient, x.gradient);
    });
    return out;
  }

  /** e^θ·x, where θ is a parameter of one entry. */
  temper(x: Variable, theta: Variable): Variable {
    const out = this.#new(x.rows, x.columns);
    const all = x.rows * x.width;
    this.#run("temper", all, BYTES, all, theta.value, x.value, out.value, 0);
    this.#back.push(() => {
      this.#run("temper", all, BYTES, all, theta.value, out.gradient, x.gradient, 1);
      this.pool.call("dot", all, out.gradient, out.value, theta.gradient);
    });
    return out;
  }

  /** Every row scaled to length 1 (zeros stay zeros), or shifted and scaled as in layer normalization. */
  normalizeRows(x: Variable, to: RowNormalization): Variable {
    const out = this.#new(x.rows, x.columns);
    const scales = this.memory.allocate(8 * x.rows);
    const shape = [x.rows, x.columns, x.width] as const;
    const center = to === "unit length" ? 0 : 1;
    const data = [x.value, out.value, scales, center, center * EPSILON] as const;
    this.#run("normalize", x.rows, rowsOf(x), ...shape, ...data);
    this.#back.push(() => {
      const back = [out.value, out.gradient, x.gradient, scales, center] as const;
      this.#run("normalizeBack", x.rows, rowsOf(x), ...shape, ...back);
    });
    return out;
  }

  /** Adds −Σ x_ui ln softmax(z_u)_i to the loss, averaged over the users of the batch. */
  multinomialLoss(batch: UserBatch, scores: Variable): void {
    scores.gradient ||= this.memory.allocate(scores.rows * scores.width);
    scores.written = true;
    const parts = this.memory.allocate(24 * batch.size);
    const { users, rowStarts, columns, values } = batch;
    const x = [batch.size, users, rowStarts, columns, values] as const;
    const z = [scores.value, scores.columns, scores.width, scores.gradient] as const;
    this.#run("multinomial", batch.size, ROWS, ...x, ...z, parts);
    const numbers = this.pool.float64(parts, 3 * batch.size);
    let sum = 0;
    for (let r = 0; r < numbers.length; r += 3) {
      sum += (numbers[r] && numbers[r] * log(numbers[r + 1])) + numbers[r + 2];
    }
    this.loss += sum / batch.size;
  }

  /** Adds λ‖W‖² to the loss. */
  penalty(w: Variable, lambda: number): void {
    const all = w.rows * w.width;
    // What is beyond the columns is zero, and adds nothing.
    const entries = this.memory.numbers(w.value, all / this.memory.bytes);
    let sum = 0;
    for (let i = 0; i < entries.length; i++) sum += entries[i] * entries[i];
    this.loss += lambda * sum;
    this.#back.push(() => {
      this.#run("addMultiple", all, BYTES, all, 2 * lambda, w.value, w.gradient);
    });
  }

  /** Computes the gradient of the loss by every parameter. */
  backward(): void {
    for (const variable of [...this.#parameters, ...this.#variables]) {
      if (!variable.written) this.memory.clearGradient(variable);
    }
    while (this.#back.length > 0) this.#back.pop()!();
  }

  /** Runs a kernel on chunks of a given number of rows or bytes. */
  #run<Name extends keyof Exports>(
    kernel: Name,
    all: number,
    ...args: RunArguments<Exports, Name>
  ): void {
    this.pool.run(kernel, Math.ceil(all / args[0]), ...args);
  }

  /** C = A·B or C += A·B, with A as it is laid out in `like`, or transposed. */
  #multiply(
    like: Variable,
    transposed: boolean,
    a: number,
    b: number,
    c: number,
    depth: number,
    width: number,
    add = false,
  ): void {
    const rows = transposed ? like.columns : like.rows;
    const { bytes } = this.memory;
    const steps = transposed ? [bytes, like.width] as const : [like.width, bytes] as const;
    this.#run("product", rows, ROWS, rows, depth, a, ...steps, b, width, width, c, Number(add));
  }

  #transpose(b: Variable): number {
    const width = this.memory.width(b.rows);
    const at = this.memory.allocate(b.columns * width);
    this.#run(
      "transpose",
      b.columns,
      Math.ceil(BYTES / width),
      b.value,
      b.width,
      b.rows,
      b.columns,
      at,
      width,
    );
    return at;
  }

  #sumColumns(x: Variable, times: number, row: Variable): void {
    this.pool.run("sumColumns", x.width / 16, x.rows, x.width, x.gradient, times, row.gradient);
  }

  #new(rows: number, columns: number): Variable {
    const variable = this.memory.variable(rows, columns);
    this.#variables.push(variable);
    return variable;
  }
}

/** How many rows of a matrix a given number of bytes holds. */
const rowsOf = ({ width }: Variable): number => Math.ceil(BYTES / width);

/**
 * Matrices in the memory of a pool: some that stay, and some that last until the next step, whose
 * memory is then used again.
 */
class TapeMemory {
  /** The bytes of a number. */
  readonly bytes: number;
  readonly #blocks: { at: number; bytes: number }[] = [];
  #used = 0;

  constructor(readonly pool: ThreadPool<Exports>, precision: Precision) {
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
    const at = this.pool.allocate(room);
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
    const value = this.pool.allocate(rows * width);
    const gradient = this.pool.allocate(rows * width);
    const stride = width / this.bytes;
    const numbers = this.numbers(value, rows * stride);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) numbers[i * stride + j] = entries[i * columns + j];
    }
    return { rows, columns, width, value, gradient, written: false };
  }

  /** The bytes of a row of that many columns. */
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
    return this.bytes === 8 ? this.pool.float64(at, length) : this.pool.float32(at, length);
  }
}

/** Some users whose interactions are the input, and the target, of a network. */
export interface UserBatch {
  /** How many they are. */
  readonly size: number;
  /** Where in memory the users are, and the interactions X. */
  readonly users: number;
  readonly rowStarts: number;
  readonly columns: number;
  readonly values: number;
  /** Where the input is, and where the input of each user starts in it. */
  readonly offsets: number;
  readonly inputs: number;
}

/** How the input is made of the interactions. */
interface InputOptions {
  /** Whether to divide the interactions of a user by their Euclidean length. */
  normalize: boolean;
  /** The share of the interactions that is dropped. */
  dropout: number;
  /** Of which random numbers: an integer of 32 bits. */
  key: number;
}

/** The interactions X in the memory of a pool, and the batches that are taken of them. */
export class UserBatches {
  readonly #pool: ThreadPool<Exports>;
  readonly #bytes: number;
  readonly #rowStarts: Uint32Array;
  readonly #x: Pick<UserBatch, "rowStarts" | "columns" | "values">;
  readonly #users: number;
  readonly #offsets: number;
  #inputs = 0;
  #room = 0;

  /**
   * @param pool Whose memory X is copied to.
   * @param bytes The bytes of a number of the network.
   * @param x The interactions.
   */
  constructor(pool: ThreadPool<Exports>, bytes: number, x: Interactions) {
    this.#pool = pool;
    this.#bytes = bytes;
    this.#rowStarts = x.rowStarts;
    this.#x = {
      rowStarts: pool.place(x.rowStarts),
      columns: pool.place(x.columnIndices),
      values: x.values === null ? 0 : pool.place(x.values),
    };
    this.#users = pool.allocate(4 * x.users);
    this.#offsets = pool.allocate(4 * x.users + 4);
  }

  /** Makes a batch of some users, each at most once; it is valid until the next is made. */
  take(users: Uint32Array, { normalize, dropout, key }: InputOptions): UserBatch {
    const offsets = new Uint32Array(users.length + 1);
    users.forEach((user, r) => {
      offsets[r + 1] = offsets[r] + this.#rowStarts[user + 1] - this.#rowStarts[user];
    });
    const bytes = offsets[users.length] * this.#bytes;
    if (bytes > this.#room) {
      this.#room = 2 * bytes;
      this.#inputs = this.#pool.allocate(this.#room);
    }
    this.#pool.uint32(this.#users, users.length).set(users);
    this.#pool.uint32(this.#offsets, offsets.length).set(offsets);
    const batch = {
      ...this.#x,
      size: users.length,
      users: this.#users,
      offsets: this.#offsets,
      inputs: this.#inputs,
    };
    const { rowStarts, values } = batch;
    const where = [batch.users, rowStarts, values, batch.offsets, batch.inputs] as const;
    const threshold = Math.floor(dropout * 2 ** 32);
    const how = [Number(normalize), key, threshold, 1 / (1 - dropout)] as const;
    this.#pool.run("input", Math.ceil(users.length / ROWS), ROWS, users.length, ...where, ...how);
    return batch;
  }
}
