import type { Matrix } from "ml-matrix";

/**
 * Draws a similarity matrix, each pixel the mean over a block of pairs, as the figures do.
 *
 * @param s The similarities, p x p, −1 to 1.
 * @param side The pixels of a side; p is a multiple of it.
 * @param colors The colors from −1 to 1 in even steps, [red, green, blue].
 * @returns Four bytes for each pixel, row by row.
 */
export function panelPixels(
  s: Matrix,
  side: number,
  colors: readonly (readonly number[])[],
): Uint8ClampedArray<ArrayBuffer> {
  const block = s.rows / side;
  const pixels = new Uint8ClampedArray(4 * side * side);
  const sums = new Float64Array(side);
  for (let top = 0; top < side; top++) {
    sums.fill(0);
    for (let i = top * block; i < (top + 1) * block; i++) {
      for (let j = 0; j < s.columns; j++) sums[Math.floor(j / block)] += s.get(i, j);
    }
    for (let left = 0; left < side; left++) {
      const share = (sums[left] / block ** 2 + 1) / 2;
      const [red, green, blue] = colors[Math.round(share * (colors.length - 1))];
      pixels.set([red, green, blue, 255], 4 * (top * side + left));
    }
  }
  return pixels;
}
