import { assertInteger } from "../check/assert_integer.ts";
import type { EmbeddingRows } from "./embedding_rows.ts";
import type { Matrix } from "ml-matrix";

/**
 * How a model was trained, as the one who trained it knows; vectors alone do not tell.
 *
 * - `"product"`: on dot products, with no penalty on either factor alone, like Eq. 1 (denoising,
 *   dropout, early stopping): D is free.
 * - `"factors"`: on dot products, with weight decay on users and on items, like Eq. 2: D is fixed.
 * - `"cosine"`: on cosines, or on vectors that are normalized within the model.
 * - `"unknown"`: what the audit says holds under a condition that it names.
 */
export type DeclaredTraining = "product" | "factors" | "cosine" | "unknown";

/** Options for {@linkcode auditEmbeddings}. */
export interface AuditOptions {
  /** How the model was trained. @default {"unknown"} */
  trained?: DeclaredTraining;
  /** The other side of the model, users x k: the rows of XA. */
  users?: Matrix | EmbeddingRows;
  /** What the items are known to be, one number each. */
  labels?: ArrayLike<number>;
  /** How popular each item is, in any unit. */
  popularity?: ArrayLike<number>;
  /** What to call each item; by default its row, counted from 0. */
  ids?: readonly (string | number)[];
  /** The κ under which neighbors and intervals are looked at. @default {[1.1, 1.5, 2, 5, 10]} */
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

/** The options with their defaults. */
export type FullAuditOptions =
  & Required<Omit<AuditOptions, "users" | "labels" | "popularity" | "ids" | "onProgress">>
  & Pick<AuditOptions, "users" | "labels" | "popularity" | "ids" | "onProgress">;

/** Fills in the defaults of {@linkcode AuditOptions}, and checks them. */
export function auditOptions(options: AuditOptions): FullAuditOptions {
  const all = {
    ...options,
    trained: options.trained ?? "unknown",
    conditions: options.conditions ?? [1.1, 1.5, 2, 5, 10],
    neighbors: options.neighbors ?? 10,
    sample: options.sample ?? 5000,
    seed: options.seed ?? "cosine-lab",
  };
  const trainings = ["product", "factors", "cosine", "unknown"];
  if (!trainings.includes(all.trained)) {
    throw new RangeError(
      `Cannot audit: trained must be ${trainings.map((word) => `"${word}"`).join(" or ")}, ` +
        `current value is "${all.trained}"`,
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
  return all;
}

/** Throws unless there is a value for each item, where there are values at all. */
export function assertPerItem(
  name: string,
  values: ArrayLike<unknown> | undefined,
  items: number,
): void {
  if (values === undefined || values.length === items) return;
  throw new RangeError(
    `Cannot audit: ${name} must have an entry for each of the ${items} items, it has ${values.length}`,
  );
}
