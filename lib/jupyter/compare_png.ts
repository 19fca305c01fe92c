import { decode, type DecodedPng } from "fast-png";

/** How much two pictures may differ. */
export interface PngTolerance {
  /** The largest difference of a channel, of 255; 1 unless given. */
  perChannel?: number;
  /** Instead: the largest mean difference over all channels of all pixels, of 255. */
  mean?: number;
}

/**
 * Says how two PNG pictures differ, or returns `undefined` where they are the same up to the
 * rounding of a pixel's color.
 *
 * Of two pictures with one palette, a color and the next one in the palette are the same up to
 * rounding: a color scale is stored as a palette in its order.
 *
 * With `mean`, single pixels may differ more: a line that moved by a hundredth of a pixel changes
 * those at its edge, and only the whole tells whether the picture is still the same.
 *
 * @param committed The bytes of the picture that is stored, as Base64.
 * @param fresh The bytes of the new one, as Base64.
 */
export function comparePng(
  committed: string,
  fresh: string,
  { perChannel = 1, mean }: PngTolerance = {},
): string | undefined {
  if (committed === fresh) return undefined;
  let a: DecodedPng, b: DecodedPng;
  try {
    [a, b] = [decodeBase64(committed), decodeBase64(fresh)];
  } catch (error) {
    return `a picture cannot be read: ${(error as Error).message}`;
  }
  if (a.width !== b.width || a.height !== b.height) {
    return `the picture is ${b.width} x ${b.height} pixels, committed are ${a.width} x ${a.height}`;
  }
  const [p, q] = [rgba(a), rgba(b)];
  const onePalette = JSON.stringify(a.palette) === JSON.stringify(b.palette) && a.palette;
  let sum = 0, largest = 0, pixels = 0;
  let left = Infinity, top = Infinity, right = -1, bottom = -1;
  for (let pixel = 0; pixel < a.width * a.height; pixel++) {
    let difference = 0;
    for (let channel = 4 * pixel; channel < 4 * pixel + 4; channel++) {
      const d = Math.abs(p[channel] - q[channel]);
      sum += d;
      if (d > difference) difference = d;
    }
    if (difference <= perChannel) continue;
    if (onePalette && Math.abs(a.data[pixel] - b.data[pixel]) <= 1) continue;
    const x = pixel % a.width, y = Math.floor(pixel / a.width);
    pixels++;
    largest = Math.max(largest, difference);
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const average = sum / p.length;
  if (mean === undefined ? pixels === 0 : average < mean) return undefined;
  return `${pixels} of ${
    a.width * a.height
  } pixels differ by more than ${perChannel} of 255 in a ` +
    `channel, by up to ${Math.round(largest)}, all within x = ${left} to ${right} and ` +
    `y = ${top} to ${bottom}; the mean difference is ${average.toPrecision(2)}`;
}

function decodeBase64(text: string): DecodedPng {
  return decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}

/** Every pixel as red, green, blue and opacity of 255, whatever the file's color type. */
function rgba(png: DecodedPng): Float64Array {
  const { data, channels, depth, palette } = png;
  const full = 2 ** depth - 1;
  const colors = new Float64Array(4 * png.width * png.height);
  for (let pixel = 0; pixel < png.width * png.height; pixel++) {
    const at = (channel: number) => 255 * data[pixel * channels + channel] / full;
    let color: number[];
    if (palette !== undefined) color = palette[data[pixel]];
    else if (channels <= 2) color = [at(0), at(0), at(0), ...channels === 2 ? [at(1)] : []];
    else color = [at(0), at(1), at(2), ...channels === 4 ? [at(3)] : []];
    colors.set(color.length === 4 ? color : [...color, 255], 4 * pixel);
  }
  return colors;
}
