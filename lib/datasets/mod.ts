/**
 * Real data, shipped with the repository or downloaded, and what libraries make of it.
 *
 * @module
 */
export { type DebianPackages, debianPackages } from "./debian_packages.ts";
export {
  downloadMovieLens,
  type DownloadMovieLensOptions,
  type MovieLensName,
} from "./download_movielens.ts";
export { type InstEval, instEval } from "./inst_eval.ts";
export {
  choiceTable,
  knownTruth,
  type LabeledInteractions,
  labeledInteractions,
  TRUTHS,
} from "./known_truth.ts";
export { type LibraryEmbeddings, libraryEmbeddings } from "./library_embeddings.ts";
export { type MovieLens, type MovieLensOptions, readMovieLens } from "./read_movielens.ts";
export {
  type SentenceVectors,
  sentenceVectors,
  type WordNetNouns,
  wordNetNouns,
  type WordVectors,
  wordVectors,
} from "./words.ts";
