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
 * import { topicTags } from "./topic_tags.ts";
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
