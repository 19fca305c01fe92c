import pl, { type DataFrame } from "nodejs-polars";
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
 * `data/README.md` says where it is from, and `data/make_debian_packages.ts` makes it.
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
