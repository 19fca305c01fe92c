import { anisotropyMeasure, collapsedMeasure, isoScoreRangeMeasure } from "./anisotropy.ts";
import { attainableMeasure } from "./attainable.ts";
import { duplicatesMeasure, nearDuplicatesMeasure, repeatedIdsMeasure } from "./duplicates.ts";
import { hubnessMeasure } from "./hubness.ts";
import { examplesMeasure, neighborsMeasure } from "./neighbors.ts";
import { labelsMeasure } from "./labels.ts";
import { noiseMeasure } from "./noise.ts";
import {
  dotCosineCorrelationMeasure,
  longRowsMeasure,
  normsMeasure,
  popularityMeasure,
  twoScalesMeasure,
} from "./norms.ts";
import { numbersMeasure, packedBitsMeasure, quantizationMeasure } from "./numbers.ts";
import { queriesMeasure } from "./queries.ts";
import {
  constantColumnsMeasure,
  paddedRowsMeasure,
  rogueCoordinatesMeasure,
  spanMeasure,
  transposedMeasure,
} from "./coordinates.ts";
import { usersMeasure } from "./users.ts";
import { leftOutMeasure, zeroRowsMeasure } from "./missing_rows.ts";
import { groupsMeasure, islandsMeasure } from "./islands.ts";
import { modelBlocksMeasure } from "./model_blocks.ts";
import { orderMeasure } from "./order.ts";
import { scoresMeasure } from "./scores.ts";
import type { FlagRule, Measure, NumberLine, Shared, Threshold } from "./measure.ts";

/** All measures, in the order in which a report speaks of them. */
export const MEASURES = [
  collapsedMeasure,
  packedBitsMeasure,
  numbersMeasure,
  paddedRowsMeasure,
  orderMeasure,
  modelBlocksMeasure,
  islandsMeasure,
  groupsMeasure,
  twoScalesMeasure,
  transposedMeasure,
  leftOutMeasure,
  zeroRowsMeasure,
  longRowsMeasure,
  repeatedIdsMeasure,
  duplicatesMeasure,
  nearDuplicatesMeasure,
  constantColumnsMeasure,
  spanMeasure,
  noiseMeasure,
  scoresMeasure,
  neighborsMeasure,
  attainableMeasure,
  rogueCoordinatesMeasure,
  anisotropyMeasure,
  isoScoreRangeMeasure,
  normsMeasure,
  dotCosineCorrelationMeasure,
  popularityMeasure,
  hubnessMeasure,
  usersMeasure,
  labelsMeasure,
  queriesMeasure,
  quantizationMeasure,
  examplesMeasure,
] as const;

type AnyMeasure = (typeof MEASURES)[number];

type FlagsOf<M> = M extends { readonly flags?: Readonly<Record<infer Flag, unknown>> } ? Flag
  : never;

/** What was measured, whatever was declared. */
export type VerdictFlag = FlagsOf<AnyMeasure>;

/** What each measure found, by its key. */
export type Measured = { [M in AnyMeasure as M["key"]]: ReturnType<M["measure"]> };

/** All that was measured: numbers only. */
export interface Findings extends Measured, Shared {
  /** The version of this format: a script that knows it can rely on the names. */
  schema: typeof SCHEMA;
}

/** The version of the format, which changes with the meaning of any name in it. */
export const SCHEMA = "cosine-lab/audit/1";

/** A measure whose types are known to fit each other. */
type Loose = Measure<string, unknown, string>;
const LOOSE = MEASURES as readonly unknown[] as readonly Loose[];

/** All flags, with their rules. */
export const RULES = Object.fromEntries(
  LOOSE.flatMap(({ key, flags }) =>
    Object.entries(flags ?? {}).map(([flag, rule]) => [flag, { key, ...rule }])
  ),
) as Record<VerdictFlag, FlagRule<unknown> & { key: keyof Measured }>;

/** The names of all flags. */
export const FLAGS = Object.keys(RULES) as VerdictFlag[];

/** Where lines are drawn, and why there. */
export const THRESHOLDS: Threshold[] = LOOSE.flatMap(({ thresholds, flags }) => [
  ...thresholds ?? [],
  ...Object.values(flags ?? {}).flatMap(({ threshold }) => threshold ?? []),
]);

/** The flags that are up; where numbers were misread, those alone that hold whatever they are. */
export function flagsOf(findings: Findings): VerdictFlag[] {
  const raised = FLAGS.filter((flag) => RULES[flag].raised(findings[RULES[flag].key], findings));
  if (!raised.some((flag) => RULES[flag].misread)) return raised;
  return raised.filter((flag) => RULES[flag].misread || RULES[flag].holdsAnyway);
}

/** How much a flag that is up counts. */
export function kindOf(flag: VerdictFlag, findings: Findings): FlagRule<unknown>["kind"] {
  const { key, kind, serious, fault } = RULES[flag];
  if (fault?.(findings[key], findings)) return "fault";
  return serious?.(findings[key], findings) ? "serious" : kind;
}

/** What the flags that are up say in the headline, by their kind. */
export function headlinesOf(
  findings: Findings,
  flags: readonly VerdictFlag[],
): Record<FlagRule<unknown>["kind"], string[]> {
  const of = (kind: FlagRule<unknown>["kind"]) =>
    flags.filter((flag) => kindOf(flag, findings) === kind).map((flag) => RULES[flag])
      .flatMap(({ key, headline }) => headline?.(findings[key], findings) ?? []);
  return { fault: of("fault"), serious: of("serious"), note: of("note") };
}

/** What was measured in sentences, of the file or of the vectors. */
export function sentencesOf(
  section: Loose["section"],
  findings: Findings,
  flags: readonly VerdictFlag[],
): string[] {
  return LOOSE.filter((measure) => measure.section === section).flatMap((measure) =>
    measure.sentences?.(findings[measure.key as keyof Measured], findings, flags) ?? []
  );
}

/** The table of numbers. */
export function numbersOf(findings: Findings): NumberLine[] {
  return LOOSE.flatMap((measure) =>
    measure.numbers?.(findings[measure.key as keyof Measured]) ?? []
  );
}
