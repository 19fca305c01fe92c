/** The languages in which `emojibase-data` has tags. */
export const emojiLanguages = [
  "bn",
  "da",
  "de",
  "en",
  "en-gb",
  "es",
  "es-mx",
  "et",
  "fi",
  "fr",
  "hi",
  "hu",
  "it",
  "ja",
  "ko",
  "lt",
  "ms",
  "nb",
  "nl",
  "pl",
  "pt",
  "ru",
  "sv",
  "th",
  "uk",
  "vi",
  "zh",
  "zh-hant",
] as const;

/** One of {@linkcode emojiLanguages}. */
export type EmojiLanguage = typeof emojiLanguages[number];
