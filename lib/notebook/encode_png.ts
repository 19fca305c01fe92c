import { encode } from "fast-png";

/** A picture as rows of pixels, four bytes each: red, green, blue and opacity. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

/**
 * Encodes a picture as a PNG with a palette: a third of the size of one with full colors, which
 * matters to a notebook with many figures.
 *
 * A figure with up to 256 colors keeps them all. Of more colors, the most frequent become the
 * palette, but for those that are close to one already in it; how close is as little as it takes for
 * 256 to be enough. So no color changes by more than that, however rare it is.
 *
 * @param pixels The picture, on an opaque background or with corners that are fully transparent.
 * @returns The PNG file.
 */
export function encodePng({ width, height, data }: Pixels): Uint8Array {
  const colors = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const counts = new Map<number, number>();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const byFrequency = [...counts].sort(([a, n], [b, m]) => m - n || a - b)
    .map(([color]) => channels(color));
  const palette = translucentFirst(coveringPalette(byFrequency));
  const index = new Map<number, number>();
  const indices = Uint8Array.from(colors, (color) => {
    let known = index.get(color);
    if (known === undefined) index.set(color, known = nearest(palette, channels(color)).index);
    return known;
  });
  return encode(
    { width, height, data: indices, channels: 1, depth: 8, palette: palette as [] },
    { zlib: { level: 9 } },
  );
}

/** Red, green, blue and opacity of a color as a machine with the usual byte order stores it. */
function channels(color: number): number[] {
  return [color & 255, color >>> 8 & 255, color >>> 16 & 255, color >>> 24];
}

/**
 * A PNG lists the opacities of the first colors of its palette alone, and the encoder writes those
 * that are not 255: these colors have to be the first.
 */
function translucentFirst(palette: number[][]): number[][] {
  return [
    ...palette.filter((color) => color[3] !== 255),
    ...palette.filter((color) => color[3] === 255),
  ];
}

/** Up to 256 of the colors, such that every color is as close as can be to one of them. */
function coveringPalette(colors: readonly number[][]): number[][] {
  for (let distance = 0;; distance = 1.25 * distance + 1) {
    const palette: number[][] = [];
    for (const color of colors) {
      if (palette.length > 256) break;
      if (nearest(palette, color).squaredDistance > distance) palette.push(color);
    }
    if (palette.length <= 256) return palette;
  }
}

function nearest(palette: readonly number[][], color: readonly number[]) {
  let index = -1, squaredDistance = Infinity;
  palette.forEach((entry, i) => {
    const distance = entry.reduce((sum, value, c) => sum + (value - color[c]) ** 2, 0);
    if (distance < squaredDistance) [index, squaredDistance] = [i, distance];
  });
  return { index, squaredDistance };
}
