/**
 * Writes a table of interactions to Parquet in chunks of users, and computes its Gram matrix out of
 * core, in a process of its own so that its peak of memory is its own. Prints seconds, the peak of
 * resident memory, and how many entries of a sample agree with a count by SQL, as one line of JSON.
 *
 * Usage: parquet.ts write FOLDER [USERS] [ITEMS] [LARGEST]
 *        parquet.ts read FOLDER
 *
 * By default a million users, 5,000 items and at most 149 interactions of a user: 50 million.
 *
 * @module
 */
import { simulateInteractions } from "cosine-lab";
import { gramFromParquet } from "cosine-lab/tables";
import pl from "nodejs-polars";
import { literal, withDuckDb } from "../../lib/tables/duck_db.ts";
import { drawInteractions } from "../../lib/simulator/draw_interactions.ts";
import { peakMemory } from "./processes.ts";

/** How many users are drawn and written at once. */
const CHUNK = 20_000;

/** How many entries of G are counted by SQL as well. */
const SAMPLE = 200;

const columns = { user: "user", item: "item" };

/** Draws all users from one set of items, chunk by chunk, and writes each to a file of its own. */
function write(folder: string, users: number, items: number, largest: number): number {
  Deno.mkdirSync(folder, { recursive: true });
  const few = { items, maxInteractions: largest };
  const catalog = simulateInteractions({ ...few, users: 1 });
  const popularity = catalog.items.popularity;
  let interactions = 0;
  for (let first = 0; first < users; first += CHUNK) {
    const count = Math.min(CHUNK, users - first);
    // Of a simulation with few items only the users are taken: drawing them again costs little.
    const seed = `users from ${first}`;
    const own = simulateInteractions({ users: count, items: 200, maxInteractions: 1, seed }).users;
    const preferences = Array.from({ length: 5 }, (_, c) => own[`preference_${c}`]);
    const sizes = Uint32Array.from({ length: count }, (_, u) => sizeOf(first + u, largest));
    const x = drawInteractions(
      { clusters: catalog.clusters, popularity, sizes, preferences },
      seed,
    );
    const who = new Float64Array(x.nonzeros);
    for (let u = 0; u < count; u++) who.fill(first + u, x.rowStarts[u], x.rowStarts[u + 1]);
    pl.DataFrame([
      pl.Series("user", who as unknown as number[]).cast(pl.Int64),
      pl.Series("item", Float64Array.from(x.columnIndices) as unknown as number[]).cast(pl.Int32),
    ]).writeParquet(`${folder}/users-${String(first).padStart(9, "0")}.parquet`);
    interactions += x.nonzeros;
  }
  return interactions;
}

/** P(k) ∝ k^−½ on 1 … largest, of evenly spread quantiles in a scrambled order. */
function sizeOf(user: number, largest: number): number {
  const quantile = (user * 0.6180339887498949) % 1;
  return Math.min(largest, 1 + Math.floor(largest * quantile ** 2));
}

/** How many of a sample of entries are what SQL counts. */
async function agreement(folder: string, g: { get(i: number, j: number): number }, ids: number[]) {
  const pairs = Array.from(
    { length: SAMPLE },
    (_, t) => [(37 * t) % 60, (t * t * 101) % ids.length],
  );
  return await withDuckDb({ memory: 500 }, async (connection) => {
    const files = `read_parquet(${literal(`${folder}/*.parquet`)})`;
    let equal = 0;
    const wanted = [...new Set(pairs.flat())].map((i) => ids[i]).join(", ");
    await connection.run(`CREATE TABLE few AS SELECT * FROM ${files} WHERE item IN (${wanted})`);
    for (const [i, j] of pairs) {
      const reader = await connection.runAndReadAll(
        `SELECT count(*) FROM few a JOIN few b USING (user) WHERE a.item = ${ids[i]} AND b.item = ${
          ids[j]
        }`,
      );
      if (Number(reader.getRows()[0][0]) === g.get(i, j)) equal++;
    }
    return equal;
  });
}

if (import.meta.main) {
  const [task, folder, users = 1_000_000, items = 5_000, largest = 149] = Deno.args;
  const start = performance.now();
  const cost = () => ({
    seconds: (performance.now() - start) / 1000,
    megabytes: peakMemory(),
  });
  if (task === "write") {
    const interactions = write(folder, Number(users), Number(items), Number(largest));
    console.log(JSON.stringify({ interactions, ...cost() }));
  } else {
    const result = await gramFromParquet(folder, columns);
    const measured = { users: result.users, interactions: result.nonzeros, ...cost() };
    const equal = await agreement(folder, result.gram, result.itemIds.map(Number));
    console.log(JSON.stringify({ ...measured, sampled: SAMPLE, equal }));
  }
}
