/**
 * Runs popular libraries on the simulation and on Debian's packages, and keeps the item vectors that
 * they hand out, in library_embeddings_simulation.parquet, library_embeddings_debian.parquet and
 * library_versions.json:
 *
 *     deno run -A data/make_library_embeddings.ts
 *
 * It takes some minutes, /usr/bin/python3 with scikit-learn and gensim, and Rscript with irlba:
 * in Debian `apt-get install python3-sklearn python3-gensim r-cran-irlba`. In another version, or
 * on another machine, their last digits may be others.
 */
import { type Interactions, simulateInteractions } from "../lib/mod.ts";
import { readInteractions } from "../lib/tables/mod.ts";
import { copyToParquet } from "./write_parquet.ts";

const RANK = 50;
const here = new URL(".", import.meta.url).pathname;
const folder = Deno.makeTempDirSync({ prefix: "library-embeddings-" });
const debian = readInteractions(`${here}debian_needs.parquet`, { user: "source", item: "needs" });
const sets = {
  simulation: simulateInteractions({ seed: "cosine-lab" }).interactions,
  debian: debian.interactions,
};
try {
  for (const [name, x] of Object.entries(sets)) writeRows(name, x);
  await run("/usr/bin/python3", `${here}make_library_embeddings.py`);
  await run("Rscript", `${here}make_library_embeddings.R`);
  for (const [name, x] of Object.entries(sets)) await pack(name, x.items);
  const versions = ["python", "r"].map((language) =>
    JSON.parse(Deno.readTextFileSync(`${folder}/${language}.versions`))
  );
  Deno.writeTextFileSync(
    `${here}library_versions.json`,
    JSON.stringify(Object.assign({}, ...versions), null, 2) + "\n",
  );
} finally {
  Deno.removeSync(folder, { recursive: true });
}

function writeRows(name: string, x: Interactions): void {
  const { users, items, rowStarts, columnIndices } = x;
  Deno.writeTextFileSync(`${folder}/${name}.json`, JSON.stringify({ users, items }));
  for (const [ending, numbers] of [["starts", rowStarts], ["columns", columnIndices]] as const) {
    const bytes = new Uint8Array(Uint32Array.from(numbers).buffer);
    Deno.writeFileSync(`${folder}/${name}.${ending}`, bytes);
  }
}

async function run(command: string, script: string): Promise<void> {
  const { success } = await new Deno.Command(command, {
    args: [script, folder],
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${script} failed`);
}

/**
 * One row for each call and item: the call, the item's number, and its coordinates, to twelve bits behind the
 * leading one (four decimal digits), which makes the file half as large.
 */
async function pack(name: string, items: number): Promise<void> {
  const calls = [...Deno.readDirSync(folder)].map((entry) => entry.name)
    .filter((file) => file.startsWith(`${name}.`) && file.includes("-")).sort();
  const rows = calls.flatMap((file) => {
    const vectors = new Float32Array(Deno.readFileSync(`${folder}/${file}`).buffer);
    const bits = new Uint32Array(vectors.buffer);
    bits.forEach((word, t) => bits[t] = (word + 0x400) & ~0x7ff);
    if (vectors.length !== items * RANK) throw new Error(`${file} has ${vectors.length} numbers`);
    return Array.from({ length: items }, (_, item) => ({
      call: file.slice(name.length + 1),
      item,
      vector: Array.from(vectors.subarray(item * RANK, (item + 1) * RANK)),
    }));
  });
  const json = `${folder}/${name}.vectors.json`;
  Deno.writeTextFileSync(json, rows.map((row) => JSON.stringify(row)).join("\n"));
  const coordinates = Array.from({ length: RANK }, (_, d) => `vector[${d + 1}] AS d${d}`);
  await copyToParquet(
    `SELECT call, item, ${coordinates.join(", ")} FROM read_json('${json}',
       columns = {call: 'VARCHAR', item: 'INTEGER', vector: 'FLOAT[]'})`,
    `${here}library_embeddings_${name}.parquet`,
    { version: "V2" },
  );
}
