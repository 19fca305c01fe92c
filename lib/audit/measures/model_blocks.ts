import { Matrix } from "ml-matrix";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import {
  type AuditContext,
  idOf,
  type Integer,
  listed,
  type Measure,
  type NeighborGraph,
  rowName,
} from "./measure.ts";
import { areUnrelated, graphProducts, type Products, sharedDirections } from "./order.ts";

/** Blocks of rows that are of several models, where these change more than once. */
interface ModelBlocks {
  /** How many models there are. */
  models: Integer;
  /** The rows where another model begins, but the first; no more than a thousand. */
  changes: { row: Integer; id: string | number }[];
  /** The largest correlation of the covariances of two models. */
  shared: number;
}

/** Into so many blocks the rows of the graph are cut, each of so many rows at least. */
const BLOCKS = 24, LEAST_ROWS = 8;
/**
 * Two groups of blocks are apart where at most this share of the pairs of neighbors that would
 * connect them in a random order does.
 */
const APART = 0.5;
/** More groups than this are kinds of a sorted file. */
const MOST_MODELS = 4;
/** Each has this share of the rows at least. */
const LEAST_SHARE = 0.05;
/** A group whose rows have a larger mean cosine may be a kind, where there are more than two. */
const MOST_ALIKE = 0.3;
/** The rows before and behind that have a say in which model a row is of, and how often they are asked. */
const WINDOW = 3, ROUNDS = 3;

function modelBlocks(context: AuditContext): ModelBlocks | null {
  const { graph, sample, options } = context;
  const size = graph.places.length;
  const blocks = Math.min(BLOCKS, Math.floor(size / LEAST_ROWS));
  if (blocks < 4) return null;
  const blockOf = (place: number) => Math.floor(place * blocks / size);
  const groups = groupsApart(
    connections(graph, blocks, blockOf),
    Array.from({ length: blocks }, (_, block) => block),
  );
  if (groups.length < 2 || groups.length > MOST_MODELS) return null;
  const ofBlock = new Uint32Array(blocks);
  groups.forEach((members, group) => members.forEach((block) => ofBlock[block] = group));
  const ofRow = smoothed(
    graph,
    groups.length,
    Uint32Array.from(graph.places, (_, i) => ofBlock[blockOf(i)]),
  );
  const rows = groups.map((_, group) =>
    Array.from(ofRow.keys()).filter((place) => ofRow[place] === group)
  );
  const changes = Array.from(ofRow.keys()).filter((place) =>
    place > 0 && ofRow[place] !== ofRow[place - 1]
  );
  // A single change is what the order of the rows is asked for.
  if (changes.length < 2 || rows.some(({ length }) => length < LEAST_SHARE * size)) return null;
  const products = graphProducts(context);
  if (groups.length > 2 && rows.some((members) => meanCosine(products, members) > MOST_ALIKE)) {
    return null;
  }
  let largest = -1;
  for (const [i, one] of rows.entries()) {
    for (const other of rows.slice(i + 1)) {
      const shared = sharedDirections(products, one, other);
      if (shared === null || !areUnrelated(shared)) return null;
      largest = Math.max(largest, shared.correlation);
    }
  }
  return {
    models: groups.length,
    changes: changes.map((place) => {
      const row = sample.indices[graph.places[place]];
      return { row, id: idOf(options, row) };
    }),
    shared: largest,
  };
}

/** How many pairs of neighbors connect each two blocks, in either direction. */
function connections(
  { neighbors, count }: NeighborGraph,
  blocks: number,
  blockOf: (place: number) => number,
): Matrix {
  const pairs = Matrix.zeros(blocks, blocks);
  neighbors.forEach((neighbor, at) => {
    const a = blockOf(Math.floor(at / count)), b = blockOf(neighbor);
    pairs.set(a, b, pairs.get(a, b) + 1);
    pairs.set(b, a, pairs.get(b, a) + 1);
  });
  return pairs;
}

/** Splits blocks in two, by the second eigenvector of their connections, until no two parts are apart. */
function groupsApart(pairs: Matrix, blocks: readonly number[]): number[][] {
  if (blocks.length < 2) return [[...blocks]];
  const within = pairs.selection([...blocks], [...blocks]);
  const degrees = within.sum("row");
  const all = degrees.reduce((a, b) => a + b, 0);
  if (degrees.some((degree) => degree === 0)) return [[...blocks]];
  const scales = degrees.map((degree) => 1 / Math.sqrt(degree));
  const normal = within.clone().mulRowVector(scales).mulColumnVector(scales);
  const second = symmetricEigen(normal, 2).vectors.getColumn(1).map((x, i) => x * scales[i]);
  const order = [...blocks.keys()].sort((i, j) => second[i] - second[j] || i - j);
  let best = { ratio: 1, at: 0 };
  for (let at = 1; at < order.length; at++) {
    const left = order.slice(0, at), right = order.slice(at);
    const volume = left.reduce((sum, i) => sum + degrees[i], 0);
    const cut = within.selection(left, right).sum();
    const ratio = cut * all / (volume * (all - volume));
    if (ratio < best.ratio) best = { ratio, at };
  }
  if (best.ratio > APART) return [[...blocks]];
  return [order.slice(0, best.at), order.slice(best.at)].flatMap((part) =>
    groupsApart(pairs, part.map((i) => blocks[i]).sort((a, b) => a - b))
  );
}

/** The group of each row: that of most neighbors of the rows about it, as a share of the group. */
function smoothed(
  { neighbors, count }: NeighborGraph,
  groups: number,
  first: Uint32Array,
): Uint32Array {
  let found = first;
  for (let round = 0; round < ROUNDS; round++) {
    const sizes = new Float64Array(groups);
    for (const group of found) sizes[group]++;
    const before = found;
    found = before.map((_, place) => {
      const votes = new Float64Array(groups);
      const from = Math.max(0, place - WINDOW), to = Math.min(before.length, place + WINDOW + 1);
      for (const neighbor of neighbors.subarray(from * count, to * count)) {
        votes[before[neighbor]] += 1 / sizes[before[neighbor]];
      }
      return votes.indexOf(Math.max(...votes));
    });
  }
  return found;
}

function meanCosine({ cosines }: Products, rows: readonly number[]): number {
  let sum = 0;
  for (const i of rows) for (const j of rows) if (i !== j) sum += cosines[i][j];
  return sum / (rows.length * (rows.length - 1));
}

/** Whether blocks of rows are of several models; null where they are not, or where one row parts them. */
export const modelBlocksMeasure: Measure<"modelBlocks", ModelBlocks | null, "model-blocks"> = {
  key: "modelBlocks",
  section: "file",
  measure: modelBlocks,
  flags: {
    "model-blocks": {
      kind: "fault",
      means: "blocks of rows by several models",
      when:
        "blocks of rows have hardly any neighbors in each other, and unrelated directions: several " +
        "models that change more than once",
      threshold: {
        name:
          "blocks of rows count as apart where this share of the neighbors that a random order would " +
          "give them in each other is there",
        value: APART,
        source: "our choice: two models in blocks of 40 rows and more have 0.1 to 0.4, one has 0.8",
      },
      raised: (found) => found !== null,
      headline: (found) => {
        const { models, changes } = found!;
        const shown = changes.slice(0, 4).map(({ row, id }) => rowName(row, id));
        const more = changes.length - shown.length;
        return `This file looks like ${models} models in one, and they change at ${
          listed(more > 0 ? [...shown, `${more} more`] : shown)
        }: the nearest neighbors of rows on one side are hardly ever on the other, and the parts use ` +
          "unrelated directions.";
      },
      advice: () =>
        "Embed all rows again with one model: `modelBlocks.changes` in the JSON names the rows where " +
        "another one begins.",
    },
  },
};
