import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { drawInteractions, type Tastes } from "../../lib/simulator/draw_interactions.ts";
import { sampleItems } from "./sample_items.ts";

/** Tastes of users for items of `clusters` clusters, some of them without preference for any. */
function tastes(users: number, items: number, clusters: number, exponent = 1): Tastes {
  const random = seedrandom.alea(`${users} x ${items}`);
  return {
    clusters: Uint8Array.from({ length: items }, () => Math.floor(random() * clusters)).sort(),
    popularity: Float64Array.from({ length: items }, (_, i) => (i + 1) ** -exponent),
    sizes: Uint32Array.from({ length: users }, (_, u) => u % items + 1),
    preferences: Array.from(
      { length: clusters },
      () => Float64Array.from({ length: users }, (_, u) => u % 7 === 0 ? 1e-300 : random()),
    ),
  };
}

/** The samples of every user, one after the other, drawn by the plain form. */
function expected({ clusters, popularity, sizes, preferences }: Tastes, seed: string) {
  const columns = new Uint32Array(sizes.reduce((a, b) => a + b));
  let random = Math.random, start = 0;
  sizes.forEach((size, u) => {
    if (u % 250 === 0) random = seedrandom.alea(`${seed}/users from ${u}`).double;
    const weights = popularity.map((p, i) => Math.max(preferences[clusters[i]][u] * p, 1e-280));
    sampleItems(random, weights, size, columns, start);
    start += size;
  });
  return columns;
}

Deno.test("the kernel samples what successive sampling samples, to the last digit", () => {
  const cases: [users: number, items: number, clusters: number, exponent?: number][] = [
    [1, 1, 1],
    [3, 5, 2],
    [250, 12, 3],
    [251, 97, 5],
    [1_003, 64, 64],
    [2_100, 33, 4],
    [60, 2_001, 7],
    [300, 50, 5, 40],
  ];
  for (const [users, items, clusters, exponent] of cases) {
    const given = tastes(users, items, clusters, exponent);
    const { columnIndices } = drawInteractions(given, "seed");
    assert.deepEqual(
      Uint32Array.from(columnIndices),
      expected(given, "seed"),
      `${users} x ${items}`,
    );
  }
});

Deno.test("indices take 16 bits up to 65,536 items, 32 bits beyond, and are right on either side", () => {
  for (const items of [65_535, 65_536, 65_537, 70_000]) {
    const given = { ...tastes(3, items, 2), sizes: Uint32Array.of(40, 1, items) };
    const { columnIndices } = drawInteractions(given, "seed");
    assert.equal(columnIndices.BYTES_PER_ELEMENT, items <= 65_536 ? 2 : 4);
    assert.deepEqual(Uint32Array.from(columnIndices), expected(given, "seed"), `${items} items`);
  }
});

Deno.test("the same seed gives the same interactions, whatever the number of threads", () => {
  const given = tastes(3_000, 40, 5);
  const [one, two, three] = [1, 2, 3].map((threads) => drawInteractions(given, "seed", threads));
  assert.deepEqual(two.columnIndices, one.columnIndices);
  assert.deepEqual(three.columnIndices, one.columnIndices);
});

Deno.test("a user who interacts with k = p items gets all of them, others k different ones", () => {
  const { rowStarts, columnIndices } = drawInteractions(tastes(120, 30, 3), "seed");
  for (let u = 0; u < 120; u++) {
    const sample = columnIndices.subarray(rowStarts[u], rowStarts[u + 1]);
    assert.equal(new Set(sample).size, u % 30 + 1);
  }
});
