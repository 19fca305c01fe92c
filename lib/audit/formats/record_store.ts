import { InputError } from "../../io/program.ts";
import type { FullOpenOptions, ReadFile } from "./embedding_file.ts";
import { idsField, type JsonRecord } from "./json_record.ts";
import { RowStore } from "./row_store.ts";
import { SideCollector } from "./side_collector.ts";

/** Collects records, each of which holds a vector, into rows and columns. */
export class RecordStore {
  readonly #name: string;
  readonly #options: FullOpenOptions;
  readonly #side: SideCollector;
  #rows?: RowStore;
  #ids?: string;
  #asked: string[] = [];

  constructor(name: string, options: FullOpenOptions) {
    this.#name = name;
    this.#options = options;
    this.#side = new SideCollector(name, options.memory);
  }

  /**
   * Adds a record.
   *
   * @param where How to name it in an error, after the name of the file.
   */
  add({ vector, fields }: JsonRecord, where: string): void {
    const { memory, columns, ids } = this.#options;
    if (this.#rows === undefined) {
      this.#rows = new RowStore(this.#name, vector.length, { memory, bytes: 8 });
      this.#ids = ids ?? idsField(fields);
      this.#asked = [...new Set([...columns, this.#ids ?? ""])].filter((name) =>
        name !== "" && (fields[name] !== undefined || name === ids)
      );
    }
    if (vector.length !== this.#rows.columns) {
      throw new InputError(
        `${this.#name}, ${where} has ${vector.length} entries, row 1 has ${this.#rows.columns}`,
      );
    }
    const { values, at } = this.#rows.next();
    values.set(vector, at);
    for (const name of this.#asked) this.#side.add(name, fields[name], where);
  }

  /** How many rows there are. */
  get rows(): number {
    return this.#rows?.rows ?? 0;
  }

  /** Throws unless so many rows fit into memory. */
  assertRows(rows: number): void {
    this.#rows?.assertRows(rows);
  }

  /** All of them as a file. */
  finish(format: string): ReadFile {
    if (this.#rows === undefined) throw new InputError(`${this.#name} has no rows`);
    const { columns } = this.#side;
    const asked = this.#options.columns;
    const notes =
      this.#ids === undefined || this.#options.ids !== undefined || asked.includes(this.#ids)
        ? []
        : [`${this.#name}: "${this.#ids}" is taken as the ids`];
    return {
      rows: this.#rows.finish(),
      ids: this.#ids === undefined ? undefined : columns[this.#ids],
      columns: Object.fromEntries(Object.entries(columns).filter(([name]) => asked.includes(name))),
      format,
      dtype: "text",
      notes,
    };
  }
}
