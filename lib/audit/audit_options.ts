import type { Matrix } from "ml-matrix";
import { assertInteger } from "../check/assert_integer.ts";
import { assertKnown } from "../check/assert_known.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import { assertString } from "../check/assert_string.ts";
import { describe } from "../check/describe.ts";
import type { EmbeddingRows } from "./embedding_rows.ts";
import { type DeclaredTraining, TRAININGS } from "./measuring/free_group.ts";
import type { RelevantPairs } from "./measuring/query_items.ts";

/** Options for {@linkcode auditEmbeddings}. */
export interface AuditOptions {
  /** How the model was trained. @default {"unknown"} */
  trained?: DeclaredTraining;
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

type Defaulted = "trained" | "conditions" | "neighbors" | "sample" | "seed";

/** The options with their defaults. */
export type FullAuditOptions = AuditOptions & Required<Pick<AuditOptions, Defaulted>>;

const KNOWN = [
  ...["trained", "users", "userCounts", "labels", "popularity", "ids", "queries", "pairs"],
  ...["conditions", "neighbors", "sample", "seed", "onProgress"],
];

/** Fills in the defaults of {@linkcode AuditOptions}, and checks them. */
export function auditOptions(options: AuditOptions): FullAuditOptions {
  assertKnown("audit", options, KNOWN);
  const all = {
    ...options,
    trained: options.trained ?? "unknown",
    conditions: options.conditions ?? [1.1, 1.5, 2, 5, 10],
    neighbors: options.neighbors ?? 10,
    sample: options.sample ?? 5000,
    seed: options.seed ?? "cosine-lab",
  };
  assertOneOf("audit", "trained", all.trained, TRAININGS);
  if (!Array.isArray(all.conditions)) {
    throw new TypeError(
      `Cannot audit: conditions must be an array, current value is ${describe(all.conditions)}`,
    );
  }
  const bad = all.conditions.find((condition) => !(condition > 1 && condition < Infinity));
  if (all.conditions.length === 0 || bad !== undefined) {
    throw new RangeError(
      `Cannot audit: conditions must be finite numbers above 1, current value is [${
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

/** Throws unless there is a value for each row, where there are values at all. */
export function assertPerRow(
  name: string,
  values: ArrayLike<unknown> | undefined,
  rows: number,
  of = "items",
): void {
  if (values === undefined || values.length === rows) return;
  throw new RangeError(
    `Cannot audit: ${name} must have an entry for each of the ${rows} ${of}, it has ${values.length}`,
  );
}

/** Throws unless values are finite numbers, of at least `least`. */
export function assertNumbers(
  name: string,
  values: ArrayLike<number> | undefined,
  least = -Infinity,
): void {
  if (values === undefined) return;
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] === "number" && Number.isFinite(values[i]) && values[i] >= least) continue;
    const bound = least > -Infinity ? ` of at least ${least}` : "";
    throw new RangeError(
      `Cannot audit: ${name} must be finite numbers${bound}, entry ${i} is ${describe(values[i])}`,
    );
  }
}
