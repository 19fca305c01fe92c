/**
 * Makes debian_needs.parquet and debian_packages.parquet from an index of Debian's packages:
 *
 *     deno run -A data/make_debian_packages.ts Packages [FOLDER]
 *
 * `Packages` is the index of a release, unpacked: the file of that name on a mirror, or what
 * `/usr/lib/apt/apt-helper cat-file` prints of the one that apt keeps. The same index gives the
 * same bytes. The rules are those of {@linkcode packageNeeds}.
 */
import { createHash } from "node:crypto";
import { InputRangeError } from "../lib/errors.ts";
import { writeParquet } from "./write_parquet.ts";

async function makeExtract(args: string[]): Promise<void> {
  const [indexPath, folder = new URL(".", import.meta.url).pathname] = args;
  if (indexPath === undefined) {
    console.error("Usage: deno run -A data/make_debian_packages.ts Packages [FOLDER]");
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

  await writeTexts(folder, "debian_needs", needs);
  await writeTexts(folder, "debian_packages", described);
  console.log(
    `${packages.length} packages in the index (SHA-256 ${
      createHash("sha256").update(text).digest("hex")
    }): ${new Set(needs.map(({ source }) => source)).size} sources x ${items.size} packages, ` +
      `${needs.length} interactions`,
  );
}

/** Writes rows of texts, in their order. */
async function writeTexts(
  folder: string,
  name: string,
  rows: readonly object[],
): Promise<void> {
  const columns = Object.fromEntries(Object.keys(rows[0]).map((column) => [column, "VARCHAR"]));
  await writeParquet(`${folder}/${name}.parquet`, rows, columns);
}

/** One package of an index of Debian's. */
interface IndexedPackage {
  /** Its name. */
  name: string;
  /** The source package that it is built from. */
  source: string;
  /** The section it is in, such as `python`. */
  section: string;
  /** Its debtags, such as `field::mathematics`; most packages have none. */
  tags: string[];
  /** What it needs (Pre-Depends and Depends): of each, the names of the alternatives. */
  needs: string[][];
  /** Other names that it can stand for. */
  provides: string[];
}

/**
 * Reads an index of packages in Debian's format: the file `Packages` of a release, or what
 * `apt-cache dumpavail` prints.
 *
 * Versions and architectures are left out: `python3:any (>= 3.11~)` is `python3`.
 *
 * @param text The index.
 * @returns The packages, in the order of the index; where a name occurs twice, the last of them.
 * @throws {RangeError} If a paragraph names no package.
 */
export function packageIndex(text: string): IndexedPackage[] {
  const packages = new Map<string, IndexedPackage>();
  for (const paragraph of text.split(/\n\s*\n/)) {
    if (paragraph.trim() === "") continue;
    const fields = paragraphFields(paragraph);
    const name = fields.get("Package");
    if (name === undefined || name === "") {
      throw new InputRangeError(
        `Cannot read an index of packages: a paragraph names none, "${paragraph.slice(0, 40)}"`,
      );
    }
    packages.set(name, {
      name,
      source: (fields.get("Source") ?? name).split(" ")[0],
      section: fields.get("Section") ?? "",
      tags: listed(fields.get("Tag")),
      needs: ["Pre-Depends", "Depends"].flatMap((field) => listed(fields.get(field)))
        .map((relation) => relation.split("|").map(bareName)),
      provides: listed(fields.get("Provides")).map(bareName),
    });
  }
  return [...packages.values()];
}

/** The fields of a paragraph; a line that starts with a space goes on with the field before. */
function paragraphFields(paragraph: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of paragraph.replace(/\n[ \t]+/g, " ").split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

function listed(field = ""): string[] {
  return field.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "");
}

function bareName(relation: string): string {
  return relation.trim().split(/[\s:(]/)[0];
}

/** A source package and a package that it needs. */
interface PackageNeed {
  source: string;
  needs: string;
}

/**
 * Lists which source packages need which packages, as users who chose items.
 *
 * A source needs what one of its packages needs, once. The rules: of alternatives (`a | b`) the first
 * counts, which is the maintainers' own choice; a name that no package has stands for the package that
 * provides it where there is exactly one, and is left out where there are several or none; what a
 * source builds itself is not counted, neither is what an index does not have. Names stay as they are, the number in
 * `libpng16-16` included: a release has one version of nearly every library.
 *
 * @param packages The packages of one release.
 * @param minimumCount How many sources a package must be needed by, and how many such packages a
 * source must need; what has fewer is left out until all have as many.
 * @returns The pairs, in ascending order of source and package by their characters' codes.
 */
export function packageNeeds(
  packages: readonly IndexedPackage[],
  minimumCount: { source: number; needs: number } = { source: 1, needs: 1 },
): PackageNeed[] {
  const named = new Map(packages.map((one) => [one.name, one]));
  const providers = new Map<string, string[]>();
  for (const { name, provides } of packages) {
    for (const other of new Set(provides)) {
      providers.set(other, [...providers.get(other) ?? [], name]);
    }
  }
  const pairs = new Map<string, PackageNeed>();
  for (const { source, needs } of packages) {
    for (const [first] of needs) {
      const provided = providers.get(first) ?? [];
      const found = named.get(first) ?? (provided.length === 1 && named.get(provided[0]));
      if (!found || found.source === source) continue;
      pairs.set(`${source} ${found.name}`, { source, needs: found.name });
    }
  }
  return frequent([...pairs.values()], minimumCount).sort((a, b) =>
    compare(a.source, b.source) || compare(a.needs, b.needs)
  );
}

/** Leaves out what is rare; that makes others rare, until nothing changes. */
function frequent(
  pairs: PackageNeed[],
  minimumCount: { source: number; needs: number },
): PackageNeed[] {
  const [sources, needs] = (["source", "needs"] as const).map((side) => {
    const counts = new Map<string, number>();
    for (const pair of pairs) counts.set(pair[side], (counts.get(pair[side]) ?? 0) + 1);
    return counts;
  });
  const kept = pairs.filter((pair) =>
    sources.get(pair.source)! >= minimumCount.source && needs.get(pair.needs)! >= minimumCount.needs
  );
  return kept.length === pairs.length ? kept : frequent(kept, minimumCount);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

if (import.meta.main) await makeExtract(Deno.args);
