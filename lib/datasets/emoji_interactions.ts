import pl, { type DataFrame } from "nodejs-polars";
import { compressRows } from "../interactions/compress_rows.ts";
import { dropRare } from "../interactions/drop_rare.ts";
import { Interactions } from "../interactions/interactions.ts";
import { selectItems } from "../interactions/select_items.ts";
import { assertInteger } from "../check/assert_integer.ts";
import { assertObject } from "../check/assert_object.ts";
import { describe } from "../check/describe.ts";
import { type Emoji, emojiCatalog, emojiKeywords, emojiTags } from "./emoji_catalog.ts";
import { type EmojiLanguage, emojiLanguages } from "./emoji_languages.ts";
import { labelCodes } from "./label_codes.ts";

/** Options for {@linkcode emojiInteractions}. */
export interface EmojiOptions {
  /**
   * What the items are, the columns of X. With emoji as items, each keyword is like a user who
   * interacted with the emoji that it describes.
   *
   * @default {"emoji"}
   */
  items?: "emoji" | "keywords";
  /** Languages whose tags, those of `emojibase-data`, are keywords as well. @default {[]} */
  languages?: readonly EmojiLanguage[];
  /** How many emoji a keyword must describe to be kept. @default {2} */
  minimumCount?: number;
}

/** Emoji and their keywords as interactions; what {@linkcode emojiInteractions} makes. */
export interface EmojiInteractions {
  /** X: keywords x emoji, or emoji x keywords. Its ids are the keywords and the emoji. */
  interactions: Interactions;
  /** One row for each emoji, in the order of X: emoji, name, group, subgroup and its keywords' number. */
  emoji: DataFrame;
  /** The group of each emoji, a number from 0. */
  groups: Uint16Array;
  /** The name of each group. */
  groupNames: string[];
  /** The subgroup of each emoji, a number from 0. */
  subgroups: Uint16Array;
  /** The name of each subgroup. */
  subgroupNames: string[];
}

/**
 * Makes interactions of emoji and the keywords that describe them: real data with known groups,
 * which comes with the library and needs no download.
 *
 * Keywords are those of `emojilib`, in English; those of further languages are marked, as in
 * "de: herz". Emoji are sorted by group and subgroup in the order of Unicode, and within a
 * subgroup by descending number of keywords. Emoji without a keyword that is kept are left out.
 *
 * @param options What the items are, further languages, and how rare a keyword may be.
 * @returns The interactions, and the emoji with their groups and subgroups.
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If `items` is neither, a language is unknown, or minimumCount is no integer
 * of at least 1 or leaves nothing.
 *
 * @example
 * ```ts
 * import { emojiInteractions } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { interactions, groups, groupNames } = await emojiInteractions();
 * const cat = interactions.itemIds!.indexOf("🐈");
 * assert.equal(groupNames[groups[cat]], "Animals & Nature");
 * ```
 */
export async function emojiInteractions(options: EmojiOptions = {}): Promise<EmojiInteractions> {
  const { items = "emoji", languages = [], minimumCount = 2 } = options ?? {};
  check(options, { items, languages, minimumCount });
  const catalog = await emojiCatalog();
  const pairs = await describedEmoji(catalog.map(({ emoji }) => emoji), languages);
  const kept = dropRare(keywordsByEmoji(pairs, catalog), { user: minimumCount });
  const { order, interactions } = sortByGroup(kept, catalog);
  const emoji = order.map(({ emoji }) => emoji);
  const groups = labelCodes(emoji.map(({ group }) => group));
  const subgroups = labelCodes(emoji.map(({ group, subgroup }) => `${group}: ${subgroup}`));
  return {
    interactions: items === "emoji" ? interactions : transpose(interactions),
    emoji: pl.DataFrame({
      emoji: emoji.map(({ emoji }) => emoji),
      name: emoji.map(({ name }) => name),
      group: emoji.map(({ group }) => group),
      subgroup: emoji.map(({ subgroup }) => subgroup),
      keywords: order.map(({ keywords }) => keywords),
    }),
    groups: groups.codes,
    groupNames: groups.names,
    subgroups: subgroups.codes,
    subgroupNames: subgroups.names.map((name) => name.split(": ")[1]),
  };
}

function check(given: unknown, { items, languages, minimumCount }: Required<EmojiOptions>): void {
  assertObject("make interactions of emoji", "options", given);
  if (items !== "emoji" && items !== "keywords") {
    throw new RangeError(
      `Cannot make interactions of emoji: items must be "emoji" or "keywords", current value is ` +
        describe(items),
    );
  }
  if (!Array.isArray(languages)) {
    throw new TypeError("Cannot make interactions of emoji: languages must be an array");
  }
  for (const language of languages) {
    if (emojiLanguages.includes(language)) continue;
    throw new RangeError(
      "Cannot make interactions of emoji: a language must be one of " +
        `${emojiLanguages.join(", ")}, one is ${describe(language)}`,
    );
  }
  assertInteger("make interactions of emoji", "minimumCount", minimumCount, 1);
}

/** The emoji, by number, that each keyword describes. */
async function describedEmoji(
  emoji: readonly string[],
  languages: readonly EmojiLanguage[],
): Promise<Map<string, Set<number>>> {
  const described = new Map<string, Set<number>>();
  const add = (keyword: string, i: number) => {
    if (!described.has(keyword)) described.set(keyword, new Set());
    described.get(keyword)!.add(i);
  };
  emoji.forEach((one, i) => emojiKeywords.get(one)!.forEach((keyword) => add(keyword, i)));
  for (const language of new Set(languages)) {
    const tags = await emojiTags(language, emoji);
    emoji.forEach((one, i) => tags.get(one)?.forEach((tag) => add(`${language}: ${tag}`, i)));
  }
  return described;
}

function keywordsByEmoji(pairs: Map<string, Set<number>>, catalog: readonly Emoji[]): Interactions {
  const keywords = [...pairs.keys()].sort();
  const users: number[] = [], items: number[] = [];
  keywords.forEach((keyword, u) =>
    pairs.get(keyword)!.forEach((i) => {
      users.push(u);
      items.push(i);
    })
  );
  const rows = compressRows(keywords.length, catalog.length, { users, items, values: null });
  return new Interactions(rows, { users: keywords, items: catalog.map(({ emoji }) => emoji) });
}

/** Sorts the emoji that are left by group, subgroup and descending number of keywords. */
function sortByGroup(x: Interactions, catalog: readonly Emoji[]) {
  const counts = new Uint32Array(x.items);
  for (const i of x.columnIndices) counts[i]++;
  const records = new Map(catalog.map((emoji) => [emoji.emoji, emoji]));
  const order = x.itemIds!.map((id, i) => ({
    i,
    emoji: records.get(String(id))!,
    keywords: counts[i],
  }));
  // The catalog has groups and subgroups in one piece each: their numbers are their order.
  const group = labelCodes(order.map(({ emoji }) => emoji.group)).codes;
  const subgroup = labelCodes(order.map(({ emoji }) => `${emoji.group}: ${emoji.subgroup}`)).codes;
  order.sort((a, b) =>
    group[a.i] - group[b.i] || subgroup[a.i] - subgroup[b.i] || b.keywords - a.keywords || a.i - b.i
  );
  return { order, interactions: selectItems(x, order.map(({ i }) => i)) };
}

function transpose(x: Interactions): Interactions {
  const rows = compressRows(x.items, x.users, {
    users: x.columnIndices,
    items: userOfEntry(x),
    values: null,
  });
  return new Interactions(rows, { users: x.itemIds!, items: x.userIds! });
}

function userOfEntry(x: Interactions): Uint32Array {
  const users = new Uint32Array(x.nonzeros);
  for (let u = 0; u < x.users; u++) users.fill(u, x.rowStarts[u], x.rowStarts[u + 1]);
  return users;
}
