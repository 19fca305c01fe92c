/**
 * Makes debian_needs.parquet and debian_packages.parquet from an index of Debian's packages:
 *
 *     deno run -A data/debian_packages.ts Packages [FOLDER]
 *
 * `Packages` is the index of a release, unpacked: the file of that name on a mirror, or what
 * `/usr/lib/apt/apt-helper cat-file` prints of the one that apt keeps. The same index gives the
 * same bytes. The rules are those of `packageNeeds`.
 */
import { createHash } from "node:crypto";
import { packageIndex, packageNeeds } from "../lib/datasets/debian_packages.ts";
import { writeParquet } from "./write_parquet.ts";

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

await writeTexts("debian_needs", needs);
await writeTexts("debian_packages", described);
console.log(
  `${packages.length} packages in the index (SHA-256 ${
    createHash("sha256").update(text).digest("hex")
  }): ${new Set(needs.map(({ source }) => source)).size} sources x ${items.size} packages, ` +
    `${needs.length} interactions`,
);

/** Writes rows of texts, in their order. */
async function writeTexts(name: string, rows: readonly object[]): Promise<void> {
  const columns = Object.fromEntries(Object.keys(rows[0]).map((column) => [column, "VARCHAR"]));
  await writeParquet(`${folder}/${name}.parquet`, rows, columns);
}
