import keywords from "emojilib" with { type: "json" };
import catalog from "unicode-emoji-json" with { type: "json" };
import type { EmojiLanguage } from "./emoji_languages.ts";

/** An emoji as Unicode catalogs it. */
export interface Emoji {
  emoji: string;
  /** Its name in English, such as "grinning face". */
  name: string;
  /** One of nine groups, such as "Smileys & Emotion". */
  group: string;
  /** One of about a hundred subgroups, such as "face-smiling". */
  subgroup: string;
}

/** What is used of a record of `emojibase-data`. */
interface EmojiRecord {
  emoji: string;
  subgroup?: number;
  tags?: string[];
}

/** Variation selector 16, which asks for a colorful glyph, and which one source writes, another not. */
const SELECTOR = /\uFE0F/g;
const key = (emoji: string) => emoji.replace(SELECTOR, "");

// The package declares a module with a default, which its JSON is not.
const english = keywords as unknown as Record<string, string[]>;

/** The keywords of every emoji in English, those of `emojilib`. */
export const emojiKeywords: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(english),
);

/**
 * Reads the catalog of emoji, by group and subgroup in the order of Unicode. Skin tones are not
 * emoji of their own.
 *
 * Names and groups are those of `unicode-emoji-json`, subgroups those of `emojibase-data`.
 *
 * @returns The emoji that `emojilib` has keywords for.
 */
export async function emojiCatalog(): Promise<Emoji[]> {
  const groups = await import("emojibase-data/meta/groups.json", { with: { type: "json" } });
  const names: Record<string, string> = groups.default.subgroups;
  const positions = new Map((await records("en")).map((record) => [key(record.emoji), record]));
  return Object.entries(catalog as Record<string, { name: string; group: string }>)
    .filter(([emoji]) => emojiKeywords.has(emoji))
    .map(([emoji, { name, group }]) => {
      const subgroup = positions.get(key(emoji))?.subgroup;
      return { emoji, name, group, subgroup: names[subgroup!] ?? group };
    });
}

/**
 * Reads the tags that `emojibase-data` has for emoji in a language.
 *
 * @param language The language.
 * @param emoji The emoji, as {@linkcode emojiCatalog} writes them.
 * @returns The tags of those emoji that have some.
 */
export async function emojiTags(
  language: EmojiLanguage,
  emoji: readonly string[],
): Promise<Map<string, string[]>> {
  const spelled = new Map(emoji.map((spelling) => [key(spelling), spelling]));
  const tags = new Map<string, string[]>();
  for (const record of await records(language)) {
    const spelling = spelled.get(key(record.emoji));
    if (spelling !== undefined && record.tags) tags.set(spelling, record.tags);
  }
  return tags;
}

async function records(language: EmojiLanguage): Promise<EmojiRecord[]> {
  const file = await import(`emojibase-data/${language}/data.json`, { with: { type: "json" } });
  return file.default;
}
