import { power } from "../../elementary/power.ts";
import type { CanonicalSample } from "./canonical_sample.ts";
import type { FreeGroup } from "./free_group.ts";
import type { ChangedRows } from "./neighbor_changes.ts";
import { orthogonalMixing } from "./orthogonal_mixing.ts";

/** What members of a group are made of. */
export interface Orbit {
  group: FreeGroup;
  sample: CanonicalSample;
  /** Of a sum: the other of its two terms, in the same coordinates; null where it is not known. */
  contexts: Float64Array | null;
  /** How far axes may be stretched against each other: max / min of the singular values of M. */
  conditions: readonly number[];
  /** Whether there are enough items for their spectrum to be a property of the space. */
  spectral: boolean;
}

/** A random member of few dimensions depends on the draw: this many are averaged. */
const drawsOf = (rank: number) => rank <= 32 ? 5 : rank <= 200 ? 2 : 1;

/**
 * Makes members of a free group out of a model's item vectors: other solutions, as good as the one
 * that was saved. All is done in canonical coordinates, so that the basis of a file has no part in
 * it; M = R·D with a random rotation R and ln Dᵢ uniform between 0 and ln κ, which up to a rotation
 * is every M.
 */
export function* groupMembers(orbit: Orbit, random: () => number): Generator<ChangedRows> {
  const { group, sample, conditions, spectral } = orbit;
  if (group === "rotation" || group === "none") return;
  const { rank } = sample;
  for (const condition of conditions) {
    for (let draw = 0; draw < drawsOf(rank); draw++) {
      const mix = orthogonalMixing(rank, random);
      const d = Float64Array.from({ length: rank }, () => power(condition, random() - 0.5));
      const values = group === "sum" ? summed(orbit, mix, d) : stretched(sample, mix, d);
      yield { change: stretchName(condition), condition, ...member(values, rank) };
    }
  }
  if (group === "sum") return;
  if (group === "affine") yield* translations(sample, random);
  if (!spectral) return;
  for (const [change, exponent] of [[LEVELED, -0.5], [SQUARED, 0.5]] as const) {
    const scales = sample.variances.map((variance) => power(variance, exponent));
    const values = sample.values.map((entry, at) => entry * scales[at % rank]);
    const condition = Math.sqrt(sample.variances[0] / sample.variances[rank - 1]);
    yield { change, condition, ...member(values, rank) };
  }
}

/** The name of the random members that stretch axes so far. */
export const stretchName = (condition: number) => `axes stretched up to ${condition} times`;

const LEVELED = "all directions made equally strong";
const SQUARED = "strong directions made stronger";

function member(values: Float64Array, columns: number) {
  return { kind: "member", values, columns, measure: "cosine" } as const;
}

function stretched(
  { values, rank }: CanonicalSample,
  mix: (row: Float64Array) => void,
  d: Float64Array,
): Float64Array {
  const changed = values.slice();
  for (let start = 0; start < changed.length; start += rank) {
    const row = changed.subarray(start, start + rank);
    mix(row);
    for (let c = 0; c < rank; c++) row[c] *= d[c];
  }
  return changed;
}

/** W·M + W̃·M⁻ᵀ; with W = W̃ where the contexts are not known. */
function summed(
  { sample: { values, rank }, contexts }: Orbit,
  mix: (row: Float64Array) => void,
  d: Float64Array,
): Float64Array {
  const other = contexts ?? values.map((entry) => entry / 2);
  const own = values.map((entry, at) => entry - other[at]);
  const inverse = d.map((entry) => 1 / entry);
  const changed = new Float64Array(values.length);
  const turned = new Float64Array(rank);
  for (let start = 0; start < changed.length; start += rank) {
    for (const [side, scales] of [[own, d], [other, inverse]]) {
      turned.set(side.subarray(start, start + rank));
      mix(turned);
      for (let c = 0; c < rank; c++) changed[start + c] += turned[c] * scales[c];
    }
  }
  return changed;
}

/** Moves all items by one vector: against their mean, and in a random direction. */
function* translations(
  { values, rank, variances }: CanonicalSample,
  random: () => number,
): Generator<ChangedRows> {
  const mean = new Float64Array(rank);
  for (let at = 0; at < values.length; at++) mean[at % rank] -= values[at] * rank / values.length;
  const step = new Float64Array(rank);
  step[0] = Math.sqrt(variances.reduce((a, b) => a + b));
  orthogonalMixing(rank, random)(step);
  for (const [change, c] of [["moved by minus their mean", mean], [MOVED, step]] as const) {
    const moved = values.map((entry, at) => entry + c[at % rank]);
    yield { change, condition: null, ...member(moved, rank) };
  }
}

const MOVED = "moved by a vector of typical length";
