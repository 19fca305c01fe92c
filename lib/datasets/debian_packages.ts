import pl, { type DataFrame } from "nodejs-polars";
import { InputRangeError } from "../errors.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { selectItems } from "../interactions/select.ts";
import { readInteractions } from "../tables/read_interactions.ts";
import { shipped } from "./shipped.ts";

/** Debian's packages as interactions; what {@linkcode debianPackages} reads. */
export interface DebianPackages {
  /** X, binary: source packages x the packages that they need. Its ids are their names. */
  interactions: Interactions;
  /**
   * One row for each needed package, in the order of X: its name as `package`, its `section`, the
   * source it is built from as `source`, its rarest debtag on what it is about as `topic` ("" for
   * most), and how many sources need it as `needed_by`.
   */
  packages: DataFrame;
}

/**
 * Reads which source packages of Debian 12 need which packages: choices of thousands of maintainers,
 * which come with the library. Section and debtags are not in X.
 *
 * Items are sorted by section, the largest first, and within a section by how many sources need them.
 * `data/README.md` says where it is from, and `data/debian_packages.ts` makes it.
 *
 * @returns The interactions, and the packages with their labels.
 *
 * @example
 * ```ts
 * import { debianPackages } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { interactions, packages } = debianPackages();
 * const numpy = interactions.itemIds!.indexOf("python3-numpy");
 * assert.equal(packages.row(numpy)[1], "python");
 * ```
 */
export function debianPackages(): DebianPackages {
  const read = readInteractions(shipped("debian_needs.parquet"), { user: "source", item: "needs" });
  const all = read.interactions;
  const neededBy = new Uint32Array(all.items);
  for (const i of all.columnIndices) neededBy[i]++;
  const df = pl.readParquet(shipped("debian_packages.parquet"));
  const column = (name: string) => df.getColumn(name).toArray() as string[];
  const [names, sections, sources] = ["package", "section", "source"].map(column);
  const topics = topicTags(column("tags").map((tags) => tags.split(" ")));
  const sizes = new Map<string, number>();
  for (const section of sections) sizes.set(section, (sizes.get(section) ?? 0) + 1);
  const order = names.map((name, row) => ({ row, item: read.items.get(name)!, name }));
  order.sort((a, b) => {
    const [one, other] = [sections[a.row], sections[b.row]];
    if (one !== other) return sizes.get(other)! - sizes.get(one)! || (one < other ? -1 : 1);
    return neededBy[b.item] - neededBy[a.item] || (a.name < b.name ? -1 : 1);
  });
  const inOrder = (values: readonly string[]) => order.map(({ row }) => values[row]);
  return {
    interactions: selectItems(all, order.map(({ item }) => item)),
    packages: pl.DataFrame({
      package: inOrder(names),
      section: inOrder(sections),
      source: inOrder(sources),
      topic: inOrder(topics),
      needed_by: order.map(({ item }) => neededBy[item]),
    }),
  };
}

/** The facets of debtags that say what a package is about, and not what it is made of or for whom. */
const TOPICS = new Set(
  "admin field game hardware mail network protocol science security sound uitoolkit use web works-with works-with-format x11"
    .split(" "),
);

/** A tag of fewer packages than that labels none. */
const FEWEST = 5;

/**
 * Labels packages with the rarest of their debtags on what they are about, which says most; of equally
 * rare ones with the first in the order of the alphabet.
 *
 * @param tags The debtags of each package, such as `field::statistics`.
 * @returns The label of each package; "" where it has no such tag, or none that five packages have.
 *
 * @example
 * ```ts
 * import { topicTags } from "./debian_packages.ts";
 * import assert from "node:assert/strict";
 *
 * const tags = ["field::statistics", "field::statistics", "role::program"].flatMap((tag) => Array(4).fill([tag]));
 * assert.deepEqual(new Set(topicTags(tags)), new Set(["field::statistics", ""]));
 * ```
 */
export function topicTags(tags: readonly (readonly string[])[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of tags.flat()) {
    const [facet, name] = tag.split("::");
    if (TOPICS.has(facet) && name !== "TODO") counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return tags.map((own) => {
    const topics = own.filter((tag) => (counts.get(tag) ?? 0) >= FEWEST);
    topics.sort((a, b) => counts.get(a)! - counts.get(b)! || (a < b ? -1 : 1));
    return topics[0] ?? "";
  });
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
 *
 * @example
 * ```ts
 * import { packageIndex } from "./debian_packages.ts";
 * import assert from "node:assert/strict";
 *
 * const [scipy] = packageIndex("Package: python3-scipy\nSource: scipy (1.10)\nDepends: python3-numpy");
 * assert.deepEqual([scipy.source, scipy.needs], ["scipy", [["python3-numpy"]]]);
 * ```
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
 *
 * @example
 * ```ts
 * import { packageIndex } from "./debian_packages.ts";
 * import { packageNeeds } from "./debian_packages.ts";
 * import assert from "node:assert/strict";
 *
 * const index = "Package: tea\nDepends: water | milk, cup\n\nPackage: cup\nSource: tea\n\nPackage: water";
 * assert.deepEqual(packageNeeds(packageIndex(index)), [{ source: "tea", needs: "water" }]);
 * ```
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
