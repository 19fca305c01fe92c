import { randomNormal } from "../../../lib/math/random.ts";
import seedrandom from "seedrandom";

/** How many items and coordinates a file of a corpus has where nothing is wrong with that. */
export const ITEMS = 64;
export const DIMENSIONS = 4;

/** Four clusters of items: what a file would hold if it were not hostile. */
export function goodRows(seed: string): number[][] {
  const normal = randomNormal(seedrandom.alea(seed));
  const centers = Array.from({ length: 4 }, () => Array.from({ length: DIMENSIONS }, normal));
  return Array.from(
    { length: ITEMS },
    (_, i) => centers[i % 4].map((entry) => Math.fround(entry + 0.4 * normal())),
  );
}
