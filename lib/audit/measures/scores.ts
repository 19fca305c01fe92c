import { evenPlaces, pairProducts, randomPairs, type RowSample } from "../rows.ts";
import { quantiles } from "../../math/mean_and_quantiles.ts";
import {
  type AuditContext,
  type ChangedNeighbors,
  decimal,
  type Integer,
  type Measure,
  percent,
} from "./measure.ts";

/** What a cosine of this file means: a scale. */
interface Scores {
  /** Percentiles of the cosine of two random items. */
  random: { p50: number; p95: number; p99: number; p999: number };
  /** Percentiles of the cosine of an item and its nearest neighbor, among the items of the sample. */
  nearest: { p5: number; p50: number; p95: number };
  /**
   * With labels, the cosine from which on a pair is taken to share its label, where that is best for
   * F₁ on the pairs of one half of the items; and what it gives on the other half. Null without.
   */
  cutoff:
    | { value: number; precision: number; recall: number; chance: number; pairs: Integer }
    | null;
}

/** How many random pairs the scale is of, and how many items are compared each with each for a cutoff. */
const PAIRS = 20_000, LABELED = 400;

function scores(context: AuditContext): Scores {
  const { sample, random: generator } = context;
  const m = sample.indices.length, random = generator("scores");
  const [p50, p95, p99, p999] = quantiles(
    pairProducts(sample, randomPairs(m, PAIRS, random)).cosines,
    [0.5, 0.95, 0.99, 0.999],
  );
  const near = quantiles(nearestCosines(sample, context.changed), [0.05, 0.5, 0.95]);
  return {
    random: { p50, p95, p99, p999 },
    nearest: { p5: near[0], p50: near[1], p95: near[2] },
    cutoff: cutoffOf(context, random),
  };
}

/** The cosine of each anchor and its nearest neighbor in the sample. */
function nearestCosines(sample: RowSample, { anchors, lists }: ChangedNeighbors): Float64Array {
  const count = lists.cosine.length / anchors.length;
  const nearest = new Uint32Array(2 * anchors.length);
  anchors.forEach((anchor, i) => nearest.set([anchor, lists.cosine[i * count]], 2 * i));
  return pairProducts(sample, nearest).cosines;
}

/** The median of them. */
export function nearestMedian(sample: RowSample, changed: ChangedNeighbors): number {
  return quantiles(nearestCosines(sample, changed), [0.5])[0];
}

/** Cosines of pairs, and whether the two belong together. */
interface Scored {
  cosines: Float64Array;
  same: boolean[];
}

function cutoffOf(
  { sample, options: { labels } }: AuditContext,
  random: () => number,
): Scores["cutoff"] {
  if (labels === undefined) return null;
  const places = evenPlaces(sample.indices.length, LABELED);
  const halves: [number[], number[]] = [[], []];
  for (const place of places) halves[random() < 0.5 ? 0 : 1].push(place);
  const scored = (half: number[]): Scored => {
    const pairs: number[] = [];
    half.forEach((a, i) => half.slice(i + 1).forEach((b) => pairs.push(a, b)));
    const { cosines } = pairProducts(sample, Uint32Array.from(pairs));
    const label = (place: number) => labels[sample.indices[place]];
    return {
      cosines,
      same: Array.from(cosines, (_, t) => label(pairs[2 * t]) === label(pairs[2 * t + 1])),
    };
  };
  const [choosing, reporting] = halves.map(scored);
  const cutoff = cutoffOn(choosing, reporting);
  if (cutoff === null) return null;
  const { value, precision, recall } = cutoff, pairs = reporting.same.length;
  return { value, precision, recall, chance: reporting.same.filter(Boolean).length / pairs, pairs };
}

/** Chooses a cutoff on some pairs and tries it on others; null where either has none that belong together. */
export function cutoffOn(choosing: Scored, reporting: Scored) {
  const value = bestCutoff(choosing);
  const all = reporting.same.filter(Boolean).length;
  if (value === null || all === 0) return null;
  const taken = reporting.same.filter((_, t) => reporting.cosines[t] >= value);
  const right = taken.filter(Boolean).length, found = taken.length;
  return { value, precision: found === 0 ? 0 : right / found, recall: right / all, found };
}

/** The cosine from which on pairs are taken for the same, with the largest F₁; null without pairs. */
function bestCutoff({ cosines, same }: Scored): number | null {
  const all = same.filter(Boolean).length;
  if (all === 0) return null;
  const order = Array.from(cosines.keys()).sort((a, b) => cosines[b] - cosines[a] || a - b);
  let right = 0, best = 0, value = Infinity;
  order.forEach((t, i) => {
    if (same[t]) right++;
    const tied = i + 1 < order.length && cosines[order[i + 1]] === cosines[t];
    const f1 = 2 * right / (i + 1 + all);
    if (!tied && f1 > best) [best, value] = [f1, cosines[t]];
  });
  return value;
}

const ALIKE =
  "Whatever pairs were looked at share their label: such labels tell nothing of a score.";

/** Smaller cosines are 0 but for rounding. */
const ROUNDING = 1e-9;

/** What a score means in this file. */
export const scoresMeasure: Measure<"scores", Scores, "orthogonal"> = {
  key: "scores",
  section: "vectors",
  measure: scores,
  flags: {
    orthogonal: {
      kind: "serious",
      means: "no two vectors have anything in common",
      when: "the cosines of random pairs and of nearest neighbors are 0",
      raised: ({ random, nearest }) =>
        Math.max(Math.abs(random.p50), Math.abs(random.p999), Math.abs(nearest.p95)) < ROUNDING,
      headline: () =>
        "No two vectors have anything in common: the cosine of any two is 0, as between one-hot vectors.",
      advice: () =>
        "Audit the vectors that the model learned: one-hot vectors stand for rows, and are not alike.",
    },
  },
  sentences: ({ random, nearest, cutoff }, { sample }) => [
    `A scale for scores: 95 % of random pairs lie below ${decimal(random.p95)}, 99.9 % below ` +
    `${decimal(random.p999)}; the nearest neighbor of an item, among ${
      sample.items.toLocaleString("en")
    }, has ${decimal(nearest.p50)} in the median.`,
    ...(cutoff === null ? [] : cutoff.chance === 1 ? [ALIKE] : [
      `Of the pairs at ${decimal(cutoff.value)} or more, ${
        percent(cutoff.precision)
      } share their ` +
      `label (chance ${percent(cutoff.chance)}), and they are ${
        percent(cutoff.recall)
      } of all that ` +
      "do: the cutoff was chosen on one half of the items, these numbers are of the other.",
    ]),
  ],
  numbers: ({ random, nearest }) => [
    ["cosines of random pairs: 50, 95, 99.9 %", random.p50, random.p95, random.p999],
    ["cosine of the nearest: 5, 50, 95 %", nearest.p5, nearest.p50, nearest.p95],
  ],
};
