/** Names that a column of ids has by custom, in the order in which they are believed. */
const IDS = [
  "custom_id",
  "id",
  "_id",
  "ids",
  "item",
  "item_id",
  "user",
  "user_id",
  "doc_id",
  "document_id",
  "uuid",
  "key",
  "word",
  "token",
  "",
  "unnamed: 0",
  "__index_level_0__",
  "index",
  "name",
  "title",
];

/** Names of columns that say something of an item, and are no coordinate of it. */
const OTHERS = /^(labels?|cluster|class|category|popularity|counts?|text|document|content|url)$/i;

/** How early a name is believed to be that of ids; -1 for others. */
export function idsRank(name: string): number {
  const rank = IDS.indexOf(name.toLowerCase());
  return rank < 0 && /(_|[a-z](?=I))id$/i.test(name) ? IDS.length : rank;
}

/** Whether a column of this name is no coordinate, even where it holds numbers. */
export function isSideName(name: string): boolean {
  return idsRank(name) >= 0 || OTHERS.test(name);
}

/** Names that vectors have by custom. */
export const VECTOR_NAMES = [
  "embedding",
  "embeddings",
  "vector",
  "vectors",
  "values",
  "dense_vector",
  "emb",
  "vec",
  "features",
];
