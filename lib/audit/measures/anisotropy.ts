import { rowArrays } from "../../linalg/matrices.ts";
import { piecewiseProducts, rowsOf, unitRow } from "../neighbor_search.ts";
import { evenPlaces, type RowSample } from "../rows.ts";
import type { CenteredAxes } from "./canonical_sample.ts";
import { areAll, rogueCoordinates } from "./coordinates.ts";
import {
  type AuditContext,
  decimal,
  idOf,
  type Integer,
  type Measure,
  percent,
  rounded,
  rowName,
} from "./measure.ts";

/** The direction that most rows have. */
interface Collapse {
  /** The largest share of rows found within a cosine of 0.999 of one of them, itself left out. */
  share: number;
  /** One row with that many around it, and what the file calls it. */
  row: Integer;
  id: string | number;
  /** Columns that are so large that rows differ in nothing else; empty where there are none. */
  columns: Integer[];
}

/** Rows within this cosine are nearly the same: 2.6 degrees. */
const SAME = 0.999;
/** From this share on a file has collapsed. */
const MOST = 0.5;
/** How many rows are compared with how many others. */
const CENTERS = 50, OTHERS = 1000;

function collapsed({ sample, options }: AuditContext): Collapse {
  const all = rowsOf(sample.values, sample.columns), m = all.length;
  const centers = evenPlaces(m, CENTERS), others = evenPlaces(m, OTHERS);
  const unit = (places: number[]) => places.map((place) => unitRow(all[place]));
  const cosines = rowArrays(piecewiseProducts(unit(centers), unit(others)));
  let best = { share: -1, row: 0 };
  centers.forEach((center, i) => {
    const apart = others.flatMap((place, j) => place === center ? [] : cosines[i][j]);
    const same = apart.filter((cosine) => cosine >= SAME).length;
    const share = apart.length === 0 ? 0 : same / apart.length;
    if (share > best.share) best = { share, row: sample.indices[center] };
  });
  const rogue = rogueCoordinates(sample);
  return { ...best, id: idOf(options, best.row), columns: areAll(rogue) ? rogue.coordinates : [] };
}

const within = ({ share, row, id }: Collapse) =>
  `${
    share === 1 ? "all rows" : `${percent(share)} of the rows`
  } have a cosine of ${SAME} or more ` +
  `with ${rowName(row, id)}`;

/** Whether most rows are nearly the same. */
export const collapsedMeasure: Measure<"collapse", Collapse, "collapsed"> = {
  key: "collapse",
  section: "file",
  measure: collapsed,
  flags: {
    collapsed: {
      kind: "fault",
      means: "most rows are nearly one vector",
      when: `${percent(MOST)} of the rows are within a cosine of ${SAME} of one of them, and no ` +
        "column alone explains it",
      threshold: {
        name:
          `a file counts as collapsed where this share of the rows is within a cosine of ${SAME} of one`,
        value: MOST,
        source:
          "our choice: encoders that are known for high cosines have mean cosines of 0.7 to 0.9",
      },
      raised: ({ share, columns }, { dimensions }) =>
        share >= MOST && columns.length === 0 && dimensions > 1,
      headline: (found) =>
        `The vectors are nearly the same: ${
          within(found)
        }. What little tells them apart may be rounding.`,
      advice: () =>
        "Look at the inputs and at the model: a collapse of training, an encoder that got empty or " +
        "equal texts, or one vector written again and again. Whether the differences mean anything " +
        "shows once the mean is subtracted in double precision: `x = x.astype('f8'); x -= x.mean(0)`.",
    },
  },
  sentences: (found, _, flags) =>
    found.share < 0.05 || found.columns.length > 0 || flags.includes("collapsed")
      ? []
      : [`${within(found)}.`],
};

/** How unevenly rows use the space. */
interface Anisotropy {
  /** The mean cosine of random pairs; 0 where directions are uniform. */
  meanCosine: number;
  /** Its standard deviation over the pairs; 1/√k where directions are uniform. */
  deviation: number;
  /** The share of the mean square that the mean row accounts for. */
  meanShare: number;
  /** The share of the variance about the mean in the 1, 3 and 10 largest principal directions. */
  topDirections: [number, number, number];
  /** The share of the variance in each principal direction, descending; a hundred at most. */
  spectrum: number[];
  /** (Σλ)²/Σλ² over the variances λ of the principal directions: how many count. */
  effectiveDimensions: number;
  /** IsoScore, 0 to 1: see {@linkcode isoScore}. */
  isoScore: number;
}

/** How many shares of the spectrum are reported. */
export const SPECTRUM = 100;

/** Measures anisotropy on a sample. None of it depends on the basis. */
function anisotropy(
  { indices, columns }: RowSample,
  cosines: Float64Array,
  { mean, variances, total, squares }: CenteredAxes,
  items: number,
): Anisotropy {
  const meanCosine = cosines.reduce((a, b) => a + b) / cosines.length;
  const spread = cosines.reduce((sum, cosine) => sum + (cosine - meanCosine) ** 2, 0);
  const meanSquare = mean.reduce((sum, entry) => sum + entry * entry, 0);
  const effective = Math.min(columns, effectiveDimensions(total, squares, indices.length, items));
  const share = (count: number) =>
    total === 0 ? 0 : variances.subarray(0, count).reduce((a, b) => a + b) / total;
  return {
    meanCosine,
    deviation: Math.sqrt(spread / cosines.length),
    meanShare: meanSquare / (meanSquare + total),
    topDirections: [share(1), share(3), share(10)],
    spectrum: Array.from(
      variances.subarray(0, SPECTRUM),
      (value) => total === 0 ? 0 : value / total,
    ),
    effectiveDimensions: effective,
    isoScore: isoScore(effective, columns),
  };
}

/**
 * (Σλ)²/Σλ² over the variances λ of the principal directions: how many of them count.
 *
 * @param sum Σλ of a sample of `rows` out of `items`.
 * @param squares Σλ² of it.
 * @returns The estimate for all items: the squares of a sample's variances are too large by
 * (Σλ)²·(1/rows − 1/items) on average.
 */
export function effectiveDimensions(
  sum: number,
  squares: number,
  rows: number,
  items: number,
): number {
  if (sum === 0) return 0;
  const excess = Math.max(0, 1 / rows - 1 / items);
  return 1 / Math.max(squares / sum ** 2 - excess, Number.EPSILON);
}

/**
 * IsoScore (Rudman, Gillman, Rayne and Eickhoff, 2022): 1 where all directions have the same
 * variance, 0 where there is only one. As a function of the variances it is
 * (effective dimensions − 1) / (dimensions − 1).
 */
export function isoScore(effective: number, dimensions: number): number {
  if (dimensions < 2) return 1;
  return Math.min(1, Math.max(0, (effective - 1) / (dimensions - 1)));
}

/** How many pairs of differences are multiplied. */
const PAIRS = 10_000;

/**
 * Estimates (Σλ)²/Σλ² of the covariance of rows without their covariance matrix: with independent
 * differences u and v of two rows, E‖u‖² = 2·Σλ and E(u·v)² = 4·Σλ².
 */
export function spreadOfRows(values: Float64Array, k: number, random: () => number): number {
  const m = values.length / k;
  const draw = () => Math.floor(random() * m) * k;
  let lengths = 0, products = 0;
  for (let pair = 0; pair < PAIRS; pair++) {
    const [a, b, c, d] = [draw(), draw(), draw(), draw()];
    if (a === b || c === d || a === c || a === d || b === c || b === d) continue;
    let length = 0, product = 0;
    for (let i = 0; i < k; i++) {
      const u = values[a + i] - values[b + i];
      length += u * u;
      product += u * (values[c + i] - values[d + i]);
    }
    lengths += length / PAIRS;
    products += product * product / PAIRS;
  }
  return products === 0 ? 0 : lengths * lengths / products;
}

/** From this mean cosine on, all vectors share a direction. */
const SHARED_MEAN = 0.25;

/** How unevenly rows use the space. */
export const anisotropyMeasure: Measure<
  "anisotropy",
  Anisotropy,
  "anisotropic",
  { isoScoreRange: { min: number; max: number } | null }
> = {
  key: "anisotropy",
  section: "vectors",
  measure: ({ sample, cosines, centered, items, scan }) =>
    anisotropy(sample, cosines, centered, items.rows - scan.zeroRows),
  flags: {
    anisotropic: {
      kind: "serious",
      means: "all vectors share a direction",
      when: `random pairs have a mean cosine of ${SHARED_MEAN} or more`,
      threshold: {
        name: "vectors count as sharing a direction from this mean cosine of random pairs on",
        value: SHARED_MEAN,
        source: "our choice: uniform directions have 0, simulated models of Eq. 2 more than 0.5",
      },
      raised: ({ meanCosine }) => meanCosine >= SHARED_MEAN,
      headline: ({ meanCosine }) =>
        `All vectors share a direction, ${
          meanCosine < 0.5 ? "moderately" : meanCosine < 0.8 ? "strongly" : "almost completely"
        }: random pairs have a mean cosine of ${decimal(meanCosine)} (0 where directions are ` +
        "evenly spread, 1 where all are the same), so a high cosine says little.",
      advice: () =>
        "Subtract the mean vector (`audit fix --correction center`), or compare ranks, not " +
        "cosines with a cutoff.",
    },
  },
  sentences(a, { isoScoreRange, dimensions }, flags) {
    const range = isoScoreRange === null
      ? ""
      : `; ${rounded(isoScoreRange.min)} to ${rounded(isoScoreRange.max)} in equally good models`;
    return [
      ...flags.includes("anisotropic")
        ? []
        : [`Random pairs have a mean cosine of ${decimal(a.meanCosine)}.`],
      `About ${rounded(a.effectiveDimensions)} of ${dimensions} dimensions count; the top 3 ` +
      `directions hold ${percent(a.topDirections[1])} of the variance (IsoScore ` +
      `${rounded(a.isoScore)}${range}).`,
    ];
  },
  numbers: (a) => [
    ["mean cosine of random pairs", decimal(a.meanCosine, 3)],
    ["variance in top 1, 3, 10 directions", ...a.topDirections],
    ["dimensions that count, IsoScore", a.effectiveDimensions, a.isoScore],
  ],
};

/** IsoScore over the members of the free group that were measured; null where it cannot change. */
export const isoScoreRangeMeasure: Measure<"isoScoreRange", { min: number; max: number } | null> = {
  key: "isoScoreRange",
  section: "vectors",
  measure: ({ changed }) => changed.isoScoreRange,
};
