import { shuffle } from "../../math/random.ts";
import { counted, type Integer, type Measure, rounded } from "./measure.ts";
import { rogueCoordinates } from "./coordinates.ts";
import { rowArrays } from "../../linalg/matrices.ts";
import { columnsOf, inverseNorm, piecewiseProducts, rowsOf } from "../neighbor_search.ts";
import { evenly, type RowSample } from "../rows.ts";

/** How far the cosines of a sample are from those of random vectors, in standard errors. */
interface NoiseTest {
  /** How many rows were compared, each with each. */
  rows: Integer;
  /**
   * The largest distance of a mean power of the cosines (first to fourth) from that of uniformly
   * random directions.
   */
  fromUniform: number;
  /**
   * The same distance from rows whose coordinates were shuffled, each on its own, after z-scores;
   * null where the norms alone tell the two apart, the first distance is small already, the mean
   * cosine is beyond 0.9, or there are fewer than 16 dimensions.
   */
  fromShuffled: number | null;
  /** Whether either distance is less than `limit`: the cosines cannot be told from noise. */
  noise: boolean;
  limit: number;
  /**
   * Whether the cosines are noise after z-scores of the coordinates, too; null where no few of them
   * outweigh the others.
   */
  afterZScores: boolean | null;
}

/** By chance a distance is beyond it in one file of thousands; in 2 or 3 dimensions, of hundreds. */
const LIMIT = 5;
/** How many rows are compared, and how often they are shuffled. */
const ROWS = 1000, SHUFFLED_ROWS = 500, SHUFFLES = 6;
/** Where vectors are nearly the same, what is left beside their mean may be small and yet matter. */
const MOST_COMMON = 0.9;
/** In fewer dimensions than these, coordinates of things that are no noise may well be independent. */
const LEAST_DIMENSIONS = 16;
/** Norms count as noise themselves up to this many times the deviation that shuffling leaves. */
const NORM_EXCESS = 1.5;

/**
 * Tests whether cosines can be told from those of random vectors.
 *
 * Two kinds of noise are looked for. Uniformly random directions, as those of Gaussian vectors:
 * their cosines are pairwise uncorrelated, with E cos² = 1/k and E cos⁴ = 3/(k(k + 2)), so that the
 * standard error of a mean over all pairs is known exactly. And independent coordinates of any
 * mean, scale and distribution (parallel analysis: Horn, 1965), as which the rows are compared
 * with themselves after each coordinate was shuffled.
 */
export function noiseTest(
  { values, columns: k }: RowSample,
  random: () => number,
  products: readonly Float64Array[] | null = null,
): NoiseTest {
  const rows = evenly(rowsOf(values, k), ROWS);
  const pairs = rows.length * (rows.length - 1) / 2;
  const found = cosineMoments(
    rows,
    products?.length === rows.length ? products : undefined,
  );
  const fromUniform = largest(
    uniformMoments(k).map(([mean, variance], power) =>
      // In one dimension even powers do not vary.
      variance === 0 ? 0 : (found[power] - mean) / Math.sqrt(variance / pairs)
    ),
  );
  const result = { rows: rows.length, fromUniform, limit: LIMIT, afterZScores: null };
  if (fromUniform < LIMIT) return { ...result, fromShuffled: null, noise: true };
  const fromShuffled = found[0] > MOST_COMMON || k < LEAST_DIMENSIONS
    ? null
    : shuffledDistance(evenly(rows, SHUFFLED_ROWS), random);
  return { ...result, fromShuffled, noise: fromShuffled !== null && fromShuffled < LIMIT };
}

function shuffledDistance(
  rows: readonly Float64Array[],
  random: () => number,
): number | null {
  const k = rows[0].length, m = rows.length;
  const columns = standardized(rows);
  // The columns of columns are rows.
  const transposed = () => columnsOf(columns).filter((row) => row.some((entry) => entry !== 0));
  const original = transposed();
  const found = cosineMoments(original), norms = deviationOfNorms(original);
  const draws: number[][] = [];
  for (let draw = 0; draw < SHUFFLES; draw++) {
    for (const column of columns) shuffle(column, random);
    const shuffled = transposed();
    if (norms > NORM_EXCESS * deviationOfNorms(shuffled)) return null;
    draws.push(cosineMoments(shuffled));
    // Most files are so far from it that one draw tells.
    if (draw === 0 && Math.abs(found[1] - draws[0][1]) > 0.5 * draws[0][1]) break;
  }
  const pairs = m * (m - 1) / 2;
  return largest(
    uniformMoments(k).map(([, variance], power) => {
      const mean = draws.reduce((sum, draw) => sum + draw[power], 0) / draws.length;
      const spread = draws.reduce((sum, draw) => sum + (draw[power] - mean) ** 2, 0) /
        Math.max(1, draws.length - 1);
      const error = Math.sqrt(Math.max(variance / pairs, spread) * (1 + 1 / draws.length));
      return error === 0 ? 0 : (found[power] - mean) / error;
    }),
  );
}

/** Mean and variance of the first four powers of the cosine of two uniformly random directions. */
function uniformMoments(k: number): [number, number][] {
  const even = (power: number) => {
    let moment = 1;
    for (let i = 0; i < power; i += 2) moment *= (i + 1) / (k + i);
    return moment;
  };
  return [1, 2, 3, 4].map((power) => {
    const mean = power % 2 ? 0 : even(power);
    return [mean, even(2 * power) - mean ** 2];
  });
}

/** The mean of the first four powers of the cosines of all pairs. */
function cosineMoments(
  rows: readonly Float64Array[],
  all: readonly Float64Array[] = rowArrays(piecewiseProducts(rows)),
): number[] {
  const inverse = rows.map(inverseNorm);
  const sums = [0, 0, 0, 0];
  all.forEach((products, i) => {
    for (let j = i + 1; j < products.length; j++) {
      const cosine = products[j] * inverse[i] * inverse[j], square = cosine * cosine;
      sums[0] += cosine;
      sums[1] += square;
      sums[2] += square * cosine;
      sums[3] += square * square;
    }
  });
  return sums.map((sum) => sum / (rows.length * (rows.length - 1) / 2));
}

function standardized(rows: readonly Float64Array[]): Float64Array[] {
  return columnsOf(rows).map((column) => {
    const mean = column.reduce((a, b) => a + b) / column.length;
    const squares = column.reduce((sum, entry) => sum + (entry - mean) ** 2, 0) / column.length;
    const scale = squares > 1e-18 * mean ** 2 ? 1 / Math.sqrt(squares) : 0;
    return column.map((entry) => (entry - mean) * scale);
  });
}

function deviationOfNorms(rows: readonly Float64Array[]): number {
  const norms = rows.map((row) => 1 / inverseNorm(row));
  const mean = norms.reduce((a, b) => a + b) / norms.length;
  return Math.sqrt(norms.reduce((sum, norm) => sum + (norm - mean) ** 2, 0) / norms.length);
}

function largest(distances: number[]): number {
  return Math.max(...distances.map(Math.abs));
}

/** The sample after z-scores, without rows that are zero then; null where fewer than two stay. */
function zScores({ values, columns, ...sample }: RowSample): RowSample | null {
  const rows = columnsOf(standardized(rowsOf(values, columns)))
    .filter((row) => row.some((entry) => entry !== 0));
  if (rows.length < 2) return null;
  const scaled = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => scaled.set(row, i * columns));
  return { ...sample, values: scaled, columns };
}

/** The distance from random vectors that the verdict rests on, in standard errors. */
function noiseDistance({ fromUniform, fromShuffled }: NoiseTest): string {
  const distance = Math.min(fromUniform, fromShuffled ?? Infinity);
  return distance > 1000 ? "more than 1,000" : rounded(distance);
}

/** The verdict on cosines that are noise, with the evidence. */
export function noiseSentence(found: NoiseTest, dimensions: number): string {
  const { rows, afterZScores } = found;
  return `These cosines look no different from those of random vectors: those of ${
    counted(rows, "item")
  } in ${counted(dimensions, "dimension")} differ from them by ${
    noiseDistance(found)
  } standard errors` +
    (afterZScores === null
      ? "."
      : afterZScores
      ? ", and after z-scores of the columns they are no different either."
      : ", but after z-scores of the columns they are different.");
}

/** Whether cosines can be told from those of random vectors. */
export const noiseMeasure: Measure<"noise", NoiseTest> = {
  key: "noise",
  section: "vectors",
  measure({ sample, canonical, random }) {
    const found = noiseTest(sample, random("noise"), canonical.products);
    if (rogueCoordinates(sample).coordinates.length === 0) return found;
    const scaled = zScores(sample);
    return {
      ...found,
      afterZScores: scaled && noiseTest(scaled, random("noise after z-scores")).noise,
    };
  },
  thresholds: [{
    name: "cosines count as noise within this many standard errors of random vectors'",
    value: LIMIT,
    source:
      "by chance random vectors are beyond it in one file of thousands, of hundreds in 2 or 3 dimensions",
  }],
  sentences(found) {
    const { noise, limit, afterZScores } = found;
    return [
      noise
        ? "The noise test compares means of powers of the cosines with those of random vectors: up " +
          `to ${limit} standard errors may be chance.`
        : `The cosines are not noise: ${noiseDistance(found)} standard errors from those of ` +
          `random vectors${
            afterZScores === true ? "; after z-scores of the columns they are" : ""
          }.`,
    ];
  },
};
