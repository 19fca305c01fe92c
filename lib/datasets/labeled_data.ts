import { dropRare } from "../interactions/drop_rare.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { selectItems } from "../interactions/select_items.ts";
import { assertString } from "../check/assert_string.ts";
import { descendingOrder } from "../linalg/descending_order.ts";
import { emojiInteractions } from "./emoji_interactions.ts";
import { labelCodes } from "./label_codes.ts";
import { readMovieLens } from "./read_movielens.ts";

/** Real interactions whose items have known labels; what {@linkcode labeledData} makes. */
export interface LabeledData {
  /** What it is, in a word. */
  name: string;
  /** X; items are sorted by group and subgroup. */
  interactions: Interactions;
  /** How each item is shown: an emoji, or a title. */
  items: string[];
  /** The group of each item, a number from 0. */
  groups: Uint16Array;
  /** The name of each group. */
  groupNames: string[];
  /** The subgroup of each item, a number from 0. */
  subgroups: Uint16Array;
  /** Items that most people know. */
  wellKnown: number[];
}

/** How many movies are taken at most: similarities are p x p. */
const MOST_MOVIES = 2_000;

const WELL_KNOWN = ["😂", "😢", "❤️", "👍", "👩‍🚀", "🐈", "🌵", "🍕", "🚲", "🎸", "⚽", "🇯🇵"];

/**
 * Gets real data in the form that the comparison with simulated data needs: the emoji, or MovieLens
 * where it is there.
 *
 * A movie has several genres: its group is the rarest of them, which says most about it, and its
 * subgroup all of them together. The 2,000 most popular movies are taken.
 *
 * @param source `"emoji"`, or the path of a folder or zip file of MovieLens.
 * @returns The interactions and the labels of the items.
 * @throws {TypeError} If source is no string.
 * @throws {RangeError} If there is no MovieLens at the path, or it is damaged.
 *
 * @example
 * ```ts
 * import { labeledData } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { items, groups, groupNames } = await labeledData("emoji");
 * assert.equal(groupNames[groups[items.indexOf("🍕")]], "Food & Drink");
 * ```
 */
export async function labeledData(source: string): Promise<LabeledData> {
  assertString("get real data", "source", source);
  return source === "emoji" ? await emojiData() : await movieData(source);
}

async function emojiData(): Promise<LabeledData> {
  const { interactions, groups, groupNames, subgroups } = await emojiInteractions();
  const items = interactions.itemIds!.map(String);
  const wellKnown = WELL_KNOWN.map((emoji) => items.indexOf(emoji)).filter((i) => i >= 0);
  return { name: "emoji", interactions, items, groups, groupNames, subgroups, wellKnown };
}

async function movieData(path: string): Promise<LabeledData> {
  const { interactions: all, movies, genres } = await readMovieLens(path);
  const counts = new Float64Array(all.items);
  for (const i of all.columnIndices) counts[i]++;
  const popular = descendingOrder(counts).subarray(0, MOST_MOVIES);
  const frequency = new Map<string, number>();
  for (const i of popular) {
    for (const genre of genres[i]) frequency.set(genre, (frequency.get(genre) ?? 0) + 1);
  }
  const titles = movies.getColumn("title").toArray() as string[];
  const described = Array.from(popular, (i, rank) => {
    const rarest = genres[i].toSorted((a, b) => frequency.get(a)! - frequency.get(b)!)[0];
    return { i, rank, title: titles[i], group: rarest ?? "none", subgroup: genres[i].join("|") };
  });
  const key = ({ group, subgroup }: typeof described[number]) => `${group}: ${subgroup}`;
  described.sort((a, b) => key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.rank - b.rank);
  const groups = labelCodes(described.map(({ group }) => group));
  const place = described.map(({ rank }, i) => ({ rank, i })).sort((a, b) => a.rank - b.rank);
  return {
    name: "movies",
    interactions: dropRare(selectItems(all, described.map(({ i }) => i)), { item: 0 }),
    items: described.map(({ title }) => title),
    groups: groups.codes,
    groupNames: groups.names,
    subgroups: labelCodes(described.map(key)).codes,
    wellKnown: place.slice(0, 12).map(({ i }) => i),
  };
}
