import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { sampleItems } from "./sample_items.ts";

const weights = Float64Array.of(5, 1, 0.25, 2, 3);

/** P(sample) of successive sampling: the sum over the orders in which it can be drawn. */
function probability(sample: readonly number[], left: readonly number[] = [0, 1, 2, 3, 4]): number {
  const total = left.reduce((sum, i) => sum + weights[i], 0);
  return sample.length === 0 ? 1 : sample.reduce((sum, i) => {
    const rest = probability(sample.filter((j) => j !== i), left.filter((j) => j !== i));
    return sum + weights[i] / total * rest;
  }, 0);
}

for (const k of [1, 2, 3]) {
  Deno.test(`sampleItems() draws every sample of ${k} of 5 as often as successive sampling does`, () => {
    const random = seedrandom.alea("successive");
    const draws = 40_000;
    const counts = new Map<string, number>();
    const sample = new Uint32Array(k);
    for (let draw = 0; draw < draws; draw++) {
      sampleItems(random.double, weights, k, sample, 0);
      counts.set(sample.join(), (counts.get(sample.join()) ?? 0) + 1);
    }
    let sum = 0;
    for (const name of subsets(k)) {
      const p = probability(name);
      const standardError = Math.sqrt(p * (1 - p) / draws);
      const share = (counts.get(name.join()) ?? 0) / draws;
      assert(Math.abs(share - p) <= 4 * standardError, `${name}: ${share}, expected ${p}`);
      sum += p;
    }
    assert(Math.abs(sum - 1) < 1e-12);
  });
}

function subsets(k: number, from = 0): number[][] {
  if (k === 0) return [[]];
  return Array.from({ length: 5 - from }, (_, i) => i + from)
    .flatMap((first) => subsets(k - 1, first + 1).map((rest) => [first, ...rest]));
}

Deno.test("sampleItems() of all items is all items", () => {
  const sample = new Uint32Array(7).fill(99);
  sampleItems(Math.random, weights, 5, sample, 1);
  assert.deepEqual([...sample], [99, 0, 1, 2, 3, 4, 99]);
});

Deno.test("sampleItems() takes k items, ascending, also where arrivals are equal", () => {
  const sample = new Uint32Array(3);
  sampleItems(() => 0.5, Float64Array.of(1, 1, 1, 1, 1), 3, sample, 0);
  assert.deepEqual([...sample], [0, 1, 2]);
});
