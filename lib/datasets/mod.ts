/**
 * Real data: downloaded, or shipped with the repository.
 *
 * @module
 */
export {
  downloadMovieLens,
  type DownloadMovieLensOptions,
  movieLensLicence,
  type MovieLensName,
  movieLensNames,
} from "./download_movielens.ts";
export {
  type EmojiInteractions,
  emojiInteractions,
  type EmojiOptions,
} from "./emoji_interactions.ts";
export { type EmojiLanguage, emojiLanguages } from "./emoji_languages.ts";
export { type LabeledData, labeledData } from "./labeled_data.ts";
export { type MovieLens, type MovieLensOptions, readMovieLens } from "./read_movielens.ts";
