/**
 * Measures what a Gram matrix costs by way of `gramQuery`, and how far the leading dimensions of sampled
 * users are from those of all. Prints one line of JSON for each.
 *
 * Usage: scale.ts counts USERS ITEMS NONZEROS
 *        scale.ts sample
 *
 * @module
 */
import { systemFolder } from "../../lib/io/files.ts";
import { cosineSimilarity, type Interactions, neighborOverlap } from "cosine-lab";
import { selectUsers, simulateInteractions, truncatedSVD } from "cosine-lab";
import { debianPackages } from "cosine-lab/datasets";
import { planeItems } from "cosine-lab/remedies";
import { gramFromCounts, gramQuery } from "cosine-lab/tables";
import pl from "nodejs-polars";
import seedrandom from "seedrandom";
import { literal, withDuckDb } from "../../lib/tables/duck_db.ts";
import { peakMemory, resetPeakMemory } from "./processes.ts";
import { powerLawInteractions } from "./power_law_interactions.ts";

const RANK = 50;

async function counts(users: number, items: number, nonzeros: number): Promise<void> {
  using temporary = systemFolder();
  const folder = temporary.path;
  const x = powerLawInteractions(users, items, nonzeros);
  const who = new Uint32Array(x.nonzeros);
  for (let u = 0; u < x.users; u++) who.fill(u, x.rowStarts[u], x.rowStarts[u + 1]);
  pl.DataFrame({ who: Array.from(who), what: Array.from(x.columnIndices) })
    .writeParquet(`${folder}/log.parquet`);
  const query = gramQuery(`"${folder}/log.parquet"`, { user: "who", item: "what" });
  let start = performance.now();
  const path = `${folder}/counts.parquet`;
  await withDuckDb(
    { memory: 4000 },
    (connection) => connection.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet)`),
  );
  const querySeconds = (performance.now() - start) / 1000;
  const pairs = pl.scanParquet(path).select(pl.col("total").count()).collectSync().row(0)[0];
  const megabytes = Deno.statSync(path).size / 1e6;
  const report = { users, items, interactions: x.nonzeros, querySeconds, pairs, megabytes };
  if (pairs > 40e6) return console.log(JSON.stringify(report));
  resetPeakMemory();
  start = performance.now();
  const { gram } = gramFromCounts(path);
  const readSeconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ ...report, p: gram.rows, readSeconds, peak: peakMemory() }));
}

function sample(name: string, x: Interactions): void {
  const items = (part: Interactions, sigma: number) =>
    cosineSimilarity(
      planeItems(truncatedSVD(part, { rank: RANK }), { lambda: 0, sigma, dMat: 0 }),
    );
  const all = [0, 1].map((sigma) => items(x, sigma));
  for (const share of [0.1, 0.25, 0.5, 0.9]) {
    const random = seedrandom.alea("sample");
    const users = Array.from({ length: x.users }, (_, u) => u).filter(() => random() < share);
    const part = selectUsers(x, users);
    const [v, vSigma] = [0, 1].map((sigma) => neighborOverlap(items(part, sigma), all[sigma], 10));
    console.log(JSON.stringify({ name, share, users: part.users, v, vSigma }));
  }
}

if (import.meta.main) {
  const [task, ...numbers] = Deno.args;
  if (task === "counts") {
    const [users, items, nonzeros] = numbers.map(Number);
    await counts(users, items, nonzeros);
  } else {
    sample("debian", debianPackages().interactions);
    sample("simulation", simulateInteractions({ seed: "cosine-lab" }).interactions);
  }
}
