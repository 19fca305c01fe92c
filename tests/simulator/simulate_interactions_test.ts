import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { gram, simulateInteractions, type SimulationOptions } from "cosine-lab";

/** The rows of a table that is given as columns. */
function records<Column extends string>(
  table: { [column in Column]: ArrayLike<number> },
): Record<Column, number>[] {
  const columns = Object.entries(table) as [Column, ArrayLike<number>][];
  return Array.from(
    columns[0][1],
    (_, row) => Object.fromEntries(columns.map(([name, column]) => [name, column[row]])),
  ) as Record<Column, number>[];
}

/** The slope of the least-squares line through points. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return covariance / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

Deno.test("simulateInteractions(): the same seed gives the same simulation, to the last bit", () => {
  const options = { users: 600, items: 80, seed: "twice" };
  const [a, b] = [simulateInteractions(options), simulateInteractions(options)];
  assert.deepEqual(a.interactions.columnIndices, b.interactions.columnIndices);
  assert.deepEqual(records(a.items), records(b.items));
  assert.deepEqual(records(a.users), records(b.users));
  const other = simulateInteractions({ ...options, seed: "other" });
  assert.notDeepEqual(a.interactions.columnIndices, other.interactions.columnIndices);
});

Deno.test("simulateInteractions(): a user has k_u different items", () => {
  const { interactions: x, users } = simulateInteractions({ users: 500, items: 60 });
  users.k_u.forEach((k, u) => {
    const items = x.columnIndices.subarray(x.rowStarts[u], x.rowStarts[u + 1]);
    assert.equal(items.length, k);
    assert.equal(new Set(items).size, k);
    assert(k >= 1 && k <= 60);
  });
  assert.equal(x.values, null);
});

Deno.test("simulateInteractions(): items are ordered by cluster, then by descending popularity", () => {
  for (const popularity of ["zipf", "draw"] as const) {
    const { items, clusters } = simulateInteractions({ users: 5, items: 200, popularity });
    const rows = records(items);
    rows.forEach((row, i) => {
      assert.equal(row.item, i);
      assert.equal(row.cluster, clusters[i]);
      if (i > 0) assert(clusters[i] >= clusters[i - 1]);
      if (i === 0 || clusters[i] !== clusters[i - 1]) assert.equal(row.rank, 1);
      else {
        assert.equal(row.rank, rows[i - 1].rank + 1);
        assert(row.popularity <= rows[i - 1].popularity);
      }
    });
  }
});

Deno.test("simulateInteractions(): popularity is rank^−β with one β per cluster, within its bounds", () => {
  const { items } = simulateInteractions({ users: 5, items: 400, itemExponent: [0.5, 1.25] });
  for (let c = 0; c < 5; c++) {
    const points = records(items).filter((row) => row.cluster === c)
      .map((row) => [Math.log(row.rank), Math.log(row.popularity)] as const);
    const exponent = -slope(points);
    assert(exponent >= 0.5 && exponent <= 1.25);
    for (const [rank, popularity] of points) {
      assert(Math.abs(popularity + exponent * rank) < 1e-12);
    }
  }
});

Deno.test("simulateInteractions(): the exponent of the popularity shows in the interactions", () => {
  const { interactions, items } = simulateInteractions({
    users: 20_000,
    items: 100,
    clusters: 1,
    itemExponent: [0.8, 0.8],
    maxInteractions: 1,
  });
  const counts = gram(interactions).diag();
  const points = records(items).slice(0, 40)
    .map((row) => [Math.log(row.rank), Math.log(counts[row.item])] as const);
  assert(Math.abs(-slope(points) - 0.8) < 0.05, `exponent ${-slope(points)}`);
});

Deno.test("simulateInteractions(): P(k_u = k) is proportional to k^−β", () => {
  for (const userExponent of [0.5, 1.2]) {
    const users = 20_000;
    const { users: table } = simulateInteractions({ users, items: 50, userExponent });
    const counts = new Float64Array(51);
    for (const k of table.k_u) counts[k]++;
    const points = Array.from(counts.entries()).slice(1)
      .map(([k, count]) => [Math.log(k), Math.log(count)] as const);
    assert(Math.abs(-slope(points) - userExponent) < 0.06, `exponent ${-slope(points)}`);
    const total = Array.from({ length: 50 }, (_, i) => (i + 1) ** -userExponent)
      .reduce((sum, weight) => sum + weight);
    for (const k of [1, 7, 50]) {
      const p = k ** -userExponent / total;
      assert(Math.abs(counts[k] / users - p) < 4 * Math.sqrt(p * (1 - p) / users));
    }
  }
});

Deno.test("simulateInteractions(): users prefer the clusters that their preferences name", () => {
  const { interactions: x, users, clusters } = simulateInteractions({
    users: 300,
    items: 200,
    clusters: 2,
    clusterProbabilities: [1, 1],
    itemExponent: [0, 0],
    maxInteractions: 1,
    seed: "preferences",
  });
  // With equal popularity a user's one item is in cluster 0 with probability w₀m₀ / (w₀m₀ + w₁m₁).
  const sizes = [0, 1].map((c) => clusters.filter((cluster) => cluster === c).length);
  let expected = 0, variance = 0, observed = 0;
  records(users).forEach((user, u) => {
    const [a, b] = [user.preference_0 * sizes[0], user.preference_1 * sizes[1]];
    const p = a / (a + b);
    expected += p;
    variance += p * (1 - p);
    observed += clusters[x.columnIndices[x.rowStarts[u]]] === 0 ? 1 : 0;
  });
  assert(Math.abs(observed - expected) < 4 * Math.sqrt(variance));
});

Deno.test("simulateInteractions(): preferences sum to 1 on the simplex, and do not in the cube", () => {
  const sums = (preferences: "dirichlet" | "uniform") =>
    records(simulateInteractions({ users: 50, items: 20, preferences }).users)
      .map((row) => [0, 1, 2, 3, 4].reduce((sum, c) => sum + row[`preference_${c}`], 0));
  assert(sums("dirichlet").every((sum) => Math.abs(sum - 1) < 1e-12));
  assert(sums("uniform").every((sum) => sum > 0 && sum < 5 && Math.abs(sum - 1) > 1e-9));
});

Deno.test("simulateInteractions(): k_u = p gives a user all items", () => {
  // So steep a law the other way that every k_u is the largest possible.
  const { interactions } = simulateInteractions({ users: 20, items: 9, userExponent: -500 });
  assert.equal(interactions.nonzeros, 20 * 9);
});

Deno.test("simulateInteractions(): any small size works, every option at its extremes too", () => {
  fc.assert(fc.property(
    fc.record({
      users: fc.integer({ min: 1, max: 8 }),
      items: fc.integer({ min: 1, max: 8 }),
      clusters: fc.integer({ min: 1, max: 12 }),
      clusterConcentration: fc.constantFrom(0.001, 1, 1e6),
      preferenceConcentration: fc.constantFrom(0.001, 1, 1e6),
      userExponent: fc.constantFrom(-3, 0, 0.5, 40),
      popularity: fc.constantFrom("zipf" as const, "draw" as const),
      itemExponent: fc.constantFrom([0, 0] as const, [1, 1] as const, [0.25, 30] as const),
    }),
    (options) => {
      const { interactions } = simulateInteractions(options);
      assert.deepEqual([interactions.users, interactions.items], [options.users, options.items]);
      assert(interactions.nonzeros >= options.users);
    },
  ));
});

Deno.test("simulateInteractions(): only the ratios of cluster probabilities matter", () => {
  const clusters = (weight: number) =>
    simulateInteractions({ users: 2, items: 200, clusterProbabilities: Array(5).fill(weight) })
      .clusters;
  assert.deepEqual(clusters(1e308), clusters(1));
  assert.deepEqual(clusters(1e-308), clusters(1));
  assert.equal(new Set(clusters(1)).size, 5);
});

Deno.test("simulateInteractions(): concentrations at their bound are equal weights", () => {
  const { users } = simulateInteractions({
    users: 3,
    items: 20,
    clusterConcentration: 1e9,
    preferenceConcentration: 1e9,
  });
  for (const row of records(users)) assert(Math.abs(row.preference_0 - 0.2) < 1e-3);
});

Deno.test("simulateInteractions(): a law that rises is allowed for drawn popularities only", () => {
  const { items } = simulateInteractions({
    users: 3,
    items: 20,
    popularity: "draw",
    itemExponent: [-1, -1],
  });
  assert(records(items).every((row) => row.popularity > 0 && row.popularity <= 1));
});

Deno.test("simulateInteractions() rejects bad options", () => {
  const bad: [Partial<SimulationOptions>, RegExp][] = [
    [{ users: 0 }, /users must be an integer of at least 1, current value is 0/],
    [{ items: -3 }, /items must be an integer of at least 1/],
    [{ clusters: -1 }, /clusters must be an integer between 1 and 255, current value is -1/],
    [{ clusters: 256 }, /clusters/],
    [{ itemExponent: [1.5, 0.25] }, /itemExponent must be \[smallest, largest\].*\[1.5, 0.25\]/],
    [{ itemExponent: [-1, 1] }, /itemExponent\[0\] must be a finite number of at least 0.* -1/],
    [{ itemExponent: [0, NaN] }, /itemExponent\[1\] must be a finite number/],
    [{ items: 10, maxInteractions: 11 }, /maxInteractions must be an integer between 1 and 10/],
    [{ userExponent: Infinity }, /userExponent/],
    [{ preferenceConcentration: 0 }, /preferenceConcentration .* above 0 and at most 1000000000/],
    [{ clusterConcentration: 1e308 }, /clusterConcentration .* at most 1000000000.* 1e\+308/],
    [{ clusterConcentration: -1 }, /clusterConcentration/],
    [{ clusterProbabilities: [1, 1] }, /an entry for each of the 5 clusters, it has 2/],
    [{ clusterProbabilities: [1, 1, 1, 1, -1] }, /clusterProbabilities\[4\]/],
    [{ clusterProbabilities: [0, 0, 0, 0, 0] }, /must not all be 0/],
    [{ popularity: "flat" as never }, /popularity must be "zipf" or "draw"/],
    [{ preferences: "none" as never }, /preferences must be "dirichlet" or "uniform"/],
  ];
  for (const [options, message] of bad) {
    assert.throws(() => simulateInteractions(options), (error) => {
      assert(error instanceof RangeError);
      assert.match(error.message, message);
      return true;
    });
  }
  for (const options of [null, 5, "seed", []]) {
    assert.throws(
      () => simulateInteractions(options as never),
      /TypeError.*Cannot simulate: options must be an object/,
    );
  }
  for (const options of [{ seed: 7 }, { users: "9" }, { itemExponent: 1 }, { user: 9 }]) {
    assert.throws(() => simulateInteractions(options as never), TypeError);
  }
});
