import type { CompressedRows } from "../linalg/compressed_rows.ts";

/** How many interactions make a block: some tens of megabytes. */
const BLOCK = 1 << 21;

/**
 * Cuts interactions that come sorted by user and item into blocks of whole users, of bounded size
 * unless a single user is larger.
 */
export class RowBlocks {
  /** How many interactions have come, those of value 0 not counted. */
  nonzeros = 0;
  readonly #columns: number;
  readonly #use: (block: CompressedRows) => void;
  #starts: number[] = [0];
  #items = new Uint32Array(BLOCK);
  #values = new Float64Array(BLOCK);
  #binary = true;
  #count = 0;
  #user = -1;
  #item = -1;

  /**
   * @param columns The number of items.
   * @param use What to do with each block, whose arrays are valid only during the call.
   */
  constructor(columns: number, use: (block: CompressedRows) => void) {
    this.#columns = columns;
    this.#use = use;
  }

  /** Takes the next interaction; returns false if it is the same user and item as the last one. */
  push(user: number, item: number, value: number): boolean {
    if (user !== this.#user) {
      this.#endUser();
      this.#user = user;
    } else if (item === this.#item) return false;
    this.#item = item;
    if (value === 0) return true;
    if (this.#count === this.#items.length) this.#grow();
    this.#items[this.#count] = item;
    this.#values[this.#count++] = value;
    this.#binary &&= value === 1;
    this.nonzeros++;
    return true;
  }

  /** Hands over what has not been yet. */
  flush(): void {
    if (this.#user >= 0 && this.#starts.at(-1) !== this.#count) this.#starts.push(this.#count);
    if (this.#count === 0) return;
    this.#use({
      rows: this.#starts.length - 1,
      columns: this.#columns,
      rowStarts: Uint32Array.from(this.#starts),
      columnIndices: this.#items.subarray(0, this.#count),
      values: this.#binary ? null : this.#values.subarray(0, this.#count),
    });
    this.#starts = [0];
    this.#count = 0;
    this.#binary = true;
  }

  #endUser(): void {
    if (this.#starts.at(-1) !== this.#count) this.#starts.push(this.#count);
    // Half full, so that the next user hardly ever makes it grow.
    if (this.#count >= BLOCK / 2) this.flush();
  }

  #grow(): void {
    const [items, values] = [this.#items, this.#values];
    this.#items = new Uint32Array(2 * items.length);
    this.#values = new Float64Array(2 * values.length);
    this.#items.set(items);
    this.#values.set(values);
  }
}
