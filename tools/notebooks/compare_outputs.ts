import { decode, type DecodedPng } from "fast-png";
import { isDeepStrictEqual } from "node:util";
import { SVG_DIGEST } from "../../lib/notebook/svg_digest.ts";
import { isJsonType, joinLines, type MultilineText, type Output } from "./outputs.ts";

/**
 * Says how the outputs of a cell differ from those that are committed, one line for every output
 * and format that does: an empty list where they are the same. All arithmetic is the same to the
 * last bit on every machine, so all has to be equal: of a picture its pixels, not how the file
 * stores them.
 *
 * @param committed The outputs that are stored, normalized.
 * @param fresh The new ones, normalized.
 */
export function compareOutputs(committed: readonly Output[], fresh: readonly Output[]): string[] {
  if (committed.length !== fresh.length) {
    const list = (outputs: readonly Output[]) =>
      outputs.length === 0 ? "none" : outputs.map(kind).join(", ");
    return [`the outputs are ${list(fresh)}; committed are ${list(committed)}`];
  }
  return committed.flatMap((output, i) =>
    compareOutput(output, fresh[i]).map((difference) => `output ${i + 1}, ${difference}`)
  );
}

function kind(output: Output): string {
  return output.name ?? Object.keys(output.data ?? {}).join(" + ");
}

function compareOutput(a: Output, b: Output): string[] {
  if (a.output_type !== b.output_type || a.name !== b.name) {
    return [`it is ${b.output_type} (${kind(b)}); committed is ${a.output_type} (${kind(a)})`];
  }
  if (a.output_type === "stream") {
    const difference = compareText(joinLines(a.text), joinLines(b.text));
    return difference === undefined ? [] : [`${a.name}: ${difference}`];
  }
  const differences = compareData(a.data ?? {}, b.data ?? {});
  if (!isDeepStrictEqual(a.metadata ?? {}, b.metadata ?? {})) {
    differences.push("metadata: it differs from what is committed");
  }
  return differences;
}

function compareData(a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  const differences: string[] = [];
  for (const type of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (!(type in a) || !(type in b)) {
      differences.push(`${type}: it is ${type in a ? "missing" : "not in what is committed"}`);
      continue;
    }
    const difference = compareValue(type, a[type], b[type]);
    if (difference !== undefined) differences.push(`${type}: ${difference}`);
  }
  return differences;
}

function compareValue(type: string, a: unknown, b: unknown): string | undefined {
  if (isDeepStrictEqual(a, b)) return undefined;
  if (isJsonType(type)) return "it differs from what is committed";
  if (type === "image/png") return comparePng(text(a), text(b));
  if (type.startsWith("text/") || type === "image/svg+xml") return compareText(text(a), text(b));
  return "it differs from what is committed";
}

function text(value: unknown): string {
  return joinLines(value as MultilineText);
}

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

/** Says where two texts first differ, or returns `undefined` where they are equal. */
function compareText(committed: string, fresh: string): string | undefined {
  if (committed === fresh) return undefined;
  const [a, b] = [committed.split("\n"), fresh.split("\n")];
  const line = a.findIndex((text, i) => text !== b[i]);
  const at = line < 0 ? a.length : line;
  const [old, now] = [a[at], b[at]];
  if (old === undefined || now === undefined || Math.max(old.length, now.length) <= MOST_SHOWN) {
    return `line ${at + 1} is ${quote(now)}, committed is ${quote(old)}`;
  }
  // Of a table the line is all of it.
  let column = 0;
  while (old[column] === now[column]) column++;
  const from = Math.max(0, column - MOST_SHOWN / 4);
  return `line ${at + 1} from character ${from + 1} is ${quote(now, from)}, committed is ${
    quote(old, from)
  }; they first differ in character ${column + 1}`;
}

/** How many characters of a line are shown. */
const MOST_SHOWN = 100;

function quote(line: string | undefined, from = 0): string {
  if (line === undefined) return "missing";
  const to = from + MOST_SHOWN;
  const cut = (from > 0 ? "…" : "") + line.slice(from, to) + (line.length > to ? "…" : "");
  return JSON.stringify(cut);
}
