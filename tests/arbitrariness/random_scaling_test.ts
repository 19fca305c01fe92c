import assert from "node:assert/strict";
import { randomScaling } from "cosine-lab/arbitrariness";

Deno.test("randomScaling is log-uniform between 1 and κ", () => {
  const logs = randomScaling(20_000, { condition: 8, seed: "many" }).map((d) => Math.log(d))
    .sort();
  assert(logs[0] >= 0 && logs.at(-1)! <= Math.log(8));
  // Kolmogorov and Smirnov: the distribution is nowhere further off than 1.63/√n, at one percent.
  const off = logs.map((value, i) => Math.abs((i + 0.5) / logs.length - value / Math.log(8)));
  assert(Math.max(...off) < 1.63 / Math.sqrt(logs.length));
});

Deno.test("randomScaling gives the same D for the same seed, others for others, and I for κ = 1", () => {
  const draw = (seed: string) => [...randomScaling(5, { condition: 3, seed })];
  assert.deepEqual(draw("a"), draw("a"));
  assert.notDeepEqual(draw("a"), draw("b"));
  assert.deepEqual([...randomScaling(3, { condition: 1 })], [1, 1, 1]);
});

Deno.test("randomScaling says what is wrong with its input", () => {
  assert.throws(() => randomScaling(0, { condition: 2 }), /k must be an integer of at least 1/);
  assert.throws(() => randomScaling(2, { condition: Infinity }), RangeError);
  assert.throws(() => randomScaling(2, null as never), TypeError);
});
