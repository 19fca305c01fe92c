import type { Matrix } from "ml-matrix";
import { CLUSTER_LINE, DRAWN_EVERY } from "../../../lib/notebook/panel_style.ts";

/** The color of the line between two clusters, which is laid over a pixel: [red, green, blue]. */
const RULE = [1, 3, 5].map((at) => parseInt(CLUSTER_LINE.stroke.slice(at, at + 2), 16));

/**
 * The colors of a panel: those of similarities, then the same under a line between two clusters.
 *
 * @param colors The colors from −1 to 1 in even steps, [red, green, blue].
 * @returns Twice as many.
 */
export function panelPalette(colors: readonly (readonly number[])[]): number[][] {
  const ruled = colors.map((color) =>
    color.map((value, channel) =>
      Math.round(value + CLUSTER_LINE.strokeOpacity * (RULE[channel] - value))
    )
  );
  return [...colors.map((color) => [...color]), ...ruled];
}

/**
 * Draws a similarity matrix with lines between the clusters.
 *
 * @param s The similarities, p x p, −1 to 1.
 * @param clusters The cluster of each item, in their order.
 * @param steps How many colors there are from −1 to 1.
 * @returns The place in {@linkcode panelPalette} of each pixel, row by row, and the pixels of a side.
 */
export function panelPixels(
  s: Matrix,
  clusters: ArrayLike<number>,
  steps: number,
): { pixels: Uint8Array<ArrayBuffer>; side: number } {
  const side = Math.ceil(s.rows / DRAWN_EVERY);
  const pixels = new Uint8Array(side * side);
  const begins = Array.from(
    { length: side },
    (_, i) => i > 0 && clusters[DRAWN_EVERY * i] !== clusters[DRAWN_EVERY * (i - 1)],
  );
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      const share = Math.max(0, Math.min(1, (s.get(DRAWN_EVERY * i, DRAWN_EVERY * j) + 1) / 2));
      const ruled = begins[i] || begins[j] ? steps : 0;
      pixels[i * side + j] = Math.round(share * (steps - 1)) + ruled;
    }
  }
  return { pixels, side };
}
