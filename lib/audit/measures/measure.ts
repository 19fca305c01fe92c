import type { AuditContext } from "./context.ts";
import type { Findings } from "./measures.ts";

/** One line that the verdict draws. */
export interface Threshold {
  name: string;
  value: number;
  source: string;
}

/** When a flag is up, and what follows. */
export interface FlagRule<Value> {
  /**
   * `"fault"`: the file is not what it should be, and nothing else counts before that is mended.
   * `"serious"`: cosines should not be used without knowing it. `"note"`: good to know.
   */
  kind: "fault" | "serious" | "note";
  raised(value: Value, findings: Findings): boolean;
  /** What the headline says of it; flags that are only notes have none. */
  headline?(value: Value, findings: Findings): string;
  /** What to do about it. */
  advice?(value: Value, findings: Findings): string;
}

/** A line of the table of numbers: its name, and its values in order. */
export type NumberLine = [name: string, ...values: (number | string)[]];

/** One measure: everything that the audit knows about it. */
export interface Measure<Key extends string, Value, Flag extends string = never> {
  /** Its name in the report's JSON. */
  readonly key: Key;
  /** Whether its sentences are about the file as a whole, or about what the vectors show. */
  readonly section: "file" | "vectors";
  measure(context: AuditContext): Value;
  readonly flags?: Readonly<Record<Flag, FlagRule<Value>>>;
  readonly thresholds?: Readonly<Record<string, Threshold>>;
  /** What was measured, in sentences, where it is worth one. */
  sentences?(value: Value, findings: Findings, flags: readonly string[]): string[];
  numbers?(value: Value): NumberLine[];
}
