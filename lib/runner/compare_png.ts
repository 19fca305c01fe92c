import { decode, type DecodedPng } from "fast-png";

/** The side of a block in pixels. */
const BLOCK = 16;

/** How much two pictures may differ. */
export interface PngTolerance {
  /** The largest difference of a channel, of 255; 1 unless given. */
  perChannel?: number;
  /**
   * Instead: the largest difference of a block's mean color, of 255, over blocks of 16 x 16 pixels.
   */
  blockMean?: number;
}

/**
 * Says how two PNG pictures differ, or returns `undefined` where they are the same up to the
 * rounding of a pixel's color.
 *
 * With `blockMean`, single pixels may differ more: a line that moved by a hundredth of a pixel changes
 * those at its edge by up to a quarter of its contrast (the renderer samples a pixel four times in
 * each direction), but what one side loses the other gains: the mean color of a block stays. That of
 * a block from which a letter vanished does not. Blocks start every 8 pixels, so that a letter is
 * whole in one of them, and what is missing is not diluted by the rest of the picture.
 *
 * @param committed The bytes of the picture that is stored, as Base64.
 * @param fresh The bytes of the new one, as Base64.
 */
export function comparePng(
  committed: string,
  fresh: string,
  { perChannel = 1, blockMean }: PngTolerance = {},
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
    const x = pixel % a.width, y = Math.floor(pixel / a.width);
    pixels++;
    largest = Math.max(largest, difference);
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const average = sum / p.length;
  const block = largestBlockMean(p.map((value, i) => value - q[i]), a.width, a.height);
  if (blockMean === undefined ? pixels === 0 : block <= blockMean) return undefined;
  return `${pixels} of ${
    a.width * a.height
  } pixels differ by more than ${perChannel} of 255 in a ` +
    `channel, by up to ${Math.round(largest)}, all within x = ${left} to ${right} and ` +
    `y = ${top} to ${bottom}; the mean difference is ${average.toPrecision(2)}, ` +
    `that of the mean color of a block of ${BLOCK} x ${BLOCK} up to ${block.toPrecision(2)}`;
}

/**
 * The largest mean over a block of signed differences, four channels to a pixel; of a block that
 * reaches over the border, what is outside counts as 0.
 */
function largestBlockMean(differences: Float64Array, width: number, height: number): number {
  let largest = 0;
  for (let top = 0; top < height; top += BLOCK / 2) {
    for (let left = 0; left < width; left += BLOCK / 2) {
      const sums = [0, 0, 0, 0];
      for (let y = top; y < Math.min(top + BLOCK, height); y++) {
        for (let x = left; x < Math.min(left + BLOCK, width); x++) {
          for (let c = 0; c < 4; c++) sums[c] += differences[4 * (y * width + x) + c];
        }
      }
      const mean = sums.reduce((total, sum) => total + Math.abs(sum), 0) / (4 * BLOCK ** 2);
      largest = Math.max(largest, mean);
    }
  }
  return largest;
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
