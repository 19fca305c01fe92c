import assert from "node:assert/strict";
import { randomNormal } from "cosine-lab/training";
import seedrandom from "seedrandom";
import { randomGamma } from "../../lib/math/random.ts";

const SIZE = 20_000;

/** The mean of some powers of draws. */
function moments(draw: () => number, ...powers: number[]): number[] {
  const draws = Array.from({ length: SIZE }, draw);
  return powers.map((power) => draws.reduce((sum, x) => sum + x ** power, 0) / SIZE);
}

Deno.test("randomNormal: moments, and a deviation that scales them", () => {
  const [mean, square, cube, fourth] = moments(
    randomNormal(seedrandom.alea("normal")),
    ...[1, 2, 3, 4],
  );
  assert(Math.abs(mean) < 0.03 && Math.abs(square - 1) < 0.04, `${mean}, ${square}`);
  assert(Math.abs(cube) < 0.15 && Math.abs(fourth - 3) < 0.3, `${cube}, ${fourth}`);
  const one = randomNormal(seedrandom.alea("a"));
  const three = randomNormal(seedrandom.alea("a"), { deviation: 4 });
  for (let i = 0; i < 9; i++) assert.equal(three(), 4 * one());
});

Deno.test("randomGamma: mean and variance are the shape, above and below 1 and there", () => {
  for (const shape of [0.3, 1, 1.5, 10]) {
    const [mean, square] = moments(randomGamma(seedrandom.alea(`${shape}`), shape), 1, 2);
    const variance = square - mean * mean;
    assert(Math.abs(mean / shape - 1) < 0.05, `${shape}: mean ${mean}`);
    assert(Math.abs(variance / shape - 1) < 0.1, `${shape}: variance ${variance}`);
  }
});

Deno.test("randomNormal, randomGamma: the digits that d3-random drew", () => {
  const normal = randomNormal(seedrandom.alea("digits"));
  const gammas = [0.3, 1, 10].map((shape) => randomGamma(seedrandom.alea("digits"), shape)());
  assert.deepEqual([normal(), normal(), normal()], [
    0.4927663233768507,
    0.9017323051636337,
    -0.7816876302235441,
  ]);
  assert.deepEqual(gammas, [0.011441314046155846, 1.8137715923664657, 11.281104325436605]);
});
