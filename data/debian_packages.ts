/**
 * Makes debian_needs.parquet and debian_packages.parquet from an index of Debian's packages:
 *
 *     deno run -A data/debian_packages.ts Packages [FOLDER]
 *
 * `Packages` is the index of a release, unpacked: the file of that name on a mirror, or what
 * `/usr/lib/apt/apt-helper cat-file` prints of the one that apt keeps. The same index gives the
 * same bytes. The rules are those of `packageNeeds`.
 */
import { DuckDBInstance } from "@duckdb/node-api";
import { createHash } from "node:crypto";
import { packageIndex, packageNeeds } from "../lib/datasets/debian_packages.ts";

const [indexPath, folder = new URL(".", import.meta.url).pathname] = Deno.args;
if (indexPath === undefined) {
  console.error("Usage: deno run -A data/debian_packages.ts Packages [FOLDER]");
  Deno.exit(2);
}
const text = Deno.readTextFileSync(indexPath);
const packages = packageIndex(text);
const needs = packageNeeds(packages, { source: 2, needs: 20 });
const items = new Set(needs.map((pair) => pair.needs));
const described = packages.filter(({ name }) => items.has(name))
  .sort((a, b) => a.name < b.name ? -1 : 1)
  .map(({ name, source, section, tags }) => ({
    package: name,
    source,
    section,
    tags: tags.join(" "),
  }));

await writeParquet(`${folder}/debian_needs.parquet`, needs);
await writeParquet(`${folder}/debian_packages.parquet`, described);
console.log(
  `${packages.length} packages in the index (SHA-256 ${
    createHash("sha256").update(text).digest("hex")
  }): ${new Set(needs.map(({ source }) => source)).size} sources x ${items.size} packages, ` +
    `${needs.length} interactions`,
);

/** Writes rows of texts, in their order: by one thread, so that the bytes are always the same. */
async function writeParquet(path: string, rows: readonly object[]): Promise<void> {
  const json = Deno.makeTempFileSync({ suffix: ".json" });
  Deno.writeTextFileSync(json, JSON.stringify(rows));
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const columns = Object.keys(rows[0]).map((name) => `"${name}": 'VARCHAR'`).join(", ");
  try {
    await connection.run(
      `COPY (SELECT * FROM read_json('${json}', columns = {${columns}}, maximum_object_size = 1000000))
       TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
    Deno.removeSync(json);
  }
}
