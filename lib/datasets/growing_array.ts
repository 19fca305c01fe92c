/** A typed array of integers that grows as they come: an array of numbers would take several times the memory. */
export class GrowingArray<T extends Uint8Array | Uint32Array> {
  #values: T;
  #length = 0;

  /** @param values The array to start with; its length is the first capacity, its entries are not used. */
  constructor(values: T) {
    this.#values = values;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length++] = value;
  }

  /** The values so far, without a copy. */
  get values(): T {
    return this.#values.subarray(0, this.#length) as T;
  }

  #grow(): void {
    const larger = new (this.#values.constructor as { new (length: number): T })(2 * this.#length);
    larger.set(this.#values);
    this.#values = larger;
  }
}
