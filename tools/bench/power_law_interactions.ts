import seedrandom from "seedrandom";
import { Interactions } from "cosine-lab";

/** How many groups of users with items that they prefer. */
const GROUPS = 40;

/**
 * Draws large sparse interactions in a short time: items are popular as rank^-0.8, the users'
 * numbers of interactions have a power-law tail with exponent 2.7, and half of what a user takes
 * is of the user's own group of items.
 */
export function powerLawInteractions(users: number, items: number, nonzeros: number): Interactions {
  const random = seedrandom.alea(`${users} x ${items}`);
  const popularity = Float64Array.from({ length: items }, (_, i) => (i + 1) ** -0.8);
  const all = new Urn(popularity, Array.from(popularity.keys()));
  const members: number[][] = Array.from({ length: GROUPS }, () => []);
  for (let i = 0; i < items; i++) members[Math.floor(random() * GROUPS)].push(i);
  const urns = members.map((own) => new Urn(popularity, own));

  const weights = Float64Array.from({ length: users }, () => (1 - 0.9999 * random()) ** -0.6);
  const unit = nonzeros / weights.reduce((a, b) => a + b);
  const rowStarts = new Uint32Array(users + 1);
  const drawn: number[] = [];
  for (let u = 0; u < users; u++) {
    const wanted = Math.min(Math.round(weights[u] * unit) + 1, items / 8);
    const own = urns[u % GROUPS];
    const sample = new Set<number>();
    for (let tries = 0; sample.size < wanted && tries < 20 * wanted; tries++) {
      sample.add((random() < 0.5 ? all : own).draw(random));
    }
    drawn.push(...Uint32Array.from(sample).sort());
    rowStarts[u + 1] = drawn.length;
  }
  const columnIndices = Uint32Array.from(drawn);
  return new Interactions({ rows: users, columns: items, rowStarts, columnIndices, values: null });
}

/** Draws items with probabilities proportional to their popularity. */
class Urn {
  readonly #items: number[];
  readonly #cumulative: Float64Array;

  constructor(popularity: Float64Array, items: number[]) {
    let sum = 0;
    this.#items = items;
    this.#cumulative = Float64Array.from(items, (i) => sum += popularity[i]);
  }

  draw(random: () => number): number {
    const target = random() * this.#cumulative[this.#cumulative.length - 1];
    let low = 0, high = this.#items.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#cumulative[middle] > target) high = middle;
      else low = middle + 1;
    }
    return this.#items[low];
  }
}
