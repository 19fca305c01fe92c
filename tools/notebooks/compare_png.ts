import { decode, type DecodedPng } from "fast-png";
import { SVG_DIGEST } from "../../lib/notebook/picture.ts";

/**
 * Says how two PNG pictures differ, or returns `undefined` where every pixel is the same, however
 * the files store them, and they name no different drawings.
 *
 * @param committed The bytes of the picture that is stored, as Base64.
 * @param fresh The bytes of the new one, as Base64.
 */
export function comparePng(committed: string, fresh: string): string | undefined {
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
  let largest = 0, pixels = 0;
  let left = Infinity, top = Infinity, right = -1, bottom = -1;
  for (let pixel = 0; pixel < a.width * a.height; pixel++) {
    let difference = 0;
    for (let channel = 4 * pixel; channel < 4 * pixel + 4; channel++) {
      difference = Math.max(difference, Math.abs(p[channel] - q[channel]));
    }
    if (difference === 0) continue;
    const x = pixel % a.width, y = Math.floor(pixel / a.width);
    pixels++;
    largest = Math.max(largest, difference);
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  if (pixels === 0) return compareDrawings(a, b);
  return `${pixels} of ${a.width * a.height} pixels differ, by up to ${
    Math.round(largest)
  } of 255 ` +
    `in a channel, all within x = ${left} to ${right} and y = ${top} to ${bottom}`;
}

/** A page that draws the figure anew compares with the drawing that the picture names. */
function compareDrawings(committed: DecodedPng, fresh: DecodedPng): string | undefined {
  const [a, b] = [committed.text[SVG_DIGEST], fresh.text[SVG_DIGEST]];
  if (a === undefined || b === undefined || a === b) return undefined;
  return "the pixels are the same, but the picture names another SVG that it was drawn from";
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
