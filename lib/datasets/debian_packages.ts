import pl, { type DataFrame } from "nodejs-polars";
import { fileURLToPath } from "node:url";
import type { Interactions } from "../interactions/interactions.ts";
import { selectItems } from "../interactions/select.ts";
import { readInteractions } from "../tables/read_interactions.ts";
import { topicTags } from "./topic_tags.ts";

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

function shipped(name: string): string {
  return fileURLToPath(new URL(`../../data/${name}`, import.meta.url));
}
