import { shuffle } from "../../math/random.ts";
import type { Matrix } from "ml-matrix";
import { hypot, log2, power } from "../../math/elementary.ts";
import { rowArrays } from "../../linalg/matrices.ts";
import { randomRotation } from "../../linalg/random_rotation.ts";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import { assertScale } from "../audit_options.ts";
import { type EmbeddingRows, type RowSample, rowsAt, scanRows } from "../rows.ts";
import { correctionName, CORRECTIONS, type Fitted } from "../fix/corrections.ts";
import { InputError } from "../../errors.ts";
import { dot, piecewiseProducts, rowsOf } from "../neighbor_search.ts";
import { type CanonicalSample, type CenteredAxes, flat } from "./canonical_sample.ts";
import type { FreeGroup } from "./free_group.ts";
import type { ChangedRows } from "./neighbors.ts";

/** What members of a group are made of. */
interface Orbit {
  group: FreeGroup;
  /** Whether biases leave a translation of all items free. */
  biases: boolean;
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
  const { group, biases, sample, conditions, spectral } = orbit;
  if (group === "rotation" || group === "none") return;
  const { rank } = sample;
  for (const condition of conditions) {
    for (let draw = 0; draw < drawsOf(rank); draw++) {
      const mix = orthogonalMixing(rank, random);
      const d = Float64Array.from({ length: rank }, () => power(condition, random() - 0.5));
      const values = group === "sum" ? summed(orbit, mix, d) : stretched(sample, mix, d);
      yield {
        key: `stretched-${condition}`,
        change: `axes stretched up to ${condition} times`,
        condition,
        ...member(values, rank),
      };
    }
  }
  if (group === "affine" || biases) yield* translations(sample, random);
  if (group === "sum") return;
  if (!spectral) return;
  for (const [key, change, exponent] of SPECTRAL) {
    const scales = sample.variances.map((variance) => power(variance, exponent));
    const values = mapEntries(sample.values, rank, (entry, c) => entry * scales[c]);
    const condition = Math.sqrt(sample.variances[0] / sample.variances[rank - 1]);
    yield { key, change, condition, ...member(values, rank) };
  }
}

const SPECTRAL = [
  ["leveled", "all directions made equally strong", -0.5],
  ["squared", "strong directions made stronger", 0.5],
] as const;

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
  const moves = [
    ["moved-by-mean", "moved by minus their mean", mean],
    ["moved", "moved by a vector of typical length", step],
  ] as const;
  for (const [key, change, by] of moves) {
    const moved = mapEntries(values, rank, (entry, c) => entry + by[c]);
    yield { key, change, condition: null, ...member(moved, rank) };
  }
}

/** How many times everything is mixed with everything. */
const ROUNDS = 3;

/** Up to this many dimensions a rotation is drawn uniformly: in few, mixing alone reaches few. */
const FEW = 64;

/**
 * Draws an orthogonal map of k-dimensional space that mixes all coordinates, and returns how to
 * apply it to a row in place.
 *
 * In up to 64 dimensions it is uniformly random. In more, each of three rounds gives random signs, permutes, and applies the Hadamard transform to the first and then
 * to the last 2^⌊log₂ k⌋ coordinates. It takes 3·2·k·log₂ k operations a row where a uniformly random
 * rotation takes k², and k³ to be drawn.
 *
 * @param k How many coordinates.
 * @param random Uniform random numbers between 0 and 1, from a seeded generator.
 */
export function orthogonalMixing(k: number, random: () => number): (row: Float64Array) => void {
  if (k <= FEW) return multiplication(flat(randomRotation(k, random)), k);
  const size = power(2, Math.floor(log2(k)));
  const rounds = Array.from({ length: ROUNDS }, () => ({
    signs: signs(k, random),
    // Without new signs one transform would undo much of the other.
    others: signs(k, random),
    order: shuffle(Uint32Array.from({ length: k }, (_, c) => c), random),
  }));
  const mixed = new Float64Array(k);
  return (row) => {
    for (const { signs, others, order } of rounds) {
      for (let c = 0; c < k; c++) mixed[c] = row[order[c]] * signs[c];
      hadamard(mixed, 0, size);
      if (size < k) {
        for (let c = 0; c < k; c++) mixed[c] *= others[c];
        hadamard(mixed, k - size, size);
      }
      row.set(mixed);
    }
  };
}

function multiplication(rotation: Float64Array, k: number): (row: Float64Array) => void {
  const turned = new Float64Array(k);
  return (row) => {
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += rotation[i * k + c] * row[c];
      turned[i] = sum;
    }
    row.set(turned);
  };
}

function signs(k: number, random: () => number): Float64Array {
  return Float64Array.from({ length: k }, () => random() < 0.5 ? -1 : 1);
}

/** The orthonormal Walsh-Hadamard transform of `size` entries from `start` on. */
function hadamard(row: Float64Array, start: number, size: number): void {
  const end = start + size;
  for (let half = 1; half < size; half *= 2) {
    for (let from = start; from < end; from += 2 * half) {
      for (let c = from; c < from + half; c++) {
        const a = row[c], b = row[c + half];
        row[c] = a + b;
        row[c + half] = a - b;
      }
    }
  }
  const scale = 1 / Math.sqrt(size);
  for (let c = start; c < end; c++) row[c] *= scale;
}

/**
 * Reads the context vectors W̃ of the rows of a sample, in its canonical coordinates and its scale.
 *
 * @returns They; null where the sample has fewer rows than dimensions, and no axes.
 * @throws {InputError} If they are not of the shape of the items, or either is too long or too short.
 */
export function contextsOf(
  contexts: EmbeddingRows,
  items: EmbeddingRows,
  norms: Float64Array,
  { indices, values, columns }: RowSample,
  { axes }: CanonicalSample,
): Float64Array | null {
  if (contexts.rows !== items.rows || contexts.columns !== items.columns) {
    throw new InputError(
      "where the vectors are a sum, users must be the context vectors that are in it, " +
        `${items.rows} x ${items.columns}; their shape is ${contexts.rows} x ${contexts.columns}`,
    );
  }
  assertScale("users", scanRows("users", contexts).norms);
  assertScale("items", norms);
  if (axes === null) return null;
  const scale = hypot(rowsOf(values, columns)[0]) / norms[indices[0]];
  const rows = rowsAt(contexts, indices);
  return flat(piecewiseProducts(rows, axes)).map((entry) => entry * scale);
}

/**
 * Applies the corrections that the audit shows, one after the other.
 *
 * @param sample The rows as they are in the file, for corrections that depend on its coordinates.
 * @param canonical The same rows in canonical coordinates, for all others.
 * @param spectral Whether there are enough rows for whitening to be more than a memory of them.
 */
export function* corrections(
  sample: RowSample,
  canonical: CanonicalSample,
  centered: CenteredAxes,
  spectral: boolean,
): Generator<ChangedRows> {
  const variances = centered.variances.filter((variance) => variance > 0);
  const principal = () => ({ axes: centered.axes.slice(0, variances.length), variances });
  const spaces = [
    {
      values: canonical.values,
      rank: canonical.rank,
      moments: { ...moments(canonical.values, canonical.rank, centered.mean), principal },
    },
    {
      values: sample.values,
      rank: sample.columns,
      moments: { ...moments(sample.values, sample.columns, meanRow(sample)), principal },
    },
  ];
  for (const { key, shown, users, refusal, fit, ...rule } of CORRECTIONS) {
    if (users || rule.spectral && !spectral) continue;
    const { values, rank, moments } = spaces[rule.coordinates ? 1 : 0];
    for (const { parameter = NaN, title } of shown) {
      if (refusal?.(moments, parameter) !== undefined) continue;
      yield {
        key: correctionName(key, parameter),
        change: title,
        kind: "correction",
        condition: null,
        measure: "cosine",
        ...corrected(values, rank, fit(moments, parameter)),
      };
    }
  }
}

function meanRow({ values, columns: k }: RowSample): Float64Array {
  const mean = new Float64Array(k);
  eachEntry(values, k, (entry, c) => mean[c] += entry / (values.length / k));
  return mean;
}

/** The mean of rows, and the variance of each coordinate where it is asked for. */
function moments(values: Float64Array, k: number, mean: Float64Array) {
  const coordinateVariances = () => {
    const squares = new Float64Array(k);
    eachEntry(values, k, (entry, c) => squares[c] += (entry - mean[c]) ** 2 / (values.length / k));
    return squares;
  };
  return { mean, coordinateVariances };
}

/** Takes the entries of rows of k numbers, each with its column. */
function eachEntry(
  values: Float64Array,
  k: number,
  take: (entry: number, column: number, at: number) => void,
): void {
  for (let start = 0; start < values.length; start += k) {
    for (let c = 0; c < k; c++) take(values[start + c], c, start + c);
  }
}

/** The rows with each entry changed, by its column. */
function mapEntries(
  values: Float64Array,
  k: number,
  change: (entry: number, column: number) => number,
): Float64Array {
  const changed = new Float64Array(values.length);
  eachEntry(values, k, (entry, c, at) => changed[at] = change(entry, c));
  return changed;
}

/** Rows after a correction, up to a rotation. */
function corrected(values: Float64Array, k: number, fitted: Fitted) {
  const { mean, scale, removed, stretched } = fitted;
  const changed = mapEntries(
    values,
    k,
    (entry, c) => (entry - (mean?.[c] ?? 0)) * (scale?.[c] ?? 1),
  );
  if (stretched !== undefined) {
    const { axes, factors } = stretched;
    const used = factors.map((factor, i) => axes[i].map((entry) => entry * factor));
    const turned = piecewiseProducts(rowsOf(changed, k), used);
    return { values: flat(turned), columns: used.length };
  }
  for (const row of removed === undefined ? [] : rowsOf(changed, k)) {
    for (const direction of removed!) {
      const along = dot(row, direction);
      for (let c = 0; c < k; c++) row[c] -= along * direction[c];
    }
  }
  return { values: changed, columns: k };
}

/** Rounds each coordinate to 256 even steps between its extremes, as FAISS' SQ8 does. */
export function storedIn8Bits({ values, columns: k }: RowSample): ChangedRows {
  const least = new Float64Array(k).fill(Infinity), most = new Float64Array(k).fill(-Infinity);
  eachEntry(values, k, (entry, c) => {
    least[c] = Math.min(least[c], entry);
    most[c] = Math.max(most[c], entry);
  });
  const step = most.map((value, c) => (value - least[c]) / 255);
  const rounded = (entry: number, c: number) =>
    step[c] === 0 ? entry : least[c] + Math.round((entry - least[c]) / step[c]) * step[c];
  return {
    key: "8-bits",
    change: "stored in 8 bits",
    kind: "storage",
    condition: null,
    values: mapEntries(values, k, rounded),
    columns: k,
    measure: "cosine",
  };
}

/**
 * Items in the original space (section 3): the cosines of the columns of the predictions PBᵀ are
 * those of the rows of B(PᵀP)^½, and no P·M, B·M⁻ᵀ changes them.
 *
 * @param moments PᵀP.
 */
export function originalSpace({ values, columns }: RowSample, moments: Matrix): ChangedRows {
  const { values: squares, vectors } = symmetricEigen(moments);
  const axes = rowArrays(vectors.transpose())
    .map((axis, i) => axis.map((entry) => entry * Math.sqrt(Math.max(0, squares[i] / squares[0]))));
  return {
    key: "canonical-1",
    change: CORRECTIONS.find(({ users }) => users)!.shown[0].title,
    kind: "invariant",
    condition: null,
    values: flat(piecewiseProducts(rowsOf(values, columns), axes)),
    columns,
    measure: "cosine",
  };
}
