import { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import { log } from "../elementary/log.ts";
import type { Affine, Architecture, Network } from "./network.ts";

/** What a network looks like before it is trained. */
export interface Shape {
  /** p. */
  items: number;
  /** The units of each hidden layer. */
  hidden: readonly number[];
  architecture: Architecture;
  biases: { hidden: boolean; output: boolean };
  seed: string;
}

/** What cosines are multiplied by at the start. */
const SCALE = 10;

/**
 * Makes a network with random weights, uniform within ±√(6 / (units below + units above)) (Glorot and
 * Bengio, 2010); biases and offsets are 0, gains 1.
 */
export function startNetwork({ items: p, hidden, architecture, biases, seed }: Shape): Network {
  const random = seedrandom.alea(seed);
  const draw = (rows: number, columns: number) => {
    const weights = new Matrix(rows, columns);
    const bound = Math.sqrt(6 / (rows + columns));
    return weights.apply((i, j) => weights.set(i, j, bound * (2 * random() - 1)));
  };
  const k = hidden.at(-1)!;
  const { layerNormalization: normalization, output } = architecture;
  const affine = (normalized: boolean): Affine | null =>
    normalized && normalization.gain
      ? { gain: new Float64Array(k).fill(1), offset: new Float64Array(k) }
      : null;
  return {
    architecture,
    hidden: hidden.map((units, layer) => ({
      weights: draw(layer === 0 ? p : hidden[layer - 1], units),
      bias: biases.hidden ? new Float64Array(units) : null,
    })),
    items: draw(p, k),
    itemBias: biases.output ? new Float64Array(p) : null,
    affine: { users: affine(normalization.users), items: affine(normalization.items) },
    logScale: output === "cosine" ? log(SCALE) : null,
  };
}
