import { counted, listed, type Measure, percent } from "./measure.ts";
import { quantiles } from "../../math/mean_and_quantiles.ts";
import type { RowSample } from "../rows.ts";

/** The few coordinates that hold most of what cosines are made of (Timkey and van Schijndel, 2021). */
interface RogueCoordinates {
  /** Which they are, counted from 0, the largest first; none where no few of them dominate. */
  coordinates: number[];
  /** The share of each in the squares of rows of unit length. */
  shares: number[];
  /** What they hold together. */
  total: number;
}

/** A coordinate is far from the others from this multiple of their median on. */
const FAR = 10;
/** They must hold this share together. */
const MOST = 0.5;
/** In fewer dimensions a few coordinates are all there is. */
const LEAST_DIMENSIONS = 8;

/** Looks for them, in the coordinates of the file: a rotation would spread them over all. */
export function rogueCoordinates({ values, columns: k }: RowSample): RogueCoordinates {
  const none = { coordinates: [], shares: [], total: 0 };
  if (k < LEAST_DIMENSIONS) return none;
  const shares = coordinateShares(values, k);
  const used = shares.filter((share) => share > 0);
  const [median] = quantiles(used, [0.5]);
  const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a] || a - b);
  const coordinates = order.slice(0, Math.max(3, Math.floor(k / 10)))
    .filter((c) => shares[c] >= FAR * median);
  const total = coordinates.reduce((sum, c) => sum + shares[c], 0);
  return total < MOST
    ? none
    : { coordinates, shares: coordinates.map((c) => shares[c]), total: Math.min(1, total) };
}

/** The share of each coordinate in the squares of rows that were brought to unit length. */
function coordinateShares(values: Float64Array, k: number): Float64Array {
  const m = values.length / k;
  const shares = new Float64Array(k);
  for (let start = 0; start < values.length; start += k) {
    let squares = 0;
    for (let c = 0; c < k; c++) squares += values[start + c] ** 2;
    for (let c = 0; c < k; c++) shares[c] += values[start + c] ** 2 / squares / m;
  }
  return shares;
}

/** Few coordinates that hold most of each vector. */
export const rogueCoordinatesMeasure: Measure<
  "rogueCoordinates",
  RogueCoordinates,
  "rogue-dimensions"
> = {
  key: "rogueCoordinates",
  section: "vectors",
  measure: ({ sample }) => rogueCoordinates(sample),
  thresholds: {
    rogue: {
      name: "few coordinates count as rogue where they hold this share of all squares",
      value: MOST,
      source: "our choice, and each ten times the median; compare Timkey and van Schijndel (2021)",
    },
  },
  flags: {
    "rogue-dimensions": {
      kind: "serious",
      means: "a few columns outweigh all others",
      raised: ({ coordinates }) => coordinates.length > 0,
      headline: ({ coordinates, total }, { dimensions }) =>
        `${counted(coordinates.length, "column")} of ${dimensions} (${
          listed(coordinates)
        }, counted from 0) ${coordinates.length === 1 ? "contributes" : "contribute"} ${
          percent(total)
        } of the cosines; the other ${dimensions - coordinates.length} hardly count.`,
      advice: () =>
        "Standardize the columns (`audit fix --correction z-scores`), or drop those that outweigh " +
        "the others, and audit the result.",
    },
  },
};
