/** Numbers ids as they come, and in ascending order once all have come. */
export class IdIndex {
  readonly #positions = new Map<number, number>();
  #lastId = NaN;
  #lastPosition = 0;

  /** The number of an id: in the order in which ids came first. */
  position(id: number): number {
    // Rows are sorted by user as a rule: most ids are the one before.
    if (id === this.#lastId) return this.#lastPosition;
    let position = this.#positions.get(id);
    if (position === undefined) this.#positions.set(id, position = this.#positions.size);
    this.#lastId = id;
    return this.#lastPosition = position;
  }

  /** The ids in ascending order, and where in it each number from before is. */
  sorted(): { ids: number[]; places: Uint32Array } {
    const ids = [...this.#positions.keys()].sort((a, b) => a - b);
    const places = new Uint32Array(ids.length);
    ids.forEach((id, place) => places[this.#positions.get(id)!] = place);
    return { ids, places };
  }
}
