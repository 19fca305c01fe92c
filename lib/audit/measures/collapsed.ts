import { dot, rowsOf, unitRow } from "../neighbor_search.ts";
import { evenPlaces } from "../rows.ts";
import { type AuditContext, type Measure, percent } from "./measure.ts";

/** The direction that most rows have. */
interface Collapse {
  /** The largest share of rows found within a cosine of 0.999 of one of them, itself left out. */
  share: number;
  /** One row with that many around it, and what the file calls it. */
  row: number;
  id: string | number;
}

/** Rows within this cosine are nearly the same: 2.6 degrees. */
const SAME = 0.999;
/** From this share on a file has collapsed. */
const MOST = 0.5;
/** How many rows are compared with how many others. */
const CENTERS = 50, OTHERS = 1000;

function collapsed({ sample, options: { ids } }: AuditContext): Collapse {
  const all = rowsOf(sample.values, sample.columns), m = all.length;
  const others = evenPlaces(m, OTHERS).map((place) => ({ place, row: unitRow(all[place]) }));
  let best = { share: -1, row: 0 };
  for (const place of evenPlaces(m, CENTERS)) {
    const center = unitRow(all[place]);
    let same = 0, compared = 0;
    for (const other of others) {
      if (other.place === place) continue;
      compared++;
      if (dot(center, other.row) >= SAME) same++;
    }
    const share = compared === 0 ? 0 : same / compared;
    if (share > best.share) best = { share, row: sample.indices[place] };
  }
  return { ...best, id: ids?.[best.row] ?? best.row };
}

const within = ({ share, id }: Collapse) =>
  `${percent(share)} of the rows have a cosine of ${SAME} or more with one of them (${id})`;

/** Whether most rows are nearly the same. */
export const collapsedMeasure: Measure<"collapse", Collapse, "collapsed"> = {
  key: "collapse",
  section: "file",
  measure: collapsed,
  thresholds: {
    collapsed: {
      name:
        `a file counts as collapsed where this share of the rows is within a cosine of ${SAME} of one`,
      value: MOST,
      source:
        "our choice: encoders that are known for high cosines have mean cosines of 0.7 to 0.9",
    },
  },
  flags: {
    collapsed: {
      kind: "fault",
      means: "nearly all rows are one vector",
      raised: ({ share }, { dimensions }) => share >= MOST && dimensions > 1,
      headline: (found) =>
        `Nearly all vectors are the same: ${
          within(found)
        }. What little tells them apart may be rounding.`,
      advice: () =>
        "Look at the inputs and at the model: a collapse of training, an encoder that got empty or " +
        "equal texts, or one vector written again and again. Whether the differences mean anything " +
        "shows once the mean is subtracted in double precision.",
    },
  },
  sentences: (found, _, flags) =>
    found.share < 0.05 || flags.includes("collapsed") ? [] : [`${within(found)}.`],
};
