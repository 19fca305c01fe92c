import { assertInteractions } from "../interactions/assert_interactions.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertString } from "../check/assert_string.ts";

/** What the loss of skip-gram with negative sampling depends on. */
export interface NegativeSamplingOptions {
  /** How many negatives are drawn for each (item, context) pair, at most 100. @default {5} */
  negatives?: number;
  /**
   * β: negatives are drawn with probabilities proportional to popularity^β. 0 is uniform, 1 is as the
   * items occur.
   *
   * @default {0.75}
   */
  noiseExponent?: number;
}

/** Options for {@linkcode trainSkipGram}. */
export interface SkipGramOptions extends NegativeSamplingOptions {
  /** k, the number of latent dimensions. @default {50} */
  rank?: number;
  /** How often to go through all users. @default {4} */
  epochs?: number;
  /** How many contexts to draw for each interaction in an epoch. @default {1} */
  contexts?: number;
  /** The learning rate of the first pair; it falls linearly, to 0.0001 of it. @default {0.025} */
  learningRate?: number;
  /** The seed of the start, of the order of the users and of what is drawn. @default {"skip-gram"} */
  seed?: string;
  /** Called now and then with the number of pairs done and of those to do. */
  onProgress?: (done: number, total: number) => void;
}

const LOSS = ["negatives", "noiseExponent"];
const TRAINING = ["rank", "epochs", "contexts", "learningRate", "seed", "onProgress"];

/** Checks what the loss depends on, and fills in the defaults. */
export function negativeSamplingOptions(
  action: string,
  x: Interactions,
  options: NegativeSamplingOptions,
): Required<NegativeSamplingOptions> {
  assertInteractions(action, "x", x);
  assertKnown(action, options, LOSS);
  const { negatives = 5, noiseExponent = 0.75 } = options;
  assertInteger(action, "negatives", negatives, 1, 100);
  assertNumber(action, "noiseExponent", noiseExponent, -10, 10);
  return { negatives, noiseExponent };
}

/** Checks the options of a training, and fills in the defaults. */
export function skipGramOptions(x: Interactions, options: SkipGramOptions) {
  assertInteractions("train", "x", x);
  assertKnown("train", options, [...LOSS, ...TRAINING]);
  const { negatives, noiseExponent } = options;
  const loss = negativeSamplingOptions("train", x, { negatives, noiseExponent });
  const { rank = 50, epochs = 4, contexts = 1, learningRate = 0.025, seed = "skip-gram" } = options;
  assertInteger("train", "rank", rank, 1);
  assertInteger("train", "epochs", epochs, 1);
  assertInteger("train", "contexts", contexts, 1, 2 ** 31 - 1);
  assertNumber("train", "learningRate", learningRate, { above: 0 });
  assertString("train", "seed", seed);
  const { onProgress } = options;
  return { ...loss, rank, epochs, contexts, learningRate, seed, onProgress };
}

/**
 * How often each item occurs in the set of a user that has at least two, so that there is a pair.
 *
 * @throws {RangeError} If there is no such user.
 */
export function contextCounts(action: string, x: Interactions): Float64Array {
  const counts = new Float64Array(x.items);
  for (let u = 0; u < x.users; u++) {
    const [start, end] = [x.rowStarts[u], x.rowStarts[u + 1]];
    if (end - start < 2) continue;
    for (let t = start; t < end; t++) counts[x.columnIndices[t]]++;
  }
  if (counts.every((count) => count === 0)) {
    throw new RangeError(`Cannot ${action}: x must have a user with at least two items`);
  }
  return counts;
}
