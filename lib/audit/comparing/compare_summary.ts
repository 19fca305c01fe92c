import { printable } from "../../boundary/printable.ts";
import type { ComparisonReport, ItemAgreement } from "./comparison_report.ts";

/** How many items of the least agreement are shown. */
const SHOWN = 5;

/** A comparison as text for a terminal. */
export function compareSummary(report: ComparisonReport): string {
  const { a, b, matched, relation, summary, overlap, cosineDifference, cka, floor } = report;
  const { sample, alignment, popularity } = report;
  const rows: [string, string, string][] = [
    ["", "found", "shuffled"],
    [
      `overlap of ${sample.neighbors} neighbors`,
      `${fixed(overlap.mean)} (${fixed(overlap.low)} to ${fixed(overlap.high)})`,
      fixed(floor.overlap),
    ],
    ["difference of cosines (RMS)", fixed(cosineDifference), fixed(floor.cosineDifference)],
    ["linear CKA", fixed(cka), fixed(floor.cka)],
    ...(alignment === null ? [] : (["rotation", "linear", "affine"] as const).map((
      map,
    ): [string, string, string] => [
      `left after ${
        { rotation: "a rotation", linear: "an M", affine: "an M and a translation" }[map]
      }`,
      fixed(alignment.residual[map]),
      fixed(floor.alignment!.residual[map]),
    ])),
  ];
  const width = [0, 1].map((c) => Math.max(...rows.map((row) => row[c].length)));
  const table = rows.map((row) =>
    `  ${row[0].padEnd(width[0])}  ${row[1].padEnd(width[1])}  ${row[2]}`.trimEnd()
  );
  return [
    `A: ${count(a.items)} items x ${a.dimensions} dimensions, ` +
    `B: ${count(b.items)} x ${b.dimensions}; ` +
    `${count(matched.items)} in both, matched by ${matched.by}`,
    `Relation: ${relation ?? "cannot be told"}`,
    summary,
    "",
    ...table,
    "",
    ...(alignment === null ? [] : [
      `Directions that are a linear function of the other side: ` +
      `${alignment.affine.ofA.toFixed(1)} of A's ${alignment.affine.directionsOfA}, ` +
      `${alignment.affine.ofB.toFixed(1)} of B's ${alignment.affine.directionsOfB}`,
    ]),
    ...(popularity === null ? [] : [
      "Overlap by popularity, from the least popular fifth on: " +
      popularity.groups.map(({ mean }) => fixed(mean)).join(", "),
    ]),
    `Least agreement: ${
      leastAgreeing(report).map(({ id, overlap }) => `${printable(String(id))} ${fixed(overlap)}`)
        .join(", ")
    }`,
  ].join("\n");
}

/** The items whose neighbors agree least; of equals, the first. */
export function leastAgreeing({ items }: ComparisonReport, most = SHOWN): ItemAgreement[] {
  return items.toSorted((a, b) => a.overlap - b.overlap).slice(0, most);
}

function fixed(value: number): string {
  return value !== 0 && Math.abs(value) < 0.0005 ? value.toExponential(1) : value.toFixed(3);
}

const count = (value: number) => value.toLocaleString("en");
