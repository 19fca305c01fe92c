import { Matrix } from "ml-matrix";
import { symmetricEigen } from "../../linalg/symmetric_eigen.ts";
import {
  type AuditContext,
  counted,
  idOf,
  type Integer,
  listed,
  type Measure,
  type NeighborGraph,
} from "./measure.ts";
import { areUnrelated, graphProducts, type Products, sharedDirections } from "./order.ts";

/** Blocks of rows that are of several models, where these change more than once. */
interface ModelBlocks {
  /** How many models there are. */
  models: Integer;
  /** The rows where another model begins, but the first; no more than a thousand. */
  changes: { row: Integer; id: string | number }[];
  /** The blocks, from one row to another and both within it, and which model each is of, from 0. */
  blocks: { from: Integer; to: Integer; model: Integer }[];
  /** How many rows were compared, at even distances. */
  compared: Integer;
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
/** A change is looked for so many rows before and behind where the votes put it. */
const REACH = 2 * WINDOW;
/** How many blocks of a model a sentence names. */
const SAID = 3;

/** The blocks of one model, for a sentence: "rows 0 to 199 and 400 to 599". */
function blocksOf({ blocks }: ModelBlocks, model: number): string {
  const own = blocks.filter((block) => block.model === model);
  const shown = own.slice(0, SAID).map(({ from, to }) => from === to ? from : `${from} to ${to}`);
  const more = own.length - shown.length;
  return `rows ${listed(more > 0 ? [...shown, counted(more, "more block")] : shown)}`;
}

function modelBlocks(context: AuditContext): ModelBlocks | null {
  const { graph, items, sample, options } = context;
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
  const ofRow = split(
    graph,
    smoothed(
      graph,
      groups.length,
      Uint32Array.from(graph.places, (_, i) => ofBlock[blockOf(i)]),
    ),
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
  const rowOf = (place: number) => sample.indices[graph.places[place]];
  const starts = [0, ...changes], models = [...new Set(starts.map((place) => ofRow[place]))];
  return {
    models: groups.length,
    changes: changes.map((place) => ({ row: rowOf(place), id: idOf(options, rowOf(place)) })),
    blocks: starts.map((place, i) => ({
      from: place === 0 ? 0 : rowOf(place),
      to: i < changes.length ? rowOf(changes[i]) - 1 : items.rows - 1,
      model: models.indexOf(ofRow[place]),
    })),
    compared: size,
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

/**
 * Moves each row where the group changes to where most pairs of neighbors are within one group: the
 * rows about it have voted together so far, and now each has its own neighbors.
 */
function split({ neighbors, count }: NeighborGraph, groups: Uint32Array): Uint32Array {
  const found = groups.slice();
  const changes = Array.from(found.keys()).filter((i) => i > 0 && groups[i] !== groups[i - 1]);
  changes.forEach((change, i) => {
    const from = Math.max(change - REACH, changes[i - 1] ?? 0);
    const to = Math.min(change + REACH, changes[i + 1] ?? found.length);
    const before = groups[change - 1], after = groups[change];
    // How many more neighbors of each row are of the group before.
    const lead = new Float64Array(to - from);
    neighbors.forEach((neighbor, at) => {
      const row = Math.floor(at / count);
      for (const [one, other] of [[row, neighbor], [neighbor, row]]) {
        // Rows close to the change are not counted.
        if (one < from || one >= to || other >= from && other < to) continue;
        lead[one - from] += Number(groups[other] === before) - Number(groups[other] === after);
      }
    });
    let best = { lead: 0, at: from };
    lead.reduce((sum, own, row) => {
      if (sum + own > best.lead) best = { lead: sum + own, at: from + row + 1 };
      return sum + own;
    }, 0);
    found.fill(before, from, best.at).fill(after, best.at, to);
  });
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
      headline(found, { items, zeroRows }) {
        const { models, compared } = found!;
        const named = Array.from({ length: models }, (_, model) => blocksOf(found!, model));
        return `This file looks like ${models} models in one${
          compared < items - zeroRows ? " (their rows are about right)" : ""
        }: ${named[0]} look like one, ` +
          `${
            listed(
              named.slice(1).map((rows, i) =>
                `${rows} like ${i === 0 ? "another" : "yet another"}`
              ),
            )
          }. Rows of different parts are ` +
          "almost never each other's neighbors, and the parts do not share a coordinate system.";
      },
      advice: () =>
        "Embed all rows again with one model. `--json FILE` lists the blocks of each, as " +
        "`modelBlocks.blocks`.",
    },
  },
};
