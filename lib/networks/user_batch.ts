import type { Exports } from "./network_float32_wasm.ts";
import type { Interactions } from "../interactions/interactions.ts";
import type { Crew } from "../kernels/crew.ts";

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
export interface InputOptions {
  /** Whether to divide the interactions of a user by their Euclidean length. */
  normalize: boolean;
  /** The share of the interactions that is dropped. */
  dropout: number;
  /** Of which random numbers: an integer of 32 bits. */
  key: number;
}

/** The interactions X in the memory of a crew, and the batches that are taken of them. */
export class UserBatches {
  readonly #crew: Crew<Exports>;
  readonly #bytes: number;
  readonly #rowStarts: Uint32Array;
  readonly #x: Pick<UserBatch, "rowStarts" | "columns" | "values">;
  readonly #users: number;
  readonly #offsets: number;
  #inputs = 0;
  #room = 0;

  /**
   * @param crew Whose memory X is copied to.
   * @param bytes The bytes of a number of the network.
   * @param x The interactions.
   */
  constructor(crew: Crew<Exports>, bytes: number, x: Interactions) {
    this.#crew = crew;
    this.#bytes = bytes;
    this.#rowStarts = x.rowStarts;
    this.#x = {
      rowStarts: crew.place(x.rowStarts),
      columns: crew.place(x.columnIndices),
      values: x.values === null ? 0 : crew.place(x.values),
    };
    this.#users = crew.allocate(4 * x.users);
    this.#offsets = crew.allocate(4 * x.users + 4);
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
      this.#inputs = this.#crew.allocate(this.#room);
    }
    this.#crew.uint32(this.#users, users.length).set(users);
    this.#crew.uint32(this.#offsets, offsets.length).set(offsets);
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
    this.#crew.run("input", Math.ceil(users.length / ROWS), ROWS, users.length, ...where, ...how);
    return batch;
  }
}

/** How many users a thread takes at once. */
const ROWS = 16;
