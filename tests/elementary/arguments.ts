import seedrandom from "seedrandom";

/** Numbers on which the language says exactly what every function gives, and edges of its range. */
export const EDGES = [
  ...[0, 1, 2, 0.5, 3, 2 ** -1022, 2 ** -1074, 2 ** 1023, Number.MAX_VALUE, Infinity],
  ...[2 ** 31, 1e-300, 2 ** -54, 2 ** -53, 1 / 256, 1 - 2 ** -53, 1 + 2 ** -52],
  ...[708, 709, 709.782712893384, 709.7827128933841, 708.3964185322641, 744.4, 745.1332191019411],
  ...[745.1332191019412, 746, 1e9],
].flatMap((x) => [x, -x]).concat(NaN);

/** What a function is asked for: the whole range of a double, or numbers between two. */
export function* numbers(
  count: number,
  seed: string,
  range?: [from: number, to: number],
): Generator<number> {
  const { double } = seedrandom.alea(seed);
  for (let i = 0; i < count; i++) {
    if (range) yield range[0] + (range[1] - range[0]) * double();
    else yield (1 + double()) * 2 ** Math.floor(2098 * double() - 1074);
  }
}

/** Numbers at every distance from 0, up to 1, on both sides. */
export function* small(count: number, seed: string): Generator<number> {
  const { double } = seedrandom.alea(seed);
  for (let i = 0; i < count; i++) {
    yield (double() < 0.5 ? -1 : 1) * double() * 2 ** (-60 * double());
  }
}
