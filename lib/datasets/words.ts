import { Matrix } from "ml-matrix";
import pl, { type DataFrame } from "nodejs-polars";
import { assertOneOf } from "../check.ts";
import type { Interactions } from "../interactions/interactions.ts";
import { selectItems } from "../interactions/select.ts";
import type { Taxonomy } from "../similarity/wu_palmer.ts";
import { readInteractions } from "../tables/read_interactions.ts";
import { shipped } from "./shipped.ts";

/** Nouns in the glosses of WordNet, and what lexicographers say of them; see {@linkcode wordNetNouns}. */
export interface WordNetNouns {
  /** X, binary: glosses x the nouns in them. `itemIds` are the nouns. */
  interactions: Interactions;
  /**
   * One row for each noun, in the order of X: the `noun`; its `class`, the lexicographers' file of its
   * first sense (one of 26, such as "animal"); in how many `glosses` of X it is; how many `senses` it has
   * as a noun; `dominance`, the share of the first among the senses that annotators gave it in texts
   * (1 for a single sense, null where they never met it); the `definition` of the first sense.
   */
  nouns: DataFrame;
  /** Where the nouns' first senses are in the hierarchy of hypernyms, for {@linkcode wuPalmerSimilarity}. */
  taxonomy: Taxonomy;
  /**
   * One row for each pair of nouns that share a sense: `noun` and `other`, their columns in X, and the
   * numbers of the senses, from 1, `sense` and `other_sense`.
   */
  synonyms: DataFrame;
}

/**
 * Reads 2,263 nouns as interactions with the 74,568 glosses of WordNet 3.1 (definitions with their
 * examples) in which they occur, and what lexicographers say of the nouns.
 *
 * A gloss stands in X without the words that it defines: these are no part of its row, even where its
 * examples use them. So X says which nouns are used together to explain a third word, and never that a
 * noun is explained by another. It holds no classes, hypernyms or synonyms. (But the same lexicographers
 * wrote both the glosses and the classes.)
 *
 * Nouns are sorted by class, the largest first, and within a class by how many glosses have them.
 * `data/README.md` says what counts as a noun, and `data/make_words.ts` makes the files.
 *
 * @returns The interactions, and what is known of the nouns.
 *
 * @example
 * ```ts
 * import { wordNetNouns } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { interactions, nouns } = wordNetNouns();
 * const violin = interactions.itemIds!.indexOf("violin");
 * assert.equal(nouns.row(violin)[1], "artifact");
 * ```
 */
export function wordNetNouns(): WordNetNouns {
  const read = readInteractions(shipped("word_glosses.parquet"), { user: "gloss", item: "noun" });
  const counts = new Uint32Array(read.interactions.items);
  for (const item of read.interactions.columnIndices) counts[item]++;
  const df = pl.readParquet(shipped("words.parquet"));
  const words = df.toRecords() as {
    noun: string;
    class: string;
    synset: number;
    senses: number;
    tagged: number;
    first_tagged: number;
    gloss: string;
  }[];
  const sizes = new Map<string, number>();
  for (const { class: name } of words) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  const glosses = (noun: string) => counts[read.items.get(noun)!];
  words.sort((a, b) =>
    sizes.get(b.class)! - sizes.get(a.class)! || compare(a.class, b.class) ||
    glosses(b.noun) - glosses(a.noun) || compare(a.noun, b.noun)
  );
  const places = new Map(words.map(({ noun }, i) => [noun, i]));
  const synonyms = pl.readParquet(shipped("word_synonyms.parquet"));
  const place = (name: string) =>
    (synonyms.getColumn(name).toArray() as string[]).map((noun) => places.get(noun)!);
  return {
    interactions: selectItems(
      read.interactions,
      words.map(({ noun }) => read.items.get(noun)!),
    ),
    nouns: pl.DataFrame({
      noun: words.map(({ noun }) => noun),
      class: words.map((word) => word.class),
      glosses: words.map(({ noun }) => glosses(noun)),
      senses: words.map(({ senses }) => senses),
      dominance: words.map(({ senses, tagged, first_tagged }) =>
        senses === 1 ? 1 : tagged === 0 ? null : first_tagged / tagged
      ),
      definition: words.map(({ gloss }) => gloss),
    }),
    taxonomy: { nodes: words.map(({ synset }) => synset), parents: parentsOf() },
    synonyms: pl.DataFrame({
      noun: place("noun"),
      other: place("other"),
      sense: synonyms.getColumn("sense").toArray(),
      other_sense: synonyms.getColumn("other_sense").toArray(),
    }),
  };
}

function parentsOf(): Map<number, number[]> {
  const df = pl.readParquet(shipped("word_parents.parquet"));
  const above = df.getColumn("parent").toArray() as number[];
  const parents = new Map<number, number[]>();
  (df.getColumn("synset").toArray() as number[]).forEach((synset, row) =>
    parents.set(synset, [...parents.get(synset) ?? [], above[row]])
  );
  return parents;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Vectors of nouns by a model of texts; see {@linkcode wordVectors}. */
export interface WordVectors {
  /** The nouns. */
  nouns: string[];
  /** A vector for each, as rows. */
  vectors: Matrix;
}

/**
 * Reads vectors of the nouns of {@linkcode wordNetNouns} that other models of texts made:
 *
 * - `"glove"`: GloVe's, of 100 dimensions; one rare noun has none.
 * - `"definitions"`: of the definitions of the nouns' first senses by a sentence encoder, the Universal
 *   Sentence Encoder Lite, of 512 dimensions. A definition says of what kind a thing is: these vectors
 *   have seen what they are asked for.
 *
 * @param of Which.
 * @returns The nouns in alphabetical order, and their vectors, to three decimals.
 * @throws {RangeError} If `of` is neither.
 *
 * @example
 * ```ts
 * import { wordVectors } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { nouns, vectors } = wordVectors("glove");
 * assert.deepEqual([vectors.rows, vectors.columns], [nouns.length, 100]);
 * ```
 */
export function wordVectors(of: "glove" | "definitions"): WordVectors {
  assertOneOf("read word vectors", "of", of, ["glove", "definitions"]);
  const df = pl.readParquet(shipped(`word_${of}.parquet`));
  return { nouns: df.getColumn("noun").toArray() as string[], vectors: vectorsOf(df) };
}

/** Documents and their vectors; see {@linkcode sentenceVectors}. */
export interface SentenceVectors {
  /** The titles of the documents. */
  titles: string[];
  /** The category of each. */
  categories: string[];
  /** A vector for each document, as rows. */
  vectors: Matrix;
}

/**
 * Reads vectors of 778 documents on SAP Fiori, in 13 categories, by a contrastive sentence encoder
 * (all-MiniLM-L6-v2, of 384 dimensions).
 *
 * @returns The documents with their categories, and their vectors, to three decimals.
 *
 * @example
 * ```ts
 * import { sentenceVectors } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const { titles, vectors } = sentenceVectors();
 * assert.deepEqual([titles.length, vectors.rows, vectors.columns], [778, 778, 384]);
 * ```
 */
export function sentenceVectors(): SentenceVectors {
  const df = pl.readParquet(shipped("sentence_vectors.parquet"));
  const column = (name: string) => df.getColumn(name).toArray() as string[];
  return { titles: column("title"), categories: column("category"), vectors: vectorsOf(df) };
}

/** The columns d0, d1 and so on, which are in thousandths, as a matrix. */
function vectorsOf(df: DataFrame): Matrix {
  const columns = df.columns.filter((name) => /^d\d+$/.test(name))
    .map((name) => df.getColumn(name).toArray() as number[]);
  return new Matrix(columns.map((column) => column.map((entry) => entry / 1000))).transpose();
}
