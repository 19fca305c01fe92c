import type { Matrix } from "ml-matrix";
import seedrandom from "seedrandom";
import type { FullAuditOptions } from "../audit_options.ts";
import type { EmbeddingRows } from "../embedding_rows.ts";
import { labelNumbers } from "../side_values.ts";
import type { RowSample } from "../sample_rows.ts";
import { anchorNeighbors } from "./anchor_neighbors.ts";
import type { CanonicalSample } from "./canonical_sample.ts";
import type { CenteredAxes } from "./centered_axes.ts";
import { contextsOf } from "./contexts_of.ts";
import { corrections } from "./corrections.ts";
import { freeGroup } from "./free_group.ts";
import { groupMembers } from "./group_members.ts";
import { type Hubness, hubness } from "./hubness.ts";
import { isoScore } from "./isotropy.ts";
import { LabelCollector } from "./label_agreement.ts";
import { type ChangedRows, neighborChanges } from "./neighbor_changes.ts";
import { ExampleCollector } from "./neighbor_examples.ts";
import { originalSpace } from "./original_space.ts";
import { storedIn8Bits } from "./quantization.ts";
import { spreadOfRows } from "./spread_of_rows.ts";

/** What neighbors are looked for in. */
export interface NeighborInput {
  sample: RowSample;
  canonical: CanonicalSample;
  centered: CenteredAxes;
  /** Of a sum: the other of its terms, for all items. */
  contexts: EmbeddingRows | null;
  /** PᵀP of the users' embeddings P. */
  userMoments: Matrix | null;
  /** Random pairs of rows of the sample. */
  pairs: Uint32Array;
  options: FullAuditOptions;
}

/** How many multiplications a search for neighbors may take, and one for hubs. */
const ANCHOR_WORK = 4e8, HUB_WORK = 4e8;

/** In more dimensions the users' axes would take longer than all the rest. */
const PREDICTION_DIMENSIONS = 1024;

/** Changes the sample in all the ways that the audit looks at, and collects what becomes of neighbors. */
export function measureNeighbors(items: EmbeddingRows, norms: Float64Array, input: NeighborInput) {
  const { sample, canonical, options } = input;
  const { seed } = options;
  const k = sample.columns, m = sample.indices.length;
  const count = Math.min(options.neighbors, m - 1);
  const anchors = anchorsOf(m, bounded(ANCHOR_WORK / (m * canonical.rank), 60, 300));
  const cosine = anchorNeighbors(sample.values, k, anchors, count, "cosine");
  const collector = labelCollector(options, sample, anchors);
  const examples = exampleCollector(options, norms, sample, anchors);
  const asIs = { change: "cosine", values: sample.values, columns: k, measure: "cosine" } as const;
  collector?.add(asIs, cosine);
  examples.add("cosine", cosine, count);

  const hubRows = bounded(Math.sqrt(HUB_WORK / canonical.rank), 300, 1000);
  const hubsOf = (values: Float64Array, columns: number) =>
    hubness(values, columns, Math.min(count, hubRows - 1), hubRows);
  const scores: number[] = [], skewness: number[] = [];
  const seen = new Set<string>();
  let dot = cosine;
  const neighbors = neighborChanges(
    changedRows(items, norms, input),
    { anchors, reference: cosine, pairs: input.pairs },
    (changed, found) => {
      const { change, kind, condition, measure, values, columns } = changed;
      collector?.add(changed, found);
      examples.add(change, found, count);
      if (measure === "dot") dot = found;
      if (kind !== "member" || seen.has(change)) return;
      seen.add(change);
      const spread = spreadOfRows(values, columns, seedrandom.alea(`${seed}/spread`));
      scores.push(isoScore(spread, k));
      // Mild members are between the file itself and stronger ones.
      if (condition === null || condition >= 2) skewness.push(hubsOf(values, columns).skewness);
    },
  );
  const range = (values: number[]) =>
    values.length === 0 ? null : { min: Math.min(...values), max: Math.max(...values) };
  const hubs = hubsOf(canonical.values, canonical.rank);
  const free = neighbors.some(({ kind }) => kind === "member");
  return {
    sample: { items: m, anchors: anchors.length, neighbors: count },
    neighbors,
    hubness: {
      ...hubs,
      range: free ? range([hubs.skewness, ...skewness]) : null,
    } satisfies Hubness,
    isoScoreRange: range(scores),
    examples: examples.finish(),
    labels: collector?.finish(canonical, free && options.trained !== "sum", seed) ?? null,
    lists: { cosine, dot },
  };
}

function* changedRows(
  items: EmbeddingRows,
  norms: Float64Array,
  { sample, canonical, centered, contexts, userMoments, options }: NeighborInput,
): Generator<ChangedRows> {
  const { values, columns, indices } = sample;
  yield {
    change: "dot product",
    kind: "measure",
    condition: null,
    values,
    columns,
    measure: "dot",
  };
  const all = indices.length === norms.reduce((count, norm) => norm > 0 ? count + 1 : count, 0);
  // With as many dimensions as rows, levelling makes all rows orthogonal, whatever they were.
  const spectral = all
    ? canonical.rank <= 0.9 * indices.length
    : 2 * canonical.rank <= indices.length;
  yield* groupMembers({
    group: freeGroup(options.trained) ?? "linear",
    sample: canonical,
    contexts: contexts && contextsOf(contexts, items, norms, sample, canonical),
    conditions: options.conditions,
    spectral,
  }, seedrandom.alea(`${options.seed}/members`));
  yield* corrections(sample, canonical, centered, spectral);
  if (userMoments !== null && columns <= PREDICTION_DIMENSIONS) {
    yield originalSpace(sample, userMoments);
  }
  yield storedIn8Bits(sample);
}

function bounded(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.floor(value)));
}

/** Rows at even distances: the sample is in the order of the items, which may have a meaning. */
function anchorsOf(m: number, most: number): Uint32Array {
  const count = Math.min(m, most);
  return Uint32Array.from({ length: count }, (_, i) => Math.floor(i * m / count));
}

function labelCollector(
  { labels }: FullAuditOptions,
  { indices }: RowSample,
  anchors: Uint32Array,
): LabelCollector | null {
  if (labels === undefined) return null;
  const numbers = labelNumbers(Array.from(indices, (item) => labels[item]));
  const collector = new LabelCollector(numbers, anchors);
  return collector.usable ? collector : null;
}

function exampleCollector(
  { popularity, ids }: FullAuditOptions,
  norms: Float64Array,
  { indices }: RowSample,
  anchors: Uint32Array,
): ExampleCollector {
  const size = popularity ?? norms;
  return new ExampleCollector(
    anchors,
    (row) => size[indices[row]],
    popularity === undefined ? "long" : "popular",
    (row) => ids === undefined ? indices[row] : ids[indices[row]],
  );
}
