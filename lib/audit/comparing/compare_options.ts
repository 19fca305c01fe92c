import { assertNumberPerRow } from "../assert_side.ts";
import { assertInteger, assertKnown, assertString } from "../../check.ts";

/** Options for {@linkcode compareEmbeddings}. */
export interface CompareOptions {
  /** What A calls its items; items are matched by ids where both sides have them. */
  idsOfA?: readonly (string | number)[];
  /** What B calls its items. */
  idsOfB?: readonly (string | number)[];
  /** How popular each item of A is, in any unit. */
  popularity?: ArrayLike<number>;
  /** How many nearest neighbors to compare. @default {10} */
  neighbors?: number;
  /** Among how many random items neighbors are looked for. @default {5000} */
  sample?: number;
  /** The same seed gives the same report, to the last digit. @default {"cosine-lab"} */
  seed?: string;
  /** Called with how many hundredths of the work are done. */
  onProgress?: (done: number, total: number) => void;
}

/** The options with their defaults. */
export type FullCompareOptions =
  & Required<Pick<CompareOptions, "neighbors" | "sample" | "seed" | "onProgress">>
  & Pick<CompareOptions, "idsOfA" | "idsOfB" | "popularity">;

/** Among how many random items neighbors are looked for unless told otherwise. */
export const DEFAULT_SAMPLE = 5000;

const NAMES = ["idsOfA", "idsOfB", "popularity", "neighbors", "sample", "seed", "onProgress"];

/** Fills in the defaults of {@linkcode CompareOptions}, and checks them. */
export function compareOptions(options: CompareOptions, rowsOfA: number): FullCompareOptions {
  const action = "compare embeddings";
  assertKnown(action, options, NAMES);
  const { neighbors = 10, sample = DEFAULT_SAMPLE, seed = "cosine-lab", onProgress = () => {} } =
    options;
  assertInteger(action, "neighbors", neighbors, 1);
  assertInteger(action, "sample", sample, 10);
  assertString(action, "seed", seed);
  const { popularity } = options;
  if (popularity !== undefined) {
    assertNumberPerRow(action, "popularity", popularity, rowsOfA, -Infinity, "items of A");
  }
  return { ...options, neighbors, sample, seed, onProgress };
}
