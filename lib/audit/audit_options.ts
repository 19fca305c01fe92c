import type { Matrix } from "ml-matrix";
import {
  assertBoolean,
  assertInteger,
  assertKnown,
  assertOneOf,
  assertString,
  describe,
} from "../check.ts";
import type { EmbeddingRows } from "./embedding_rows.ts";
import type { EmbeddingFile } from "./formats/embedding_file.ts";
import { type DeclaredTraining, TRAININGS } from "./measures/free_group.ts";
import type { RelevantPairs } from "./assert_pairs.ts";

/** Options for {@linkcode auditEmbeddings}. */
export interface AuditOptions {
  /** How the model was trained. @default {"unknown"} */
  trained?: DeclaredTraining;
  /**
   * Whether a model of `"product"` or `"sum"` has a bias for each item and each user: then one vector
   * added to all items is free as well. @default {false}
   */
  biases?: boolean;
  /** What is known of the file that the items are from, for the report. */
  file?: AuditedFile;
  /**
   * The other side of the model, users x k: the rows of XA. Where the vectors are a `"sum"`, the
   * context vectors W̃ that are in it, in the order of the items.
   */
  users?: Matrix | EmbeddingRows;
  /** How often each user counts in the penalty, for a decay that is scaled by counts. */
  userCounts?: ArrayLike<number>;
  /** What the items are known to be, one number each. */
  labels?: ArrayLike<number>;
  /** How popular each item is, in any unit. */
  popularity?: ArrayLike<number>;
  /** What to call each item; by default its row, counted from 0. */
  ids?: readonly (string | number)[];
  /** Vectors that items are looked up with, queries x k. */
  queries?: Matrix | EmbeddingRows;
  /** Which items are relevant to which queries, by their rows. */
  pairs?: RelevantPairs;
  /** How far axes are stretched against each other. @default {[1.1, 1.5, 2, 5, 10]} */
  conditions?: readonly number[];
  /** How many nearest neighbors to compare. @default {10} */
  neighbors?: number;
  /** Among how many random items neighbors are looked for. @default {5000} */
  sample?: number;
  /** The same seed gives the same report, to the last digit. @default {"cosine-lab"} */
  seed?: string;
  /** Called before each stage with how many hundredths of the work are done, and its name. */
  onProgress?: (done: number, total: number, stage: string) => void;
}

/** What a report says of the file: see {@linkcode EmbeddingFile}. */
export type AuditedFile = Pick<
  EmbeddingFile,
  "format" | "dtype" | "taken" | "records" | "leftOut"
>;

type Defaulted = "trained" | "biases" | "conditions" | "neighbors" | "sample" | "seed";

/** The options with their defaults. */
export type FullAuditOptions = AuditOptions & Required<Pick<AuditOptions, Defaulted>>;

/** Beyond that the shortest axes are below the rounding of the longest. */
const MOST_CONDITION = 1e12;

const KNOWN = [
  ...[
    "trained",
    "biases",
    "file",
    "users",
    "userCounts",
    "labels",
    "popularity",
    "ids",
    "queries",
    "pairs",
  ],
  ...["conditions", "neighbors", "sample", "seed", "onProgress"],
];

/** Fills in the defaults of {@linkcode AuditOptions}, and checks them. */
export function auditOptions(options: AuditOptions): FullAuditOptions {
  assertKnown("audit", options, KNOWN);
  const { trained = "unknown", biases = false, conditions = [1.1, 1.5, 2, 5, 10] } = options;
  const { neighbors = 10, sample = 5000, seed = "cosine-lab" } = options;
  const all = {
    ...options,
    ...{ trained, biases, conditions, neighbors, sample, seed },
  };
  assertOneOf("audit", "trained", all.trained, TRAININGS);
  assertBoolean("audit", "biases", all.biases);
  if (all.biases && all.trained !== "product" && all.trained !== "sum") {
    throw new RangeError(
      `Cannot audit: biases must come with trained "product" or "sum", trained is "${all.trained}"`,
    );
  }
  if (!Array.isArray(all.conditions)) {
    throw new TypeError(
      `Cannot audit: conditions must be an array, current value is ${describe(all.conditions)}`,
    );
  }
  const bad = all.conditions.find((condition) => !(condition > 1 && condition <= MOST_CONDITION));
  if (all.conditions.length === 0 || bad !== undefined) {
    throw new RangeError(
      `Cannot audit: conditions must be finite numbers above 1, 1e12 at most, current value is [${
        all.conditions.join(", ")
      }]`,
    );
  }
  assertInteger("audit", "neighbors", all.neighbors, 1);
  assertInteger("audit", "sample", all.sample, 10);
  assertString("audit", "seed", all.seed);
  if (all.pairs !== undefined && all.queries === undefined) {
    throw new TypeError("Cannot audit: pairs must come with queries");
  }
  return all;
}
