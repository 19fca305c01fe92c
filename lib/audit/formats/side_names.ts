import { InputError } from "../../errors.ts";
import { assertMemory } from "./bytes.ts";
import type { SideColumn } from "./embedding_file.ts";
import { quote } from "./numbers.ts";

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

/** Whether a name only ends as ids do, like "cluster_id": it may be the id of something else. */
export function isLikeIds(name: string): boolean {
  return idsRank(name) === IDS.length;
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

/** A longer text is no name of an item. */
const LONGEST_ID = 300;

/** Collects the values of columns that are no coordinates, within a limit of memory. */
export class SideCollector {
  /** Without a prototype: a column may be called like what an object inherits. */
  readonly columns: Record<string, (string | number)[]> = Object.create(null);
  readonly #name: string;
  readonly #memory: number;
  readonly #forgotten = new Set<string>();
  #bytes = 0;

  constructor(name: string, memory: number) {
    this.#name = name;
    this.#memory = memory;
  }

  /** Adds a value; `where` says in an error where it stands. */
  add(column: string, given: unknown, where: string): void {
    const value = typeof given === "bigint" ? String(given) : given;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw new InputError(
        `${this.#name}, ${where}, column "${column}": ${quote(value)} is neither text nor a number`,
      );
    }
    this.#bytes += typeof value === "string" ? 24 + value.length : 8;
    assertMemory(this.#name, `keeping column "${column}"`, this.#bytes, this.#memory);
    (this.columns[column] ??= []).push(typeof value === "boolean" ? String(value) : value);
  }

  /** Adds a value that may be an id: a column with long text holds none, and is forgotten. */
  addCandidate(column: string, value: unknown, where: string): void {
    if (this.#forgotten.has(column)) return;
    if (typeof value === "string" && value.length <= LONGEST_ID) {
      this.add(column, value, where);
      return;
    }
    this.#forgotten.add(column);
    delete this.columns[column];
  }
}

/** Whether all values differ. */
export function allDistinct(values: SideColumn): boolean {
  return new Set(values).size === values.length;
}
