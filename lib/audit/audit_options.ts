import type { Matrix } from "ml-matrix";
import {
  anything,
  assertInteger,
  assertKnown,
  assertNumber,
  assertNumbers,
  checkedOptions,
  describe,
  flag,
  integer,
  type LowerBound,
  oneOf,
  type OptionCheck,
  text,
} from "../check.ts";
import { InputError, InputRangeError, InputTypeError } from "../errors.ts";
import type { EmbeddingFile } from "./formats/embedding_file.ts";
import { type DeclaredTraining, TRAININGS } from "./measures/free_group.ts";
import type { EmbeddingRows } from "./rows.ts";

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

/** What the audit, a comparison and a choice of correction have in common. */
export const SEARCH: {
  neighbors: OptionCheck<number>;
  sample: OptionCheck<number>;
  seed: OptionCheck<string>;
} = {
  neighbors: integer(1, Infinity, 10),
  sample: integer(10, Infinity, 5000),
  seed: text("cosine-lab"),
};

/** Fills in the defaults of {@linkcode AuditOptions}, and checks them. */
export function auditOptions(options: AuditOptions): FullAuditOptions {
  const all: FullAuditOptions = checkedOptions("audit", options, {
    trained: oneOf(TRAININGS, "unknown"),
    biases: flag(false),
    file: anything<AuditOptions["file"]>(),
    users: anything<AuditOptions["users"]>(),
    userCounts: anything<AuditOptions["userCounts"]>(),
    labels: anything<AuditOptions["labels"]>(),
    popularity: anything<AuditOptions["popularity"]>(),
    ids: anything<AuditOptions["ids"]>(),
    queries: anything<AuditOptions["queries"]>(),
    pairs: anything<AuditOptions["pairs"]>(),
    conditions: { check: assertConditions, fallback: [1.1, 1.5, 2, 5, 10] },
    ...SEARCH,
    onProgress: anything<AuditOptions["onProgress"]>(),
  });
  if (all.biases && all.trained !== "product" && all.trained !== "sum") {
    throw new InputRangeError(
      `Cannot audit: biases must come with trained "product" or "sum", trained is "${all.trained}"`,
    );
  }
  if (all.pairs !== undefined && all.queries === undefined) {
    throw new InputTypeError("Cannot audit: pairs must come with queries");
  }
  return all;
}

function assertConditions(action: string, name: string, conditions: unknown): void {
  if (!Array.isArray(conditions)) {
    throw new InputTypeError(
      `Cannot ${action}: ${name} must be an array, current value is ${describe(conditions)}`,
    );
  }
  const fits = conditions.every((condition) => condition > 1 && condition <= MOST_CONDITION);
  if (fits && conditions.length > 0) return;
  throw new InputRangeError(
    `Cannot ${action}: ${name} must be finite numbers above 1, 1e12 at most, current value is [${
      conditions.join(", ")
    }]`,
  );
}

/** Which items are relevant to which queries: three lists of one length. */
export interface RelevantPairs {
  /** The row of each pair's query. */
  queries: ArrayLike<number>;
  /** The row of its item. */
  items: ArrayLike<number>;
  /** How relevant, above 0; 1 by default. */
  weights?: ArrayLike<number>;
}

/** What the two rows of a pair are called, and of how many rows each is one. */
type PairSides = Readonly<Record<string, number>>;

/**
 * Throws unless `pairs` is lists of one length, not empty: two of rows and, if any, one of weights.
 *
 * @param action What cannot be done otherwise; the message starts with "Cannot {action}".
 * @param pairs The value to check.
 * @param sides The names of the two lists of rows, and how many rows there are.
 */
export function assertPairs(action: string, pairs: unknown, sides: PairSides): void {
  const names = Object.keys(sides);
  assertKnown(action, pairs as object, [...names, "weights"]);
  const lists = pairs as Record<string, ArrayLike<number>>;
  const length = lists[names[0]]?.length ?? 0;
  for (const name of names) {
    assertPerRow(action, `pairs.${name}`, lists[name], length, "pairs");
    for (let i = 0; i < length; i++) {
      assertInteger(action, `pairs.${name}[${i}]`, lists[name][i], 0, sides[name] - 1);
    }
  }
  if (length === 0) throw new InputRangeError(`Cannot ${action}: there must be at least one pair`);
  const { weights } = lists;
  if (weights === undefined) return;
  assertPerRow(action, "pairs.weights", weights, length, "pairs");
  for (let i = 0; i < length; i++) {
    assertNumber(action, `pairs.weights[${i}]`, weights[i], { above: 0 }, 1e100);
  }
}

/** Throws unless there is one value in an array for each of so many rows. */
function assertPerRow(
  action: string,
  name: string,
  values: unknown,
  rows: number,
  of = "items",
): asserts values is ArrayLike<unknown> {
  if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && "length" in values)) {
    throw new InputTypeError(
      `Cannot ${action}: ${name} must be an array, current value is ${describe(values)}`,
    );
  }
  const { length } = values as ArrayLike<unknown>;
  if (length === rows) return;
  throw new InputRangeError(
    `Cannot ${action}: ${name} must have an entry for each of the ${rows} ${of}, there are ${length}`,
  );
}

/** Throws unless there is a finite number for each row, of at least `least`. */
export function assertNumberPerRow(
  action: string,
  name: string,
  values: unknown,
  rows: number,
  least: LowerBound = -Infinity,
  of = "items",
): void {
  assertPerRow(action, name, values, rows, of);
  assertNumbers(action, name, values, least);
}

/** Throws unless there is a string or a finite number for each row. */
export function assertIdPerRow(action: string, name: string, ids: unknown, rows: number): void {
  assertPerRow(action, name, ids, rows);
  for (let row = 0; row < rows; row++) {
    if (typeof ids[row] === "string" || Number.isFinite(ids[row])) continue;
    throw new InputTypeError(
      `Cannot ${action}: ${name} must be strings or finite numbers, entry ${row} is ` +
        describe(ids[row]),
    );
  }
}

/**
 * Norms whose second moments are numbers, and so are ratios and squares of these: those of any
 * embeddings that are stored as float32, but for the very edges.
 */
const [LEAST, MOST] = [1e-30, 1e30];

/**
 * Throws unless rows are neither too long nor too short for what is computed of their squares. What
 * compares two sides of a model cannot scale one of them and be silent: how long they are matters.
 */
export function assertScale(what: string, norms: Float64Array): void {
  let longest = 0;
  for (const norm of norms) longest = Math.max(longest, norm);
  if (longest >= LEAST && longest <= MOST) return;
  throw new InputError(
    `the longest of the ${what} must have a norm between ${LEAST} and ${MOST}, current value is ` +
      `${longest.toPrecision(3)}: scale them first`,
  );
}
