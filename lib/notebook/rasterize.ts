import { Resvg } from "@resvg/resvg-js";
import { encode } from "fast-png";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { OperationalError } from "../errors.ts";
import { setRasterizer } from "./picture.ts";
import { SVG_DIGEST } from "./svg_digest.ts";

/**
 * Draws an SVG as a PNG with a font that is the same on every machine. Importing this module makes
 * every {@linkcode Picture} draw itself so.
 *
 * @param svg The SVG document.
 * @param scale How many pixels there are to one of the picture.
 * @param named Whether the file carries the SHA-256 of the SVG as a text, with the keyword
 * {@linkcode SVG_DIGEST}.
 * @returns The PNG file.
 * @throws {Error} If the font is not installed.
 */
export function rasterize(svg: string, scale: number, named = false): Uint8Array {
  // What browsers call pixelated is optimizeSpeed to resvg.
  const { width, height, pixels } = new Resvg(svg.replaceAll('"pixelated"', '"optimizeSpeed"'), {
    fitTo: { mode: "zoom", value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: [fontFile("DejaVuSans"), fontFile("DejaVuSans-Bold")],
      defaultFontFamily: "DejaVu Sans",
    },
  }).render();
  const text = named ? { [SVG_DIGEST]: createHash("sha256").update(svg).digest("hex") } : undefined;
  return encodePng({ width, height, data: pixels }, text);
}

setRasterizer(rasterize);

/** The path of a font's file. Resvg leaves text out without a word where there is no such file. */
function fontFile(name: string): string {
  const file = `dejavu-fonts-ttf/ttf/${name}.ttf`;
  try {
    // From this file, so that a notebook outside the clone finds it, too.
    return createRequire(import.meta.url).resolve(file);
  } catch (cause) {
    throw new OperationalError(
      `Cannot draw a PNG: the font ${file} is missing, "deno install" brings it back`,
      { cause },
    );
  }
}

/** A picture as rows of pixels, four bytes each: red, green, blue and opacity. */
interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

/**
 * Encodes a picture as a PNG with a palette: a third of the size of one with full colors, which
 * matters to a notebook with many figures.
 *
 * A figure with up to 256 colors keeps them all. Where there are more, the most frequent become the
 * palette, except those that are close to one already in it; the distance that counts as close is the
 * smallest for which 256 colors are enough. So no color changes by more than that, however rare it is.
 *
 * @param pixels The picture, on an opaque background or with corners that are fully transparent.
 * @param text Texts that the file carries, by their keywords.
 * @returns The PNG file.
 */
export function encodePng(
  { width, height, data }: Pixels,
  text?: Record<string, string>,
): Uint8Array {
  const colors = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const palette = translucentFirst(coveringPalette(byFrequency(colors)));
  const index = new Map<number, number>();
  const indices = new Uint8Array(colors.length);
  for (let start = 0; start < colors.length;) {
    const end = endOfRun(colors, start);
    let known = index.get(colors[start]);
    if (known === undefined) index.set(colors[start], known = nearest(palette, colors[start]));
    indices.fill(known, start, end);
    start = end;
  }
  const channels = palette.map((color) => [0, 8, 16, 24].map((shift) => color >>> shift & 255));
  return encode(
    { width, height, data: indices, channels: 1, depth: 8, palette: channels as [], text },
    { zlib: { level: 9 } },
  );
}

/** The colors of a picture, the most frequent first. */
function byFrequency(colors: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (let start = 0; start < colors.length;) {
    const end = endOfRun(colors, start);
    counts.set(colors[start], (counts.get(colors[start]) ?? 0) + end - start);
    start = end;
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || a - b).map(([color]) => color);
}

/** Where the pixels of one color end: most have the color of the one before. */
function endOfRun(colors: Uint32Array, start: number): number {
  let end = start + 1;
  while (end < colors.length && colors[end] === colors[start]) end++;
  return end;
}

/**
 * A PNG lists the opacities of the first colors of its palette alone, and the encoder writes those
 * that are not 255: these colors have to be the first.
 */
function translucentFirst(palette: number[]): number[] {
  const { translucent = [], opaque = [] } = Object.groupBy(
    palette,
    (color) => color >>> 24 === 255 ? "opaque" : "translucent",
  );
  return [...translucent, ...opaque];
}

/** Up to 256 of the colors, such that every color is as close as can be to one of them. */
function coveringPalette(colors: readonly number[]): number[] {
  for (let distance = 0;; distance = 1.25 * distance + 1) {
    const palette: number[] = [];
    for (const color of colors) {
      if (palette.length > 256) break;
      if (palette.every((entry) => squaredDistance(entry, color) > distance)) palette.push(color);
    }
    if (palette.length <= 256) return palette;
  }
}

/** The index of the color of the palette that is closest. */
function nearest(palette: readonly number[], color: number): number {
  const distances = palette.map((entry) => squaredDistance(entry, color));
  return distances.indexOf(Math.min(...distances));
}

/** Between two colors, over red, green, blue and opacity: the bytes of a little-endian integer. */
function squaredDistance(a: number, b: number): number {
  const red = (a & 255) - (b & 255);
  const green = (a >>> 8 & 255) - (b >>> 8 & 255);
  const blue = (a >>> 16 & 255) - (b >>> 16 & 255);
  const opacity = (a >>> 24) - (b >>> 24);
  return red * red + green * green + blue * blue + opacity * opacity;
}
