import type { Matrix } from "ml-matrix";
import { ThreadPool } from "../kernels/thread_pool.ts";
import { kernelModule } from "../kernels/kernels.ts";
import { flatMatrix } from "../linalg/products.ts";
import type { Affine, Network, Precision, Variable } from "./network.ts";
import float32Wasm, { type Exports } from "./network_float32_wasm.ts";
import float64Wasm from "./network_float64_wasm.ts";
import { Tape, type UserBatch } from "./tape.ts";

/** Starts a pool with the kernels of a precision. */
export function networkPool(precision: Precision, threads?: number): ThreadPool<Exports> {
  return new ThreadPool(kernelModule(precision === "float64" ? float64Wasm : float32Wasm), threads);
}

/** What a network computes of a batch. */
export interface Activations {
  /** Each hidden layer, users x units. */
  hidden: Variable[];
  /** The embeddings as they enter the product. */
  users: Variable;
  items: Variable;
  /** Users x items. */
  scores: Variable;
}

/** The parameters of a network on a tape, and what is computed with them. */
export class NetworkTape {
  readonly tape: Tape;
  /** All parameters, in a fixed order. */
  readonly parameters: Variable[] = [];
  readonly #network: Network;
  readonly #hidden: { weights: Variable; bias: Variable | null }[];
  readonly #items: Variable;
  readonly #itemBias: Variable | null;
  readonly #affine: Record<"users" | "items", { gain: Variable; offset: Variable } | null>;
  readonly #logScale: Variable | null;

  constructor(pool: ThreadPool<Exports>, precision: Precision, network: Network) {
    this.tape = new Tape(pool, precision);
    this.#network = network;
    this.#hidden = network.hidden.map(({ weights, bias }) => ({
      weights: this.#matrix(weights),
      bias: this.#row(bias),
    }));
    this.#items = this.#matrix(network.items);
    this.#itemBias = this.#row(network.itemBias);
    const affine = (a: Affine | null) =>
      a && { gain: this.#row(a.gain)!, offset: this.#row(a.offset)! };
    this.#affine = {
      users: affine(network.affine.users),
      items: affine(network.affine.items),
    };
    this.#logScale = this.#row(network.logScale === null ? null : [network.logScale]);
  }

  /** Computes the scores of a batch; the tape must have been cleared. */
  forward(batch: UserBatch): Activations {
    const { tape } = this;
    const { activation, output, layerNormalization } = this.#network.architecture;
    const hidden: Variable[] = [];
    for (const { weights, bias } of this.#hidden) {
      const below = hidden.at(-1);
      let h = below === undefined ? tape.gather(batch, weights) : tape.product(below, weights);
      if (bias !== null) h = tape.addRow(h, bias);
      hidden.push(activation === "linear" ? h : tape.activate(h, activation));
    }
    const embed = (side: "users" | "items", x: Variable) => {
      if (layerNormalization[side]) {
        x = tape.normalizeRows(x, "zero mean, unit variance");
        const affine = this.#affine[side];
        if (affine !== null) x = tape.addRow(tape.scaleColumns(x, affine.gain), affine.offset);
      }
      return output === "cosine" ? tape.normalizeRows(x, "unit length") : x;
    };
    const users = embed("users", hidden.at(-1)!);
    const items = embed("items", this.#items);
    const scaled = this.#logScale === null ? users : tape.temper(users, this.#logScale);
    const scores = tape.productTransposed(scaled, items);
    if (this.#itemBias !== null) tape.addRow(scores, this.#itemBias);
    return { hidden, users, items, scores };
  }

  /** Adds λ‖W‖² for the weights of all hidden layers and for the outgoing weights to the loss. */
  penalize({ encoder, decoder }: { encoder: number; decoder: number }): void {
    if (encoder > 0) {
      for (const { weights } of this.#hidden) {
        this.tape.penalty(weights, encoder);
      }
    }
    if (decoder > 0) this.tape.penalty(this.#items, decoder);
  }

  /** The network with the parameters as they are now, or with the gradient in their place. */
  read(what: "value" | "gradient" = "value"): Network {
    const row = (v: Variable | null) => v && this.tape.memory.entries(v, what);
    const matrix = (v: Variable): Matrix =>
      flatMatrix(this.tape.memory.entries(v, what), v.columns);
    const affine = (side: "users" | "items") => {
      const a = this.#affine[side];
      return a && { gain: row(a.gain)!, offset: row(a.offset)! };
    };
    return {
      architecture: this.#network.architecture,
      hidden: this.#hidden.map(({ weights, bias }) => ({
        weights: matrix(weights),
        bias: row(bias),
      })),
      items: matrix(this.#items),
      itemBias: row(this.#itemBias),
      affine: { users: affine("users"), items: affine("items") },
      logScale: this.#logScale && this.tape.memory.entries(this.#logScale, what)[0],
    };
  }

  #row(entries: ArrayLike<number> | null): Variable | null {
    return entries && this.#keep(1, entries.length, entries);
  }

  #matrix(m: Matrix): Variable {
    return this.#keep(m.rows, m.columns, m.to1DArray());
  }

  #keep(rows: number, columns: number, entries: ArrayLike<number>): Variable {
    const variable = this.tape.parameter(rows, columns, entries);
    this.parameters.push(variable);
    return variable;
  }
}
