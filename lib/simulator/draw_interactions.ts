import seedrandom from "seedrandom";
import { Interactions } from "../interactions/interactions.ts";
import { ThreadPool, threadsFor } from "../kernels/thread_pool.ts";
import sampleBlockWasm from "./sample_block_wasm.ts";

/** The distribution that interactions are drawn from. */
interface Tastes {
  /** The cluster of each item, in ascending order. */
  clusters: Uint8Array;
  /** The baseline popularity p_i of each item. */
  popularity: Float64Array;
  /** How many items each user interacts with, k_u. */
  sizes: Uint32Array;
  /** For each cluster the preference p_uc of each user. */
  preferences: Float64Array[];
}

/** Users draw from a generator for each block of them, so that blocks can be drawn in any order. */
const BLOCK = 250;

/** How many blocks the kernel draws at once. */
const LANES = 4;

/** How many users of a block the kernel draws in one call. */
const PIECE = 25;

/** How long the kernel takes for an item of a user, in nanoseconds. */
const ARRIVAL_NS = 17;

/**
 * Draws the items of each user without replacement, by successive sampling: the first with the
 * probabilities p_ui, each further one with the probabilities of the items that are left.
 *
 * Done as an exponential race, which is exactly that: item i arrives at time Eᵢ/p_ui with Eᵢ
 * standard exponential, and the first k_u to arrive are the sample (Efraimidis and Spirakis,
 * Weighted random sampling with a reservoir, 2006). The arrivals are approximated first; only
 * those too close to the k_u-th to tell get their logarithm in full.
 *
 * @param tastes The popularity of items, and the preferences and number of items of users.
 * @param seed The same seed gives the same interactions, whatever the number of threads.
 * @param threads How many threads draw; by default what {@linkcode threadsFor} says.
 * @returns The interactions, n x p.
 */
export function drawInteractions(tastes: Tastes, seed: string, threads?: number): Interactions {
  const { clusters, popularity, sizes, preferences } = tastes;
  const users = sizes.length;
  const items = popularity.length;
  using pool = new ThreadPool(sampleBlockWasm, threads ?? threadsFor(users * items * ARRIVAL_NS));
  const rowStarts = new Uint32Array(users + 1);
  sizes.forEach((size, u) => rowStarts[u + 1] = rowStarts[u] + size);
  const nonzeros = rowStarts[users];
  const groups = Math.ceil(users / BLOCK / LANES);
  const scratch = pool.allocate(pool.size * pool.call("scratchSize", items));
  const pieces = Array.from(
    { length: BLOCK / PIECE },
    (_, i) => startsInPiece(sizes, i * PIECE),
  );
  // Fresh memory takes a large part of the time: indices that fit 16 bits need half as much.
  const narrow = items <= 2 ** 16;
  const shift = narrow ? 1 : 2;
  const columns = pool.allocate(Math.max(...pieces.map(({ length }) => length)) << shift);
  const clusterEnds = preferences.map((_, c) => clusters.findLastIndex((own) => own <= c) + 1);
  const given = [
    pool.place(blockStates(groups * LANES, seed)),
    pool.place(concatenate(preferences)),
    pool.place(popularity),
    pool.place(Uint32Array.from(clusterEnds)),
  ] as const;
  const starts = pool.allocate((users + 1) * 4);
  const size = [users, items, preferences.length, BLOCK] as const;
  const columnIndices = narrow ? new Uint16Array(nonzeros) : new Uint32Array(nonzeros);
  pieces.forEach((piece, i) => {
    const from = i * PIECE;
    pool.uint32(starts, users + 1).set(piece.starts);
    pool.run(
      "sampleBlocks",
      groups,
      scratch,
      ...size,
      from,
      from + PIECE,
      ...given,
      starts,
      columns,
      shift,
    );
    const drawn = narrow ? pool.uint16(columns, piece.length) : pool.uint32(columns, piece.length);
    for (let first = from; first < users; first += BLOCK) {
      const last = Math.min(first + PIECE, users);
      const ofBlock = drawn.subarray(piece.starts[first], piece.starts[last]);
      columnIndices.set(ofBlock, rowStarts[first]);
    }
  });
  pool.release();
  return new Interactions({ rows: users, columns: items, rowStarts, columnIndices, values: null });
}

/**
 * Where the sample of each user of a piece starts, counted from the start of the piece: users `from` to
 * `from` + {@linkcode PIECE} − 1 of each block. Drawing all pieces at once would take twice the memory.
 */
function startsInPiece(sizes: Uint32Array, from: number) {
  const starts = new Uint32Array(sizes.length + 1);
  let length = 0;
  for (let first = from; first < sizes.length; first += BLOCK) {
    const last = Math.min(first + PIECE, sizes.length);
    for (let u = first; u < last; u++) {
      starts[u] = length;
      length += sizes[u];
    }
    starts[last] = length;
  }
  return { starts, length };
}

/** The state of each block's generator at its start. */
function blockStates(blocks: number, seed: string): Float64Array {
  const states = new Float64Array(blocks * 4);
  for (let block = 0; block < blocks; block++) {
    const random = seedrandom.alea(`${seed}/users from ${block * BLOCK}`, { state: true });
    const { s0, s1, s2, c } = random.state() as unknown as Record<string, number>;
    states.set([s0, s1, s2, c], block * 4);
  }
  return states;
}

function concatenate(parts: Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
