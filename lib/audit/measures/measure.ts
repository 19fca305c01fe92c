import type { AuditContext } from "./context.ts";
import type { AuditedFile } from "../audit_options.ts";
import type { DeclaredTraining, FreeGroup } from "./free_group.ts";

/** One line that the verdict draws. */
export interface Threshold {
  name: string;
  value: number;
  source: string;
}

/** What a report says before anything is measured. */
export interface Shared {
  items: number;
  dimensions: number;
  /** Rows of zeros: they have no direction, and their cosines are 0 by convention. */
  zeroRows: number;
  /** How the model was trained, as declared. */
  trained: DeclaredTraining;
  /** Whether the model has a bias for each item and each user, as declared. */
  biases: boolean;
  /** What is known of the file; null where the vectors are not from one. */
  file: AuditedFile | null;
  /** What training leaves free, by what was declared; null where nothing was. */
  group: FreeGroup | null;
  /** What part of the items the measurements on neighbors and pairs are of. */
  sample: { items: number; anchors: number; neighbors: number; pairs: number; seed: string };
  /** Whether the context vectors of a sum were given, so that its members are exact. */
  contexts: boolean;
}

/** When a flag is up, and what follows. */
export interface FlagRule<Value> {
  /**
   * `"fault"`: the file is not what it should be, and nothing else counts before that is mended.
   * `"serious"`: cosines should not be used without knowing it. `"note"`: good to know.
   */
  kind: "fault" | "serious" | "note";
  raised(value: Value, findings: Shared): boolean;
  /** What the headline says of it; flags that are only notes have none. */
  headline?(value: Value, findings: Shared): string;
  /** What to do about it. */
  advice?(value: Value, findings: Shared): string;
}

/** A line of the table of numbers: its name, and its values in order. */
export type NumberLine = [name: string, ...values: (number | string)[]];

/** One measure: everything that the audit knows about it. */
export interface Measure<
  Key extends string,
  Value,
  Flag extends string = never,
  Others extends object = object,
> {
  /** Its name in the report's JSON. */
  readonly key: Key;
  /** Whether its sentences are about the file as a whole, or about what the vectors show. */
  readonly section: "file" | "vectors";
  measure(context: AuditContext): Value;
  readonly flags?: Readonly<Record<Flag, FlagRule<Value>>>;
  readonly thresholds?: Readonly<Record<string, Threshold>>;
  /** What was measured, in sentences, where it is worth one. */
  sentences?(value: Value, findings: Shared & Others, flags: readonly string[]): string[];
  numbers?(value: Value): NumberLine[];
}
