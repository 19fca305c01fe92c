/**
 * Trains a small network, or finds its training in the folder that is named.
 *
 * @module
 */
import { Interactions } from "../../../lib/interactions/interactions.ts";
import { cachedTraining } from "../../../lib/notebook/cached_training.ts";

const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]]);
cachedTraining(x, { hidden: [64], epochs: 20, threads: 1, folder: Deno.args[0] });
