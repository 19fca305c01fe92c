import { Matrix } from "ml-matrix";
import { readFileSync } from "node:fs";
import pl from "nodejs-polars";
import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertOneOf } from "../check.ts";
import type { Id } from "../interactions/ids.ts";
import { shipped } from "./shipped.ts";

/** Item vectors as a library handed them out. */
export interface LibraryEmbeddings {
  /** What to find the call by, such as "sklearn-arpack"; "ours-" begins what was followed. */
  key: string;
  /** The library and its version. */
  library: string;
  /** The call. */
  call: string;
  /** Whether the library ran; otherwise its source was followed line by line. */
  ran: boolean;
  /** The item vectors, p x 50, in the order of the items of X. */
  vectors: Matrix;
}

/** Each call's library and what was called; of what was not run, its version. */
const CALLS: Record<string, readonly [library: string, call: string, version?: string]> = {
  "sklearn-components": ["scikit-learn", "TruncatedSVD(50).fit(X).components_.T"],
  "sklearn-arpack": ["scikit-learn", 'TruncatedSVD(50, algorithm="arpack").fit(X).components_.T'],
  "sklearn-fit-transform": ["scikit-learn", "TruncatedSVD(50).fit_transform(X.T)"],
  "gensim-lsi-projection": ["gensim", "LsiModel(users).projection.u"],
  "gensim-lsi": ["gensim", "lsi = LsiModel(items); lsi[item]"],
  "gensim-lsi-scaled": ["gensim", "lsi.__getitem__(item, scaled=True)"],
  "irlba-v": ["irlba", "irlba(X, nv = 50)$v"],
  "gensim-word2vec-input": ["gensim", "Word2Vec(baskets).wv"],
  "gensim-word2vec-output": ["gensim", "Word2Vec(baskets).syn1neg"],
  "ours-implicit": ["implicit", "AlternatingLeastSquares(50).similar_items", "0.7.3"],
  "ours-implicit-other-seed": ["implicit", "the same, another seed", "0.7.3"],
  "ours-spark": ["Spark", "ALS(rank=50, implicitPrefs=True).itemFactors", "01b315c"],
  "ours-recbole": ["RecBole", "NCEPLRec(rank=50).item_embeddings", "1.2.1"],
};

/** How a library is called among the versions that ran. */
const VERSIONS: Record<string, string> = { "scikit-learn": "sklearn" };

/**
 * Reads the item vectors that popular libraries handed out when they were run on the simulation
 * (`simulateInteractions({ seed: "cosine-lab" })`) or on {@linkcode debianPackages}, which
 * `data/make_library_embeddings.ts` does.
 *
 * @param data Which of them.
 * @param items The names of the items in the order that is wanted: those of X. Needed for the packages, whose
 * vectors are kept in the order of their names.
 * @returns The vectors of each call, of 50 dimensions, to four digits.
 * @throws {TypeError} If items are not ids.
 * @throws {RangeError} If there is no such data, or items are not those of it.
 *
 * @example
 * ```ts
 * import { libraryEmbeddings } from "cosine-lab/datasets";
 * import assert from "node:assert/strict";
 *
 * const [{ vectors }] = libraryEmbeddings("simulation");
 * assert.deepEqual([vectors.rows, vectors.columns], [1000, 50]);
 * ```
 */
export function libraryEmbeddings(
  data: "simulation" | "debian",
  items?: readonly Id[],
): LibraryEmbeddings[] {
  assertOneOf("read item vectors", "data", data, ["simulation", "debian"]);
  if (items !== undefined && !(Array.isArray(items) && items.every(isName))) {
    throw new InputTypeError(
      "Cannot read item vectors: items must be an array of strings or numbers",
    );
  }
  const versions = JSON.parse(readFileSync(shipped("library_versions.json"), "utf8"));
  const df = pl.readParquet(shipped(`library_embeddings_${data}.parquet`));
  const calls = df.getColumn("call").toArray() as string[];
  const columns = df.columns.filter((name) => /^d\d+$/.test(name))
    .map((name) => df.getColumn(name).toArray() as number[]);
  const order = orderOf(calls.filter((call) => call === calls[0]).length, items);
  return Object.entries(CALLS).map(([key, [library, call, version]]) => {
    const first = calls.indexOf(key);
    const vectors = new Matrix(order.map((i) => columns.map((column) => column[first + i])));
    const title = `${library} ${version ?? versions[VERSIONS[library] ?? library]}`;
    return { key, library: title, call, ran: version === undefined, vectors };
  });
}

/** Where each item is among the names in ascending order, in which the libraries saw them. */
function orderOf(count: number, items?: readonly Id[]): number[] {
  if (items === undefined) return Array.from({ length: count }, (_, i) => i);
  const places = new Map([...items].sort((a, b) => a < b ? -1 : 1).map((id, i) => [id, i]));
  if (places.size !== count || items.length !== count) {
    throw new InputRangeError(
      `Cannot read item vectors: there must be ${count} items, each once, there are ${items.length}`,
    );
  }
  return items.map((id) => places.get(id)!);
}

function isName(item: unknown): boolean {
  return typeof item === "string" || Number.isFinite(item);
}
