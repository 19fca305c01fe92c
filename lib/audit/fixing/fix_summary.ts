import type { CorrectionChoice } from "./choose_correction.ts";

/** The choice of a correction as text for a terminal. */
export function fixSummary(choice: CorrectionChoice): string {
  const { tried, best, recommended, asIs, corrected, difference, sample } = choice;
  const { choosing, reporting, neighbors, evidence } = sample;
  const width = Math.max(...tried.map(({ correction }) => correction.length));
  const lines = tried.map(({ correction, score }) =>
    `  ${correction.padEnd(width)}  ${score.toFixed(4)}${correction === best ? "  best" : ""}`
  );
  const verdict = recommended === "as-is"
    ? best === "as-is"
      ? "Keep as is: no correction is better than none."
      : `Keep as is: ${best} was best on one half, and is not shown to help on the other.`
    : `Recommended: ${recommended}.`;
  const paired = best === "as-is" ? [] : [
    `On the other half (${reporting.queries} queries among ${count(reporting.items)} items):`,
    `  as is ${asIs.mean.toFixed(4)}, ${best} ${corrected.mean.toFixed(4)}: ` +
    `${signed(difference.mean)} (95 % interval ${signed(difference.low)} to ` +
    `${signed(difference.high)})`,
    "",
  ];
  return [
    `${count(choice.items)} items x ${choice.dimensions} dimensions`,
    `NDCG at ${neighbors} by ${evidence}, on the half that chooses (${choosing.queries} queries among ` +
    `${count(choosing.items)} items):`,
    ...lines,
    "",
    ...paired,
    verdict,
  ].join("\n");
}

const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
const count = (value: number) => value.toLocaleString("en");
