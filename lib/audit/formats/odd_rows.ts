import { InputError } from "../../errors.ts";
import { type EmbeddingRows, type RowBlock, rowsPerBlock } from "../rows.ts";
import { assertColumns, assertMemory } from "./bytes.ts";
import { isMissing } from "./table.ts";
import type { OddRowReason, OddRows, ReadFile, SideColumn } from "./embedding_file.ts";

/** How many records of a kind are named. */
const NAMED = 20;
/** A column of ids in which more than this share occurs again is about something else than rows. */
const REPEATED = 0.05;

const SENTENCES: Record<OddRowReason, [one: string, many: string]> = {
  "missing": ["has no vector, or a part of it is missing", "have no vector, or a part is missing"],
  "not-finite": ["has an entry that is NaN or infinite", "have an entry that is NaN or infinite"],
  "not-a-number": ["has an entry that is not a number", "have an entry that is not a number"],
  "wrong-length": ["has another length than most", "have another length than most"],
  "duplicate-id": [
    "has an id that repeats an earlier row's, which was kept",
    "have ids that repeat earlier rows', which were kept",
  ],
  "failed-request": ["is a request that failed", "are requests that failed"],
  "not-json": ["is no JSON", "are no JSON"],
};

/** Keeps account of the records that are left out, and of those that are not. */
export class RowTally {
  readonly found = new Map<OddRowReason, OddRows>();
  readonly #name: string;
  readonly #strict: boolean;
  readonly #kept: number[] = [];
  records = 0;
  #first = "";

  constructor(name: string, strict: boolean) {
    this.#name = name;
    this.#strict = strict;
  }

  /** Counts a record that is kept. */
  keep(): void {
    this.#kept.push(this.records++);
  }

  /**
   * Counts a record that is left out.
   *
   * @throws {InputError} If nothing may be left out.
   */
  leaveOut(reason: OddRowReason, sentence: string, id?: unknown): void {
    if (this.#strict) throw new InputError(`${this.#name}${sentence} (--strict)`);
    this.#first ||= sentence;
    const entry = this.found.get(reason) ?? { reason, count: 0, rows: [], ids: [] };
    this.found.set(reason, entry);
    entry.count++;
    if (entry.rows.length < NAMED) {
      entry.rows.push(this.records);
      if (id !== undefined && id !== null && id !== "") entry.ids.push(String(id));
    }
    this.records++;
  }

  /** @throws {InputError} If most records are odd: then the file was not understood. */
  finish(): Pick<ReadFile, "leftOut" | "records" | "kept"> {
    const left = this.records - this.#kept.length;
    const misread = [...this.found.values()]
      .filter(({ reason }) => ["not-a-number", "wrong-length", "not-json"].includes(reason))
      .reduce((sum, { count }) => sum + count, 0);
    if (this.records === 0) throw new InputError(`${this.#name} has no rows`);
    if (this.#kept.length === 0 || 2 * misread > this.records) {
      throw new InputError(
        `${this.#name}${this.#first}, and ${left} of ${this.records} records are like this`,
      );
    }
    return {
      leftOut: [...this.found.values()],
      records: this.records,
      kept: left === 0 ? undefined : Uint32Array.from(this.#kept),
    };
  }
}

/** Says what was left out, a sentence for each reason. */
export function oddRowNotes(name: string, leftOut: readonly OddRows[], records: number): string[] {
  return leftOut.map(({ reason, count, rows, ids }) => {
    const named = ids.length === rows.length && ids.length > 0;
    const shown = (named ? ids.map((id) => `"${id}"`) : rows).slice(0, 5).join(", ");
    const what = named ? `id${count === 1 ? "" : "s"}` : `row${count === 1 ? "" : "s"}`;
    return `${name}: ${count} of ${records} rows left out: ${count === 1 ? "it" : "they"} ` +
      `${SENTENCES[reason][count === 1 ? 0 : 1]} (${what} ${shown}${count > 5 ? ", …" : ""}${
        what.startsWith("row") ? ", counted from 0" : ""
      })`;
  });
}

/**
 * Leaves out rows that are not finite, and those whose id was there before.
 *
 * @throws {InputError} If nothing may be left out, or nothing stays.
 */
export function withoutOddRows(name: string, file: ReadFile, strict: boolean): ReadFile {
  const drop = new Map<number, OddRowReason>();
  if (file.leftOut === undefined && /float/.test(file.dtype)) {
    for (const row of notFinite(file.rows)) drop.set(row, "not-finite");
  }
  const notes = [...file.notes];
  if (drop.size > 0 && file.dtype === "float16") {
    notes.push(
      `${name} holds float16, which ends at 65,504: what was larger became infinite; save float32`,
    );
  }
  if (file.ids !== undefined) {
    const again = repeated(file.ids);
    if (again.length > 0 && again.length <= Math.max(1, REPEATED * file.ids.length)) {
      for (const row of again) if (!drop.has(row)) drop.set(row, "duplicate-id");
    }
  }
  if (drop.size === 0) return { ...file, notes };
  const records = file.records ?? file.rows.rows;
  const before = file.kept;
  const tally = new RowTally(name, strict);
  const keep: number[] = [];
  for (let row = 0; row < file.rows.rows; row++) {
    const reason = drop.get(row);
    tally.records = before?.[row] ?? row;
    if (reason === undefined) keep.push(row);
    else {
      const sentence = reason === "not-finite"
        ? ` must be finite: ${drop.size} of ${file.rows.rows} rows have an entry that is NaN or ` +
          `infinite, the first is row ${tally.records}`
        : `, row ${tally.records}: ${SENTENCES[reason][0]}`;
      tally.leaveOut(reason, sentence, file.ids?.[row]);
    }
  }
  if (keep.length === 0) {
    throw new InputError(
      `${name} must be finite: all of its ${file.rows.rows} rows have an entry that is NaN or infinite`,
    );
  }
  const pick = (column: SideColumn) => keep.map((row) => column[row]);
  return {
    ...file,
    notes,
    rows: keepRows(file.rows, Uint32Array.from(keep)),
    ids: file.ids && pick(file.ids),
    columns: Object.fromEntries(
      Object.entries(file.columns).map(([key, column]) => [key, pick(column)]),
    ),
    leftOut: [...file.leftOut ?? [], ...tally.found.values()],
    records,
    kept: Uint32Array.from(keep, (row) => before?.[row] ?? row),
  };
}

function repeated(ids: SideColumn): number[] {
  const seen = new Set<string>();
  const again: number[] = [];
  ids.forEach((id, row) => {
    const size = seen.size;
    // A record without an id does not repeat another.
    if (!isMissing(id) && seen.add(String(id)).size === size) again.push(row);
  });
  return again;
}

function notFinite(source: EmbeddingRows): number[] {
  const found: number[] = [];
  const isFinite = (values: Float32Array | Float64Array) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i] - values[i];
    return sum === 0;
  };
  for (const { start, rows, values } of source.blocks()) {
    if (isFinite(values)) continue;
    for (let i = 0; i < rows; i++) {
      const from = i * source.columns;
      if (!isFinite(values.subarray(from, from + source.columns))) found.push(start + i);
    }
  }
  return found;
}

/** The rows that are kept, in their order. */
function keepRows(source: EmbeddingRows, keep: Uint32Array): EmbeddingRows {
  return {
    rows: keep.length,
    columns: source.columns,
    *blocks(): Generator<RowBlock> {
      let at = 0;
      for (const { start, rows, values } of source.blocks()) {
        const first = at;
        const kept = new (values.constructor as Float64ArrayConstructor)(values.length);
        while (at < keep.length && keep[at] < start + rows) {
          const from = (keep[at] - start) * source.columns;
          kept.set(values.subarray(from, from + source.columns), (at - first) * source.columns);
          at++;
        }
        if (at > first) {
          yield {
            start: first,
            rows: at - first,
            values: kept.subarray(0, (at - first) * source.columns),
          };
        }
      }
    },
  };
}

/** How rows are kept that come one by one, from a file that has no random access. */
interface StoreOptions {
  /** The limit, in megabytes. */
  memory: number;
  /** How many bytes an entry takes: 4 where the file's numbers were float32, 8 elsewhere. */
  bytes: 4 | 8;
}

/** How many entries there is room for at first: most files are small. */
const FIRST = 1 << 14;

/** Rows of one length in memory, in blocks, so that growing copies no more than one. */
export class RowStore {
  readonly #chunks: (Float32Array | Float64Array)[] = [];
  readonly #options: StoreOptions;
  readonly #name: string;
  readonly #size: number;
  readonly #most: number;
  readonly columns: number;
  rows = 0;

  constructor(name: string, columns: number, options: StoreOptions) {
    assertColumns(name, columns);
    this.#name = name;
    this.columns = columns;
    this.#options = options;
    this.#size = rowsPerBlock(columns);
    this.#most = Math.floor(options.memory * 1e6 / (columns * options.bytes));
  }

  /** Makes room for one more row. Returns where it goes: fill `columns` entries from `at` on. */
  next(): { values: Float32Array | Float64Array; at: number } {
    const place = this.rows % this.#size;
    if (place === 0 || place * this.columns === this.#chunks.at(-1)!.length) this.#grow(place);
    this.rows++;
    if (this.rows > this.#most) this.assertRows(this.rows);
    return { values: this.#chunks.at(-1)!, at: place * this.columns };
  }

  /** Makes a block, or the last one larger, in which there are so many rows. */
  #grow(filled: number): void {
    const Values = this.#options.bytes === 4 ? Float32Array : Float64Array;
    const rows = Math.max(2 * filled, Math.ceil(FIRST / this.columns));
    const values = new Values(Math.min(rows, this.#size) * this.columns);
    if (filled > 0) values.set(this.#chunks.pop()!);
    this.#chunks.push(values);
  }

  /** Throws unless so many rows fit into memory: to be asked as soon as it can be guessed. */
  assertRows(rows: number): void {
    const { bytes, memory } = this.#options;
    assertMemory(
      this.#name,
      `keeping ${rows.toLocaleString("en")} x ${this.columns.toLocaleString("en")} numbers`,
      rows * this.columns * bytes,
      memory,
      "; .npy files are read in blocks",
    );
  }

  /** The rows, to be read as often as wanted. No more may be added. */
  finish(): EmbeddingRows {
    const { rows, columns } = this;
    const chunks = this.#chunks, size = this.#size;
    return {
      rows,
      columns,
      *blocks(): Generator<RowBlock> {
        for (const [i, chunk] of chunks.entries()) {
          const start = i * size, count = Math.min(size, rows - start);
          yield { start, rows: count, values: chunk.subarray(0, count * columns) };
        }
      },
    };
  }
}
